from django.apps import AppConfig


class BrandguardConfig(AppConfig):
    name = "brandguard"

    def ready(self) -> None:
        from brandguard import celery, wiring

        assert celery.app  # noqa: S101 - tasks find their broker from the start
        wiring.connect()
