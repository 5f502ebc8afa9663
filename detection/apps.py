from django.apps import AppConfig


class DetectionConfig(AppConfig):
    """Listings, matching, review and delivery. Builds on fingerprints."""

    name = "detection"
    default_auto_field = "django.db.models.BigAutoField"
