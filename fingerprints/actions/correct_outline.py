"""Lets the owner correct the outline of the goods in a view. The web process loads this: it needs no OpenCV."""

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts.models import AuditEvent
from accounts.models.person import Person
from brandguard.kernel.errors import Conflict, DomainError
from brandguard.kernel.queueing import enqueue_on_commit
from fingerprints.actions.register import held_in_force
from fingerprints.models import DesignImage

if TYPE_CHECKING:  # loads OpenCV
    from vision.geometry.polygons import Polygon

MIN_CORNERS, MAX_CORNERS = 3, 40
SMALLEST = 0.01  # share of the picture


class NotAnOutline(DomainError):
    code = "not_an_outline"


class NotEnrolled(Conflict):
    code = "not_enrolled"


def correct_outline(*, view: DesignImage, outline: "Polygon | None", by: Person) -> DesignImage:
    """Registers the view once more with this outline, or whole with None. The new view replaces the old one
    as soon as it is enrolled, so the design is protected all the while.

    Raises NotAnOutline, NotEnrolled, Retired.
    """
    if outline is not None:
        check(outline)
    with transaction.atomic():
        design = held_in_force(view.design_id)
        held = DesignImage.objects.get(pk=view.pk)
        if held.state != DesignImage.State.ENROLLED or being_replaced(held):
            raise NotEnrolled(
                gettext_noop(
                    "This view is not enrolled, or is being enrolled with another outline."
                ),
                remedy=gettext_noop("Wait until it is enrolled."),
                field="view",
            )
        made = another(held, outline)
        design.queued_at = timezone.now()
        design.save(update_fields=["queued_at"])
        AuditEvent.objects.record(
            "view.outline_corrected", subject=held, by=by, design=str(design.pk), outline=outline
        )
        enqueue_on_commit("fingerprints.tasks.enrol_design", design_id=str(design.pk))
    return made


def being_replaced(view: DesignImage) -> bool:
    return view.replacements.filter(state=DesignImage.State.PENDING).exists()


def another(view: DesignImage, outline: "Polygon | None") -> DesignImage:
    return DesignImage.objects.create(
        design=view.design,
        position=view.design.next_position(),
        name=view.name,
        sha256=view.sha256,
        file=view.file.name,
        outline=outline,
        outline_by=DesignImage.OutlineBy.OWNER,
        replaces=view,
    )


def check(outline: "Polygon") -> None:
    """Raises NotAnOutline."""
    within = all(0 <= value <= 1 for corner in outline for value in corner)  # not a number is not
    if not MIN_CORNERS <= len(outline) <= MAX_CORNERS or not within:
        raise NotAnOutline(
            gettext_noop("This is no outline in the picture."),
            remedy=gettext_noop("An outline has 3 to 40 corners, and each lies in the picture."),
            field="outline",
        )
    if area_of(outline) < SMALLEST:
        raise NotAnOutline(
            gettext_noop("The outline has hardly any area."),
            remedy=gettext_noop("Move its corners to the edge of the goods."),
            field="outline",
        )


def area_of(outline: "Polygon") -> float:
    """Returns the area by the shoelace formula, as a share of the picture."""
    pairs = zip(outline, [*outline[1:], outline[0]], strict=True)
    return abs(sum(x * below - right * y for (x, y), (right, below) in pairs)) / 2
