"""The API for imports of listings: how a table is understood, and the result of each row."""

from dataclasses import asdict
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from accounts.api.caller import is_sandbox, marketplace_of, organisations_of
from accounts.api.permissions import HasScope
from accounts.models import ApiKey
from brandguard.kernel.api.bodies import Body
from brandguard.kernel.api.parsing import MultiPartParser
from brandguard.kernel.tables import ENCODINGS, Table, UnclearEncoding, UnreadableImport
from detection.intake.actions.import_listings import COLUMNS, begin, refused_rows, start_import
from detection.intake.models import ImportRow, ListingImport
from detection.intake.models.listing_import import MAX_REFUSED
from fingerprints.imports.reading import ImportFile

FIRST_ROWS = 5


class NewImportSerializer(Body):
    file = serializers.FileField(
        help_text="A CSV, an XLSX, or a ZIP with listings.csv or listings.xlsx and the pictures that it "
        "names. docs/tables.md describes the columns."
    )
    encoding = serializers.ChoiceField(
        choices=list(ENCODINGS),
        required=False,
        help_text="Encoding of a CSV where it cannot be recognised with certainty. Without it, the encoding "
        "is recognised.",
    )
    preview = serializers.BooleanField(
        default=False, help_text="Only answer how the file is understood; import nothing."
    )


class UnderstoodSerializer(serializers.Serializer[Any]):
    format = serializers.ChoiceField(choices=["CSV", "XLSX"])
    encoding = serializers.CharField(help_text="Empty for XLSX.")
    delimiter = serializers.CharField(help_text="Empty for XLSX.")
    sheet = serializers.CharField(help_text="Empty for CSV.")


class RefusedCellSerializer(serializers.Serializer[Any]):
    field = serializers.CharField(allow_null=True)
    column = serializers.CharField(
        allow_null=True, required=False, help_text="The column's letter in a spreadsheet."
    )
    code = serializers.CharField()
    message = serializers.CharField()
    remedy = serializers.CharField()


class RefusedRowSerializer(serializers.ModelSerializer[ImportRow]):
    """`number` is the row number as in a spreadsheet: the header is row 1."""

    errors = RefusedCellSerializer(many=True)  # type: ignore[assignment]

    class Meta:
        model = ImportRow
        fields = ["number", "external_id", "errors"]


class ImportSerializer(serializers.ModelSerializer[ListingImport]):
    understood = UnderstoodSerializer(allow_null=True)
    rows_done = serializers.IntegerField(help_text="Rows done so far, including refused ones.")
    rows_refused = serializers.IntegerField()
    refused = RefusedRowSerializer(many=True, help_text=f"At most {MAX_REFUSED} rows.")
    error = RefusedCellSerializer(allow_null=True)

    class Meta:
        model = ListingImport
        fields = [
            "id", "name", "state", "encoding", "understood", "rows_in_all", "rows_done",
            "rows_refused", "refused", "error", "sandbox", "created_at", "done_at",
        ]  # fmt: skip


class ImportedRowSerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    cells = serializers.DictField(child=serializers.CharField(), help_text="Cells by column name.")


class ImportPreviewSerializer(serializers.Serializer[Any]):
    understood = UnderstoodSerializer()
    rows_in_all = serializers.IntegerField()
    rows = ImportedRowSerializer(many=True, help_text=f"The first {FIRST_ROWS} rows.")
    refused = RefusedRowSerializer(many=True)


class ImportViewSet(mixins.RetrieveModelMixin, viewsets.GenericViewSet[ListingImport]):
    """Imports of the caller's marketplace."""

    queryset = ListingImport.objects.none()
    serializer_class = ImportSerializer
    permission_classes = [HasScope]
    parser_classes = [MultiPartParser]
    scope = ApiKey.Scope.LISTINGS

    def get_queryset(self) -> QuerySet[ListingImport]:
        mine = ListingImport.objects.filter(
            marketplace__organisation__in=organisations_of(self.request),
            sandbox=is_sandbox(self.request),
        )
        wrong = Count("rows", filter=~Q(rows__errors=[]))
        return mine.annotate(rows_done=Count("rows"), rows_refused=wrong)

    @extend_schema(
        request={"multipart/form-data": NewImportSerializer},
        responses={200: ImportPreviewSerializer, 202: ImportSerializer},
    )
    def create(self, request: Request) -> Response:
        """Imports a table of listings. The answer says how the table is understood and which rows cannot
        be read; the URL in `Location` reports progress. With `preview` nothing is imported.

        A table that cannot be understood with certainty is refused. If choosing the encoding would
        help, the code is `encoding_unclear`, with `candidates`.
        """
        given = NewImportSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        file, encoding = given.validated_data["file"], given.validated_data.get("encoding", "")
        marketplace = marketplace_of(request, refusal="Only a marketplace imports listings.")
        table = understood(file, encoding)
        if given.validated_data["preview"]:
            return Response(ImportPreviewSerializer(previewed(table)).data)
        file.seek(0)
        with transaction.atomic():
            job = start_import(
                marketplace=marketplace,
                file=file,
                by=request.user,
                encoding=encoding,
                sandbox=is_sandbox(request),
            )
            begin(job, table)
        return Response(
            self.get_serializer(self.get_queryset().get(pk=job.pk)).data,
            status=status.HTTP_202_ACCEPTED,
            headers={"Location": reverse("listingimport-detail", args=[job.pk], request=request)},
        )


def understood(file: File[bytes], encoding: str) -> Table:
    """Raises UnreadableImport."""
    try:
        with ImportFile(file, COLUMNS, encoding) as source:
            return source.table
    except UnreadableImport as error:
        error.field = "encoding" if isinstance(error, UnclearEncoding) else "file"
        raise


def previewed(table: Table) -> dict[str, Any]:
    refused = [
        ImportRow(number=number, errors=errors) for number, errors in refused_rows(table).items()
    ]
    return {
        "understood": asdict(table.understood),
        "rows_in_all": len(table),
        "rows": [asdict(row) for row in table.rows[:FIRST_ROWS]],
        "refused": refused[:MAX_REFUSED],
    }
