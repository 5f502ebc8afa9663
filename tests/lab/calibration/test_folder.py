from pathlib import Path

import pytest
from django.core.management.base import CommandError

from lab.calibration.folder import joined, read_folder
from tests.pictures import drawn, encoded

DESIGNS = "design_id,brand,kind,path\nd1,Acme,packaging,front.png\nd1,Acme,packaging,back.png\n"
LISTINGS = "path,family,design_id,brand\nshop.png,shop-photo,d1,Acme\nother.png,unrelated,,\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "designs.csv").write_text(DESIGNS)
    (tmp_path / "listings.csv").write_text(LISTINGS)
    return tmp_path


def test_rows_are_read_by_their_columns_in_any_order(folder: Path) -> None:
    (folder / "designs.csv").write_text("path,kind,extra,brand,design_id\nx.png,logo,?, Acme ,d9\n")
    [row] = read_folder(folder).designs
    assert (row.design_id, row.brand, row.kind, row.path) == ("d9", "Acme", "logo", "x.png")


def test_an_unrelated_listing_has_neither_design_nor_brand(folder: Path) -> None:
    shop, other = read_folder(folder).listings
    assert (shop.design_id, shop.brand) == ("d1", "Acme")
    assert (other.design_id, other.brand) == ("", "")


def test_a_table_saved_by_a_spreadsheet_is_read_too(folder: Path) -> None:
    (folder / "designs.csv").write_text(DESIGNS, encoding="utf-8-sig")
    assert len(read_folder(folder).designs) == 2


@pytest.mark.parametrize("name", ["designs.csv", "listings.csv"])
def test_a_missing_table_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(CommandError, match=name):
        read_folder(folder)


@pytest.mark.parametrize(("name", "column"), [("designs.csv", "kind"), ("listings.csv", "family")])
def test_a_missing_column_is_named_with_its_table(folder: Path, name: str, column: str) -> None:
    table = folder / name
    table.write_text(table.read_text().replace(column, "sort"))
    with pytest.raises(CommandError, match=f"{name}: The header lacks {column}"):
        read_folder(folder)


def test_an_empty_table_names_all_its_columns(folder: Path) -> None:
    (folder / "designs.csv").write_text("")
    with pytest.raises(CommandError, match="lacks design_id, brand, kind, path"):
        read_folder(folder)


def test_pictures_are_read_beside_the_tables(folder: Path) -> None:
    (folder / "front.png").write_bytes(encoded(drawn()))
    assert read_folder(folder).picture("front.png").pixels.shape == drawn().shape


def test_the_halves_share_no_brand_and_lose_no_row(tmp_path: Path) -> None:
    brands = [f"Brand {number}" for number in range(30)]
    (tmp_path / "designs.csv").write_text(
        "design_id,brand,kind,path\n" + "".join(f"d,{name},logo,x\n" for name in brands)
    )
    (tmp_path / "listings.csv").write_text(
        "path,family,design_id,brand\n"
        + "".join(f"{name}.png,shop-photo,d,{name}\n" for name in brands)
        + "".join(f"u{number}.png,unrelated,,\n" for number in range(30))
    )
    whole = read_folder(tmp_path)
    first, second = whole.half(0), whole.half(1)
    assert {*first.designs, *second.designs} == {*whole.designs}
    assert {*first.listings, *second.listings} == {*whole.listings}
    assert not {row.brand for row in first.designs} & {row.brand for row in second.designs}
    for half in (first, second):
        assert {row.brand for row in half.listings if row.brand} == {
            row.brand for row in half.designs
        }


def test_a_table_as_another_program_writes_it_is_read(folder: Path) -> None:
    table = folder / "designs.csv"
    table.write_text(table.read_text().replace(",", ";"), encoding="utf-16")
    assert len(read_folder(folder).designs) == 2


def test_a_cell_that_cannot_be_read_is_named(folder: Path) -> None:
    (folder / "designs.csv").write_text('design_id,brand,kind,path\nd1,A,logo,"x.png\n')
    with pytest.raises(CommandError, match="row 2, column D: A quote is opened"):
        read_folder(folder)


def test_folders_are_joined_and_each_picture_is_found(folder: Path, tmp_path: Path) -> None:
    second = tmp_path / "second"
    second.mkdir()
    (second / "designs.csv").write_text("design_id,brand,kind,path\nd2,Umbra,object,side.png\n")
    (second / "listings.csv").write_text("path,family,design_id,brand\n")
    for path, seed in ((folder / "front.png", 1), (second / "side.png", 2)):
        path.write_bytes(encoded(drawn(seed)))
    both = joined([read_folder(folder), read_folder(second)])
    assert [row.design_id for row in both.designs] == ["d1", "d1", "d2"]
    assert both.picture("front.png").pixel_sha256 != both.picture("side.png").pixel_sha256
    assert sum(len(both.half(number).designs) for number in (0, 1)) == 3


def test_two_pictures_of_one_path_are_refused(folder: Path, tmp_path: Path) -> None:
    second = tmp_path / "second"
    second.mkdir()
    (second / "designs.csv").write_text(DESIGNS)
    (second / "listings.csv").write_text(LISTINGS)
    with pytest.raises(CommandError, match=r"front\.png is in"):
        joined([read_folder(folder), read_folder(second)])
