from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Organisations, people, marketplaces, keys, mail and the audit trail; it knows no designs."""

    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
