"""What an encoder makes of a view, and the journal that keeps every index in step with it."""

import uuid
from collections.abc import Iterable

from django.db import connection, models, transaction
from django.db.models import Q

from fingerprints.models.design import DesignImage

# Any number, the same everywhere: names the lock that orders the journal on PostgreSQL.
JOURNAL_LOCK = 7_301_984


class FingerprintQuerySet(models.QuerySet["Fingerprint"]):
    def searchable(self) -> "FingerprintQuerySet":
        enrolled = DesignImage.State.ENROLLED
        return self.filter(image__design__retired_at=None, image__state=enrolled)


class Fingerprint(models.Model):
    """One vector of one view, as it is or altered by us (`variant`).

    `vector` is float32, little-endian, of unit length. `features`, the view's local features,
    `codes` of the strongest of them (vision.geometry.codes), and `thumbnail`, a PNG of it,
    are with the original alone, and only of the encoder that every view is enrolled with: other channels'
    have vectors alone. What each channel keeps, its `describe_view` says.
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
        """Adds to the journal, within the transaction that changes the fingerprints.

        Numbers follow commit order, so that a reader at number n has seen all up to n: SQLite has
        one writer at a time, on PostgreSQL a lock is held from here until commit.
        """
        if not transaction.get_connection().in_atomic_block:
            raise transaction.TransactionManagementError("record() belongs into a transaction")
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [JOURNAL_LOCK])
        self.bulk_create(
            IndexChange(operation=operation, generation=generation, fingerprint_id=number)
            for number in fingerprint_ids
        )

    def claimant_changed(self, organisation: models.Model) -> None:
        """What it registered is searched for in another place from now on."""
        rows = Fingerprint.objects.searchable().filter(
            image__design__brand__organisation=organisation.pk
        )
        found: dict[str, list[int]] = {}
        for generation, number in rows.values_list("generation", "pk"):
            found.setdefault(generation, []).append(number)
        for generation, numbers in found.items():
            self.record(IndexChange.Operation.ADD, generation, numbers)


class IndexChange(models.Model):
    """One step of the journal. `token` tells this journal from that of another database."""

    class Operation(models.TextChoices):
        ADD = "add"
        REMOVE = "remove"
        RELOAD = "reload", "start again from the database"

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
