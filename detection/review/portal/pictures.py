"""Serves pictures to signed-in users who may see them. It never serves an original, a file from a stranger.

Pictures that the user may not see answer 404. A picture never changes, so a browser may cache it for a
while; `Vary: Cookie` separates users.
"""

import io
from uuid import UUID

from django.core.files.base import ContentFile, File
from django.db.models import F, Q, QuerySet
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.http import require_safe
from PIL import Image

from accounts.models import Organisation
from accounts.models.person import Person
from detection.intake.models import ListingImage, Rendition
from detection.matching.models import Match
from detection.review.models import Alert, Report
from fingerprints.models import DesignImage

SMALL_SIDE = 400  # pixels; the largest thumbnail of a list on a screen of double density
MAX_AGE = 3600  # seconds in the browser's cache: a review shows the same pictures again


@require_safe
def design(request: HttpRequest, pk: UUID, *, small: bool = False) -> HttpResponseBase:
    image = get_object_or_404(views_seen_by(request.user), pk=pk)
    return respond(image.preview, small=small)


@require_safe
def photograph(request: HttpRequest, pk: UUID, *, small: bool = False) -> HttpResponseBase:
    """The whole picture of a view of which only a part is registered."""
    image = get_object_or_404(views_seen_by(request.user), pk=pk)
    return respond(image.whole, small=small)


@require_safe
def listing(request: HttpRequest, pk: UUID, *, small: bool = False) -> HttpResponseBase:
    alerts = Alert.objects.visible_to(request.user)
    images = ListingImage.objects.filter(listing__in=alerts.values("listing"))
    image = get_object_or_404(images, pk=pk)
    return respond(image.preview, small=small)


@require_safe
def rendition(request: HttpRequest, pk: UUID, *, small: bool = False) -> HttpResponseBase:
    alerts = Alert.objects.visible_to(request.user)
    renditions = Rendition.objects.filter(image__listing__in=alerts.values("listing"))
    return respond(get_object_or_404(renditions, pk=pk).preview, small=small)


@require_safe
def report(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    reported = get_object_or_404(Report.objects.visible_to(request.user), pk=pk)
    return respond(reported.preview, small=True)


def views_seen_by(user: Person) -> QuerySet[DesignImage]:
    """Returns views of the user's organisations and of designs in alerts and reports that the user sees."""
    matches = Match.objects.filter(
        listing_image__listing__alerts__in=Alert.objects.visible_to(user),
        listing_image__listing__alerts__brand=F("view__design__brand"),
    )
    own = Q(design__brand__organisation__in=Organisation.objects.of(user))
    reported = Report.objects.visible_to(user).filter(view__isnull=False)
    shown = Q(design__in=matches.values("view__design")) | Q(pk__in=reported.values("view"))
    return DesignImage.objects.filter(own | shown)


def respond(preview: FieldFile, *, small: bool) -> HttpResponseBase:
    try:
        response = thumbnail_response(preview) if small else preview_response(preview)
    except (ValueError, FileNotFoundError) as error:  # not generated yet, or lost
        raise Http404 from error
    response["X-Content-Type-Options"] = "nosniff"
    patch_cache_control(response, private=True, max_age=MAX_AGE)
    patch_vary_headers(response, ["Cookie"])
    return response


def preview_response(preview: FieldFile) -> HttpResponseBase:
    return FileResponse(preview.open("rb"), content_type="image/jpeg", filename="picture.jpg")


def thumbnail_response(preview: FieldFile) -> HttpResponseBase:
    with small_of(preview) as file:
        return HttpResponse(file.read(), content_type="image/jpeg")


def small_of(preview: FieldFile) -> File[bytes]:
    """Opens the thumbnail, which the first request generates and stores beside the preview. Of two at the
    same time, the second stores a file that nobody reads again.
    """
    if not preview.name:
        raise FileNotFoundError
    name = f"{preview.name}.small.jpg"
    if not preview.storage.exists(name):
        with preview.storage.open(preview.name) as large:
            name = preview.storage.save(name, ContentFile(thumbnail(large.read())))
    return preview.storage.open(name)


def thumbnail(jpeg: bytes) -> bytes:
    """Returns a JPEG of at most SMALL_SIDE pixels. `draft` decodes a fraction of them in milliseconds."""
    with Image.open(io.BytesIO(jpeg), formats=["JPEG"]) as image:
        image.draft("RGB", (SMALL_SIDE, SMALL_SIDE))
        image.thumbnail((SMALL_SIDE, SMALL_SIDE))
        file = io.BytesIO()
        image.save(file, "JPEG", quality=80)
    return file.getvalue()
