from django.apps import AppConfig


class DetectionConfig(AppConfig):
    """The app of listings, matching, review and delivery; it builds on fingerprints."""

    name = "detection"
    default_auto_field = "django.db.models.BigAutoField"
