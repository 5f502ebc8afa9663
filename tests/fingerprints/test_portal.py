"""Alice owns, Bob is on her team, Charlie is a stranger, and then there is nobody."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import AuditEvent, Organisation
from fingerprints.models import Brand, Design
from tests import factories

pytestmark = pytest.mark.django_db
INLINE = re.compile(
    r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=|javascript:", re.IGNORECASE
)


@pytest.fixture
def design(brand: Brand) -> Design:
    design = factories.design(brand)
    factories.view(design)
    return design


@pytest.fixture
def pages(brand: Brand, design: Design) -> list[str]:
    return [
        reverse("brand", args=[brand.pk]),
        reverse("edit-brand", args=[brand.pk]),
        reverse("new-design", args=[brand.pk]),
        reverse("design", args=[design.pk]),
        reverse("design-views", args=[design.pk]),
        reverse("retire-design", args=[design.pk]),
    ]


def test_a_team_opens_its_pages_and_a_stranger_finds_none(
    pages: list[str], as_alice: Client, as_bob: Client, as_charlie: Client
) -> None:
    for page in pages:
        assert as_alice.get(page).status_code == 200
        assert as_bob.get(page).status_code == 200
        assert as_charlie.get(page).status_code == 404
        assert Client().get(page).headers["Location"] == f"/sign-in?next={page}"


def test_a_stranger_changes_nothing(brand: Brand, design: Design, as_charlie: Client) -> None:
    for page in (
        reverse("edit-brand", args=[brand.pk]),
        reverse("new-design", args=[brand.pk]),
        reverse("retire-design", args=[design.pk]),
    ):
        assert as_charlie.post(page, {"name": "Mine"}).status_code == 404
        assert Client().post(page, {"name": "Mine"}).status_code == 302
    design.refresh_from_db()
    brand.refresh_from_db()
    assert (brand.name, design.retired_at) == ("Fizz", None)


def test_brands_are_listed_for_the_team_only(
    brand: Brand, as_bob: Client, as_charlie: Client
) -> None:
    assert "Fizz" in as_bob.get(reverse("brands")).text
    assert "Fizz" not in as_charlie.get(reverse("brands")).text


def test_no_page_has_anything_inline(pages: list[str], as_alice: Client) -> None:
    for page in [reverse("brands"), reverse("new-brand"), "/nothing", *pages]:
        response = as_alice.get(page)
        assert not INLINE.search(response.text), page
        assert "script-src 'self';" in response.headers["Content-Security-Policy"]
    assert not INLINE.search(Client().get(reverse("account_login")).text)


def test_pages_stay_in_no_cache(pages: list[str], as_alice: Client) -> None:
    assert "no-store" in as_alice.get(pages[0]).headers["Cache-Control"]


def test_a_part_of_a_page_is_not_replaced_by_the_sign_in(design: Design) -> None:
    response = Client().get(
        reverse("design-views", args=[design.pk]),
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/brands"},
    )
    assert response.headers["HX-Redirect"] == "/sign-in?next=/brands"


# --- brands -----------------------------------------------------------------------------------
def test_a_brand_is_made(as_alice: Client, alice: User, acme: Organisation) -> None:
    given = {"name": "Fizz", "review_threshold": "90", "block_threshold": "95"}
    response = as_alice.post(reverse("new-brand"), given)
    brand = Brand.objects.get()
    assert response.headers["Location"] == reverse("brand", args=[brand.pk])
    assert (brand.organisation, brand.review_threshold, brand.block_threshold) == (acme, 90, 95)
    assert not brand.blocks_without_review
    assert AuditEvent.objects.filter(action="brand.created", actor=alice.username).exists()


@pytest.mark.parametrize(
    ("name", "threshold", "said"),
    [
        ("Fizz", "85", "already has a brand"),
        ("", "85", "This field is required"),
        ("Pop", "69", "greater than or equal to 70"),
        ("Pop", "101", "less than or equal to 100"),
        ("Pop", "98", "cannot be blocked from 97 on"),
    ],
)
def test_a_brand_is_refused_beside_its_field(
    name: str, threshold: str, said: str, brand: Brand, as_alice: Client
) -> None:
    given = {"name": name, "review_threshold": threshold, "block_threshold": 97}
    response = as_alice.post(reverse("new-brand"), given)
    assert response.status_code == 422
    assert said in response.text
    assert Brand.objects.count() == 1


def test_a_member_of_two_organisations_chooses_one(as_alice: Client, alice: User) -> None:
    other = factories.organisation("Another")
    other.memberships.create(user=alice)
    stranger = factories.organisation("Stranger")
    given = {"name": "Fizz", "review_threshold": 85, "block_threshold": 97}
    page = reverse("new-brand")
    assert as_alice.post(page, given | {"organisation": stranger.pk}).status_code == 422
    as_alice.post(page, given | {"organisation": other.pk})
    assert Brand.objects.get().organisation == other


def test_nobody_without_an_organisation_is_led_into_a_form() -> None:
    lonely = factories.signed_in(factories.user("lonely"))
    assert lonely.get(reverse("new-brand")).headers["Location"] == reverse("brands")
    assert "No organisation yet" in lonely.get(reverse("brands")).text


def test_a_brand_is_changed(brand: Brand, as_bob: Client) -> None:
    page = reverse("edit-brand", args=[brand.pk])
    given = {"name": "Fizz Zero", "review_threshold": 75, "block_threshold": 99}
    as_bob.post(page, given | {"blocks_without_review": "on"})
    brand.refresh_from_db()
    assert (brand.name, brand.review_threshold, brand.block_threshold) == ("Fizz Zero", 75, 99)
    assert (
        "certain copies are blocked from 99" in as_bob.get(reverse("brand", args=[brand.pk])).text
    )


def test_an_unverified_organisation_is_told_what_that_means() -> None:
    young = factories.organisation("Young", verified=False)
    client = factories.signed_in(factories.member(young, "yara"))
    brand = factories.brand(young)
    assert "Young has not been verified yet" in client.get(reverse("brands")).text
    shown = client.get(reverse("brand", args=[brand.pk])).text
    assert "Organisation not verified yet" in shown


def test_lists_take_the_same_queries_however_long(
    brand: Brand, as_alice: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    bazaar = factories.marketplace()

    def fill() -> None:
        for _ in range(3):
            design = factories.design(brand)
            factories.view(design)
            factories.right(brand, designs=[design])
            factories.licence(brand, bazaar, design=design)

    for page, queries in ((reverse("brands"), 11), (reverse("brand", args=[brand.pk]), 16)):
        fill()
        with django_assert_num_queries(queries):
            as_alice.get(page)
        fill()
        factories.brand(brand.organisation, f"Brand {queries}{page}")
        with django_assert_num_queries(queries):
            as_alice.get(page)


@pytest.mark.parametrize("name", ["show", "before", "licences"])
def test_a_nul_in_an_address_or_a_form_reaches_no_database(
    name: str, brand: Brand, as_alice: Client
) -> None:
    page = reverse("brand", args=[brand.pk])
    assert as_alice.get(page, {name: "a\0b"}).status_code == 400
    assert as_alice.post(reverse("edit-brand", args=[brand.pk]), {name: "\0"}).status_code == 400


def test_designs_are_paged_by_key(brand: Brand, as_alice: Client) -> None:
    for number in range(27):
        factories.design(brand, f"Design {number:02}")
    page = reverse("brand", args=[brand.pk])
    first = as_alice.get(page).text
    assert "Design 26" in first
    assert "Design 01" not in first
    older = re.search(r'rel="next" href="([^"]+)"', first)
    assert older
    second = as_alice.get(page + older[1]).text
    assert "Design 01" in second
    assert "Design 02" not in second
    assert "Design 26" in as_alice.get(f"{page}?before=nonsense").text


# --- designs ----------------------------------------------------------------------------------


def registration(**fields: object) -> dict[str, object]:
    return {"name": "Bottle", "design_kind": "packaging", "images": [factories.upload()]} | fields


def test_a_design_is_registered_with_several_pictures(brand: Brand, as_bob: Client) -> None:
    pictures = [factories.upload(name="front.png"), factories.upload(b"text", "notes.txt")]
    page = reverse("new-design", args=[brand.pk])
    response = as_bob.post(page, registration(images=pictures), follow=True)
    assert Design.objects.get().images.count() == 2
    assert "1 view is being enrolled" in response.text
    assert "notes.txt" in response.text
    assert "Send PNG, JPEG, WebP, AVIF, GIF, HEIC, TIFF or BMP." in response.text


def test_pictures_that_cannot_be_read_are_named_and_the_rest_is_kept(
    brand: Brand, as_alice: Client
) -> None:
    pictures = [factories.upload(b"", "empty.png"), factories.upload(b"text", "notes.txt")]
    page = reverse("new-design", args=[brand.pk])
    response = as_alice.post(page, registration(images=pictures))
    assert response.status_code == 422
    assert "empty.png</strong> The file is empty." in response.text
    assert "notes.txt</strong> This is not a picture" in response.text
    assert 'value="Bottle"' in response.text
    assert not Design.objects.exists()


@pytest.mark.parametrize(
    ("number", "said"), [(0, "Choose at least one picture"), (13, "There are 13 pictures")]
)
def test_the_number_of_pictures_is_checked(
    number: int, said: str, brand: Brand, as_alice: Client
) -> None:
    pictures = [factories.upload() for _ in range(number)]
    response = as_alice.post(reverse("new-design", args=[brand.pk]), registration(images=pictures))
    assert response.status_code == 422
    assert said in response.text


def test_the_page_asks_until_nothing_is_pending(design: Design, as_alice: Client) -> None:
    factories.view(design, position=1, state="pending", preview="")
    page, part = reverse("design", args=[design.pk]), reverse("design-views", args=[design.pk])
    assert f'hx-get="{part}?pending=1"' in as_alice.get(page).text
    assert as_alice.get(f"{part}?pending=1").status_code == 204
    design.images.update(state="enrolled")
    done = as_alice.get(f"{part}?pending=1").text
    assert "hx-trigger" not in done
    assert "compared with 2 views" in done
    assert "<html" not in done


def test_a_refused_view_says_why_and_what_to_do(design: Design, as_alice: Client) -> None:
    error = {"code": "x", "message": "It is damaged.", "remedy": "Send the whole file again."}
    design.images.update(state="refused", error=error)
    text = as_alice.get(reverse("design", args=[design.pk])).text
    assert "It is damaged." in text
    assert "Send the whole file again." in text


def test_a_view_is_removed_once_confirmed_and_never_the_last(
    design: Design, as_bob: Client, as_charlie: Client
) -> None:
    view = factories.view(design, position=1, name="back.png")
    page, shown = reverse("remove-view", args=[view.pk]), reverse("design", args=[design.pk])
    assert as_charlie.get(page).status_code == as_charlie.post(page).status_code == 404
    assert f'href="{page}"' in as_bob.get(shown).text
    assert "Remove back.png from Bottle?" in as_bob.get(page).text
    text = as_bob.post(page, follow=True).text
    assert "back.png is removed." in text
    assert "The last usable view cannot be removed" in text
    assert as_bob.get(page).status_code == 404
    last = reverse("remove-view", args=[design.images.get(position=0).pk])
    assert "the only view of Bottle" in as_bob.post(last, follow=True).text


def test_a_refused_picture_is_dismissed(design: Design, as_alice: Client) -> None:
    error = {"code": "x", "message": "It is damaged.", "remedy": "Send the whole file again."}
    view = factories.view(design, position=1, state="refused", error=error, name="torn.png")
    assert "Dismiss" in as_alice.get(reverse("design", args=[design.pk])).text
    as_alice.post(reverse("remove-view", args=[view.pk]), follow=True)
    assert "torn.png" not in as_alice.get(reverse("design", args=[design.pk])).text


def test_a_design_is_retired_once_confirmed(design: Design, as_alice: Client) -> None:
    page = reverse("retire-design", args=[design.pk])
    assert "cannot be restored" in as_alice.get(page).text
    assert "no longer matches" in as_alice.post(page, follow=True).text
    assert as_alice.get(page).status_code == 302
    brand_page = reverse("brand", args=[design.brand_id])
    assert "Bottle" not in as_alice.get(brand_page).text
    assert "Bottle" in as_alice.get(f"{brand_page}?show=retired").text


def test_a_retired_design_awaits_nothing(design: Design, as_alice: Client) -> None:
    design.images.update(state="pending", width=None, height=None)
    design.retire(timezone.now())
    assert "hx-trigger" not in as_alice.get(reverse("design", args=[design.pk])).text


# --- signing in -------------------------------------------------------------------------------
def test_signing_in_leads_to_what_the_person_does(as_rita: Client, alice: User) -> None:
    client = Client()
    given = {"login": "alice", "password": "correct horse battery"}
    assert client.post(reverse("account_login"), given).headers["Location"] == reverse("home")
    assert client.get(reverse("home")).headers["Location"] == reverse("start")
    factories.view(factories.design(factories.brand(Organisation.objects.get(name="Acme"))))
    assert client.get(reverse("home")).headers["Location"] == reverse("brands")
    assert as_rita.get(reverse("home")).headers["Location"].startswith(reverse("alerts"))
    assert client.post(reverse("sign-out")).headers["Location"] == reverse("account_login")


def test_names_are_shown_as_text(brand: Brand, as_alice: Client) -> None:
    Brand.objects.update(name="<script>alert(1)</script>")
    assert "<script>alert" not in as_alice.get(reverse("brand", args=[brand.pk])).text


def test_error_pages_are_ours_and_need_nobody(settings: Settings, as_alice: Client) -> None:
    assert "There is nothing here" in Client().get("/nothing").text
    assert "Brands" in as_alice.get("/nothing").text
    forged = Client(enforce_csrf_checks=True).post(reverse("account_login"), {})
    assert forged.status_code == 403
    assert "The form was too old" in forged.text
    assert not INLINE.search(forged.text)
    files = [factories.upload() for _ in range(settings.DATA_UPLOAD_MAX_NUMBER_FILES + 1)]
    crowded = Client().post(reverse("account_login"), {"images": files})
    assert crowded.status_code == 400
    assert "too many files" in crowded.text


# --- more views -------------------------------------------------------------------------------
def test_views_are_added_to_a_design(design: Design, as_alice: Client, settings: Settings) -> None:
    page = reverse("add-views", args=[design.pk])
    before = design.images.count()
    as_alice.post(page, {"images": [factories.upload(), factories.upload()]})
    assert design.images.count() == before + 2
    positions = list(design.images.values_list("position", flat=True))
    assert positions == sorted(set(positions))
    settings.MAX_IMAGES = before + 2
    answer = as_alice.post(page, {"images": [factories.upload()]})
    assert answer.status_code == 422
    assert "room for 0 more" in answer.text


def test_nobody_adds_to_a_retired_design_or_a_stranger_s(
    design: Design, as_alice: Client, as_charlie: Client
) -> None:
    page = reverse("add-views", args=[design.pk])
    assert as_charlie.post(page, {"images": [factories.upload()]}).status_code == 404
    design.retire(timezone.now())
    assert "is retired" in as_alice.post(page, {"images": [factories.upload()]}).text
