"""Fingerprints of views, and the journal from which every index is updated."""

import uuid
from collections.abc import Iterable

from django.db import connection, models, transaction
from django.db.models import Q

from fingerprints.models.design import DesignImage

# An arbitrary number for the PostgreSQL lock that orders the journal; it must be the same everywhere.
JOURNAL_LOCK = 7_301_984


class FingerprintQuerySet(models.QuerySet["Fingerprint"]):
    def searchable(self) -> "FingerprintQuerySet":
        enrolled = DesignImage.State.ENROLLED
        return self.filter(image__design__retired_at=None, image__state=enrolled)


class Fingerprint(models.Model):
    """One vector of a view or of an altered copy of it (`variant`).

    `vector` is float32, little-endian, of unit length. `features` are the view's local features, `codes`
    those of the strongest and of simulated tilts (vision.geometry.codes), and `thumbnail` is a PNG. Only the original has them,
    and only in the channel that every view is enrolled in; other channels store vectors alone.
    `background` is the evidence that ordinary pictures reach with the view. See each channel's
    `describe_view`.
    """

    class Variant(models.TextChoices):
        ORIGINAL = "original"
        INVERTED = "inverted"
        MIRRORED = "mirrored"

    image = models.ForeignKey(DesignImage, on_delete=models.CASCADE, related_name="fingerprints")
    generation = models.CharField(max_length=16)
    variant = models.CharField(max_length=20)
    vector = models.BinaryField()
    features = models.BinaryField(blank=True)
    codes = models.BinaryField(blank=True)
    thumbnail = models.BinaryField(blank=True)
    background = models.FloatField(default=0.0)
    perceptual_hash = models.BigIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    objects = FingerprintQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["image", "generation", "variant"], name="fingerprint_once"
            ),
        ]


class IndexChangeManager(models.Manager["IndexChange"]):
    def record(
        self, operation: "IndexChange.Operation", generation: str, fingerprint_ids: Iterable[int]
    ) -> None:
        """Adds to the journal in the transaction that changes the fingerprints.

        Numbers follow commit order, so that a reader at number n has seen all up to n: SQLite has one
        writer at a time, and on PostgreSQL a lock is held from here until commit.
        """
        if not transaction.get_connection().in_atomic_block:
            raise transaction.TransactionManagementError("record() must be called in a transaction")
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [JOURNAL_LOCK])
        self.bulk_create(
            IndexChange(operation=operation, generation=generation, fingerprint_id=number)
            for number in fingerprint_ids
        )

    def claimant_changed(self, organisation: models.Model) -> None:
        """Adds the organisation's fingerprints again, because they move to another part of the index."""
        rows = Fingerprint.objects.searchable().filter(
            image__design__brand__organisation=organisation.pk
        )
        by_generation: dict[str, list[int]] = {}
        for generation, number in rows.values_list("generation", "pk"):
            by_generation.setdefault(generation, []).append(number)
        for generation, numbers in by_generation.items():
            self.record(IndexChange.Operation.ADD, generation, numbers)


class IndexChange(models.Model):
    """One change in the journal. `token` distinguishes this journal from another database's."""

    class Operation(models.TextChoices):
        ADD = "add"
        REMOVE = "remove"
        RELOAD = "reload", "reload: read everything from the database again"

    number = models.BigAutoField(primary_key=True)
    generation = models.CharField(max_length=16)
    operation = models.CharField(max_length=6, choices=Operation.choices)
    fingerprint_id = models.BigIntegerField(default=0)  # no foreign key: it outlives the row
    token = models.UUIDField(default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = IndexChangeManager()

    class Meta:
        indexes = [models.Index(fields=["generation", "number"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(operation__in=["add", "remove", "reload"]),
                name="index_change_operation_known",
            ),
        ]
