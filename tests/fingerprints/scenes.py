"""Views that await enrolment, tables of designs and entries of rights."""

import io
import zipfile
from datetime import timedelta

from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent
from fingerprints.models import Brand, DesignImage, Right
from tests import factories
from tests.pictures import drawn, encoded

TODAY = timezone.localdate()
DAY = timedelta(days=1)


def actions(right: Right) -> list[str]:
    events = AuditEvent.objects.filter(subject_id=str(right.pk)).order_by("id")
    return [f"{event.actor}: {event.action}" for event in events]


VARIANTS = ["original", "inverted"]


def awaiting(brand: Brand, data: bytes | None = None, **fields: object) -> DesignImage:
    file = ContentFile(encoded(drawn(1)) if data is None else data, "front.png")
    return DesignImage.objects.create(
        design=factories.design(brand),
        position=0,
        name="front.png",
        file=file,
        sha256="0" * 64,
        **fields,
    )


HEADER = "name,design_kind,images"
PICTURES = {"a.png": encoded(drawn(1)), "b.png": encoded(drawn(2)), "c.png": b"no picture"}


def zipped(files: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for name, data in files.items():
            made.writestr(name, data)
    return file.getvalue()


def archive(*rows: str, header: str = HEADER) -> bytes:
    return zipped({"designs.csv": "\n".join([header, *rows]).encode(), **PICTURES})


def previewed(client: Client, brand: Brand, data: bytes, what: str = "bulk-designs") -> str:
    """The URL of the preview, or the page that says why there is none."""
    file = factories.upload(data, "file.zip")
    answer = client.post(reverse(what, args=[brand.pk]), {"file": file})
    return answer["Location"] if answer.status_code == 302 else answer.text


def shown(brand: Brand, client: Client) -> str:
    return client.get(reverse("brand", args=[brand.pk])).text


def entry(**fields: object) -> dict[str, object]:
    return {
        "right_kind": "trade_mark",
        "office": "EUIPO",
        "number": "018000002",
        "territories": ["FR", "DE"],
        "valid_from": "2020-01-01",
        "document": factories.upload(factories.PDF, "certificate.pdf"),
    } | fields
