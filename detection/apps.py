from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:  # models and OpenCV, neither of which is loaded yet
    from django.db.models import QuerySet

    from fingerprints.encoders.base import Encoder
    from fingerprints.enrolment import ViewPrint
    from fingerprints.images.decode import Picture
    from fingerprints.images.errors import ImageError
    from fingerprints.marketplaces import Place
    from fingerprints.models import Brand, DesignImage, Organisation


class DetectionConfig(AppConfig):
    """Listings, matching, alerts and decisions. Builds on fingerprints."""

    name = "detection"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from fingerprints import checks, marketplaces
        from fingerprints.signals import claims_changed

        claims_changed.connect(judge_anew)
        checks.register(refuse_what_is_common)
        marketplaces.register(those_that_send_listings, how_each_stands_to)


def judge_anew(*, brand: "Brand", **_: object) -> None:
    """What a brand may restrict has changed: within the transaction of the change."""
    from detection.actions.resettle import ask_for_resettlement

    ask_for_resettlement(brand)


def those_that_send_listings() -> "QuerySet[Organisation]":
    from fingerprints.models import Organisation

    return Organisation.objects.filter(marketplace__isnull=False)


def how_each_stands_to(organisation: "Organisation") -> "list[Place]":
    from detection.models import Marketplace
    from fingerprints.marketplaces import Place

    admitting = set(Marketplace.objects.filter(admits=organisation).values_list("pk", flat=True))
    every = Marketplace.objects.values_list("pk", "name")
    return [Place(name, admits=pk in admitting) for pk, name in every]


def refuse_what_is_common(
    image: "DesignImage", picture: "Picture", prints: "ViewPrint", encoder: "Encoder"
) -> "ImageError | None":
    from detection.actions.forecast import too_common

    return too_common(image, picture, prints, encoder)
