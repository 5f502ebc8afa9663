from django.apps import AppConfig


class LabConfig(AppConfig):
    """Programs that measure, calibrate, train and show; nothing that serves imports them."""

    name = "lab"
