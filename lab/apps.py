from django.apps import AppConfig


class LabConfig(AppConfig):
    """Programs that measure, calibrate, train and demonstrate; the running service imports none of them."""

    name = "lab"
