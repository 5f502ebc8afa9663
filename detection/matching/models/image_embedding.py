"""The stored features of a listing's picture."""

from django.db import models

from detection.intake.models import ListingImage


class ImageEmbedding(models.Model):
    """The features that matching computed, kept so that no later work embeds the picture again.

    `vectors` is float32[len(regions), dimension], little-endian; `regions` are left, top, width and
    height in normalised coordinates, the whole picture first; `features` are the local features.
    They have a table of their own, so that lists of pictures stay light.
    """

    image = models.ForeignKey(ListingImage, on_delete=models.CASCADE, related_name="embeddings")
    rendition = models.PositiveSmallIntegerField(
        default=0, help_text="Number of the rendition, where the file shows several."
    )
    generation = models.CharField(max_length=16)
    features_version = models.CharField(
        max_length=16, blank=True, help_text="What computed the vectors and features."
    )
    matching_version = models.CharField(
        max_length=40, blank=True, help_text="The matching version and the last index change then."
    )
    regions = models.JSONField()
    vectors = models.BinaryField()
    features = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["image", "generation", "rendition"], name="image_embedding_once"
            ),
        ]
