"""Imports listings from a CSV, an XLSX, or a ZIP with one of them and pictures. Reports how the file was
read and each row that was refused.
"""

from argparse import ArgumentParser
from dataclasses import astuple
from pathlib import Path
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.files import File
from django.core.management.base import BaseCommand, CommandError

from accounts.models import Marketplace
from brandguard.kernel.tables import ENCODINGS, UnreadableImport
from detection.intake.actions.import_listings import COLUMNS, run_import, start_import
from detection.intake.models import ListingImport
from fingerprints.imports.reading import ImportFile

ROWS_SHOWN = 5


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--marketplace", required=True, help="name of the marketplace")
        parser.add_argument(
            "--preview",
            action="store_true",
            help="show how the file is read and import nothing",
        )
        parser.add_argument(
            "--encoding",
            default="",
            choices=["", *ENCODINGS],
            metavar="ENCODING",
            help=f"encoding of a CSV where detection is uncertain: {', '.join(ENCODINGS)}",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path = options["file"]
        marketplace = Marketplace.objects.filter(name=options["marketplace"]).first()
        if marketplace is None:
            raise CommandError(f"There is no marketplace called {options['marketplace']}.")
        if not path.is_file():
            raise CommandError(f"{path} is not a file: name a CSV, an XLSX or a ZIP.")
        if options["preview"]:
            self.preview(path, options["encoding"])
            return
        with path.open("rb") as file:
            job = start_import(
                marketplace=marketplace,
                file=File(file, path.name),
                by=AnonymousUser(),
                encoding=options["encoding"],
            )
        while run_import(job=job):
            pass
        self.report(ListingImport.objects.get(pk=job.pk))

    def preview(self, path: Path, encoding: str) -> None:
        try:
            with path.open("rb") as file, ImportFile(file, COLUMNS, encoding) as source:
                table = source.table
        except UnreadableImport as error:
            raise CommandError(error.advice) from error
        self.stdout.write(f"Read as {', '.join(filter(None, astuple(table.understood)))}.")
        for row in table.rows[:ROWS_SHOWN]:
            cells = ", ".join(f"{name}: {cell}" for name, cell in row.cells.items())
            self.stdout.write(f"row {row.number}: {cells}")
        for wrong in table.faults:
            where = " ".join(filter(None, [wrong.column, wrong.name]))
            self.stdout.write(f"row {wrong.row}, {where}: {wrong.message} {wrong.remedy}")
        self.stdout.write(f"{len(table.rows)} of {len(table)} rows can be imported.")

    def report(self, job: ListingImport) -> None:
        if job.state == ListingImport.State.RUNNING:
            self.stdout.write("A worker imports the file: see the page Imports of the portal.")
            return
        if job.error:
            raise CommandError(f"{job.error['message']} {job.error['remedy']}")
        read_as = ", ".join(filter(None, (job.understood or {}).values()))
        self.stdout.write(f"Read as {read_as}.")
        for row in job.rows.all():
            for error in row.errors:
                where = " ".join(filter(None, [error.get("column"), error["field"]]))
                self.stdout.write(
                    f"row {row.number} ({row.external_id}): {where}: "
                    f"{error['message']} {error['remedy']}"
                )
        self.stdout.write(
            f"{job.rows.filter(errors=[]).count()} of {job.rows_in_all} rows imported."
        )
