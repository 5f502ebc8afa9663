"""What matching made of a listing's picture."""

from django.db import models

from detection.intake.models import ListingImage


class ImageEmbedding(models.Model):
    """What matching made of a picture, kept so that later questions never embed again.

    `vectors` is float32[len(regions), dimension], little-endian; `regions` are left, top, width,
    height in shares of the picture, the whole first; `features` are the local features. A row of
    its own, so that lists of pictures stay light.
    """

    image = models.ForeignKey(ListingImage, on_delete=models.CASCADE, related_name="embeddings")
    rendition = models.PositiveSmallIntegerField(
        default=0, help_text="Number of the look, where the file shows several."
    )
    generation = models.CharField(max_length=16)
    features_version = models.CharField(
        max_length=16, blank=True, help_text="What vectors and features were made by."
    )
    matching_version = models.CharField(
        max_length=40, blank=True, help_text="How it was matched, and the journal's number then."
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
