from django.apps import AppConfig


class FingerprintsConfig(AppConfig):
    """The register: brands, designs, rights and licences, with fingerprints. Never imports detection."""

    name = "fingerprints"
    default_auto_field = "django.db.models.BigAutoField"
