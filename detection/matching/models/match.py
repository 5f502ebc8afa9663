"""The machine's claim that a listing's picture shows a registered design, with its evidence."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from detection.intake.models.listing import ListingImage
from detection.intake.models.rendition import Rendition
from fingerprints.models import DesignImage

KEPT_FROM = 50.0  # similarity from which a candidate is kept, for simulation and release


class MatchKind(models.TextChoices):
    COPY = "copy", "copy: the same picture or an edit of it"
    SAME_DESIGN = "same_design", "same design: another picture of it"
    RESEMBLANCE = "resemblance", "resemblance: alike, not confirmed by geometry"


class MatchQuerySet(models.QuerySet["Match"]):
    def best_first(self) -> "MatchQuerySet":
        return self.order_by("-similarity", "id")


class Match(models.Model):
    """One listing picture and one view, in the rendition and the appearance (`variant`) that fit best.

    Polygons and `region` are in normalised coordinates (0..1). `further_polygons` are other places of the
    same picture that show the view: several copies of a product are one match, whose similarity, evidence and
    `listing_polygon` are those of the best. `homography` maps points of the view
    as registered to the listing's picture; it is None where geometry confirmed nothing. `channel` is
    the channel that found the match, and `evidence` has the figures of every channel with evidence.
    `edit` is what was done to the view, in the fields of vision.channels.channel.Edit. `reproduction`
    names all that the similarity depends on: hashes, encoders, geometry, calibration, libraries.
    """

    listing_image = models.ForeignKey(
        ListingImage, on_delete=models.CASCADE, related_name="matches"
    )
    rendition = models.ForeignKey(
        Rendition,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        help_text="The rendition that matched, where the file shows several.",
    )
    view = models.ForeignKey(DesignImage, on_delete=models.CASCADE, related_name="matches")
    similarity = models.FloatField(
        validators=[MinValueValidator(KEPT_FROM), MaxValueValidator(100)]
    )
    channel = models.CharField(max_length=20)
    evidence = models.JSONField(default=dict)
    match_kind = models.CharField(max_length=12, choices=MatchKind.choices)
    variant = models.CharField(max_length=20)
    edit = models.JSONField(default=dict, blank=True)
    region = models.JSONField()
    homography = models.JSONField(null=True, blank=True)
    listing_polygon = models.JSONField()
    further_polygons = models.JSONField(default=list, blank=True)
    view_polygon = models.JSONField()
    reproduction = models.JSONField()

    objects = MatchQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["listing_image", "view"], name="match_once"),
            models.CheckConstraint(
                condition=Q(similarity__gte=KEPT_FROM, similarity__lte=100),
                name="match_similarity_range",
            ),
            models.CheckConstraint(
                condition=Q(match_kind__in=["copy", "same_design", "resemblance"]),
                name="match_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.similarity:.0f} {self.match_kind}"

    @property
    def matched_pixels(self) -> str:
        """Returns the hash of the pixels that matched: the rendition's, or the picture's."""
        return (self.rendition or self.listing_image).pixel_sha256

    @property
    def shown_hash(self) -> int | None:
        """Returns the perceptual hash of what matched: of that frame, not of the file's first."""
        return (self.rendition or self.listing_image).perceptual_hash
