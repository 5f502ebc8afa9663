from django.apps import AppConfig


class FingerprintsConfig(AppConfig):
    """Organisations, brands, designs, and what makes them findable. Never imports detection."""

    name = "fingerprints"
    default_auto_field = "django.db.models.BigAutoField"
