from django.apps import AppConfig


class BrandguardConfig(AppConfig):
    name = "brandguard"

    def ready(self) -> None:
        from brandguard import celery  # noqa: F401 - tasks find their broker from the start
