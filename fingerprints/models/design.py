"""A registered design and its views."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext_noop

from accounts.files import new_file_name
from fingerprints.models.brand import Brand
from fingerprints.models.picture import StoredPicture
from vision.pictures.errors import ImageError


class DesignQuerySet(models.QuerySet["Design"]):
    def active(self) -> "DesignQuerySet":
        return self.filter(retired_at=None)

    def awaiting_enrolment(self) -> "DesignQuerySet":
        return self.active().filter(images__state=DesignImage.State.PENDING).distinct()


class Design(models.Model):
    class DesignKind(models.TextChoices):
        PACKAGING = "packaging", gettext_noop("Packaging")
        OBJECT = "object", gettext_noop("Object")
        PHOTO = "photo", gettext_noop("Photo")
        LOGO = "logo", gettext_noop("Logo")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="designs")
    name = models.CharField(max_length=200)
    design_kind = models.CharField(max_length=10, choices=DesignKind.choices)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)
    queued_at = models.DateTimeField(null=True, blank=True, editable=False)
    retired_at = models.DateTimeField(null=True, blank=True)
    people_only_since = models.DateTimeField(
        null=True,
        blank=True,
        help_text="Since an alert spike: no listing is blocked for this design without a person.",
    )

    objects = DesignQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(design_kind__in=["packaging", "object", "photo", "logo"]),
                name="design_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def next_position(self) -> int:
        """Returns the position after the last view, former ones included."""
        last = self.images.aggregate(last=models.Max("position"))["last"]
        return 0 if last is None else last + 1

    def retire(self, now: datetime) -> None:
        self.retired_at = now
        self.save(update_fields=["retired_at"])


def design_file(_: models.Model, given: str) -> str:
    return new_file_name("designs", given)


class DesignImageQuerySet(models.QuerySet["DesignImage"]):
    def kept(self) -> "DesignImageQuerySet":
        """Returns all but former views, which stay because earlier alerts and matches refer to them."""
        return self.exclude(state__in=DesignImage.FORMER)

    def usable(self) -> "DesignImageQuerySet":
        """Returns views that are enrolled or about to be."""
        return self.filter(state__in=[DesignImage.State.PENDING, DesignImage.State.ENROLLED])


class DesignImage(StoredPicture):
    """A view: one picture of the design, as the owner sent it, and what of it is registered.

    Only what lies within `outline` is registered: `preview`, size and pixels are of that, and `photograph` is
    a preview of the whole picture. An enrolled view never changes: a corrected outline makes another view,
    which replaces this one once it is enrolled.
    """

    class State(models.TextChoices):
        PENDING = "pending"
        ENROLLED = "enrolled"
        REFUSED = "refused"
        REMOVED = "removed"
        REPLACED = "replaced"

    FORMER = (State.REMOVED, State.REPLACED)
    # Those whose matches restrict listings: a corrected outline releases nothing that was held before.
    IN_FORCE = (State.ENROLLED, State.REPLACED)

    class OutlineBy(models.TextChoices):
        VIEWS = "views", "another view of the design lies there"
        OWNER = "owner", "the owner drew it"

    design = models.ForeignKey(Design, on_delete=models.PROTECT, related_name="images")
    file = models.FileField(upload_to=design_file, max_length=255)
    preview = models.FileField(upload_to=design_file, max_length=255, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    warnings = models.JSONField(
        default=list, blank=True, help_text="Code, message and remedy of each, once it is enrolled."
    )

    outline = models.JSONField(
        null=True,
        blank=True,
        help_text="Corners of the goods in order, as [x, y] of 0..1; none where the whole picture counts.",
    )
    outline_by = models.CharField(max_length=5, choices=OutlineBy.choices, blank=True)
    photograph = models.FileField(upload_to=design_file, max_length=255, blank=True)
    replaces = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="replacements"
    )

    objects = DesignImageQuerySet.as_manager()

    class Meta:
        ordering = ["design_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["design", "position"], name="design_image_position"),
            models.CheckConstraint(
                condition=Q(outline_by="owner")
                | Q(outline_by="", outline__isnull=True)
                | Q(outline_by="views", outline__isnull=False),
                name="design_image_outline_by",
            ),
            models.CheckConstraint(
                condition=Q(state="pending", error__isnull=True)
                | Q(
                    state="enrolled",
                    error__isnull=True,
                    width__isnull=False,
                    height__isnull=False,
                )
                | Q(state="refused", error__isnull=False)
                | Q(state__in=["removed", "replaced"]),
                name="design_image_state_complete",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.design} #{self.position + 1}"

    @property
    def whole_size(self) -> tuple[int, int]:
        """Returns width and height of the whole picture, from those of what is registered."""
        width, height = self.width or 1, self.height or 1
        if not self.outline:
            return width, height
        across, down = zip(*self.outline, strict=True)
        return round(width / (max(across) - min(across))), round(height / (max(down) - min(down)))

    @property
    def outline_points(self) -> str:
        """Returns the corners in pixels of the whole picture, as an SVG polygon has them."""
        width, height = self.whole_size
        return " ".join(f"{x * width:g},{y * height:g}" for x, y in self.outline or ())

    @property
    def whole(self) -> FieldFile:
        """Returns the preview of the whole picture."""
        return self.photograph if self.outline else self.preview

    def refuse(self, error: ImageError) -> bool:
        """Refuses a pending view; returns False when it is no longer pending."""
        waiting = DesignImage.objects.filter(pk=self.pk, state=self.State.PENDING)
        return bool(waiting.update(state=self.State.REFUSED, error=error))
