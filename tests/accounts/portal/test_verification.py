"""Papers are sent on the organisation's page, and judged by the operator's staff on one of its own."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Organisation, Paper
from tests import factories
from vision.pictures.formats import ACCEPT, LISTED

pytestmark = pytest.mark.django_db


@pytest.fixture
def young(db: None) -> Organisation:
    return factories.organisation("Young", verified=False)


@pytest.fixture
def as_yara(young: Organisation) -> Client:
    return factories.signed_in(factories.member(young, "yara", role="owner"))


def sent(young: Organisation, client: Client) -> Paper:
    files = [factories.upload(factories.PDF, "excerpt.pdf")]
    page = client.post(reverse("send-papers", args=[young.pk]), {"papers": files}, follow=True)
    assert "excerpt.pdf" in page.text
    return Paper.objects.get()


def test_papers_are_sent_judged_and_sent_again(
    young: Organisation, as_yara: Client, as_staff: Client
) -> None:
    sent(young, as_yara)
    page = reverse("verify-organisation", args=[young.pk])
    assert "excerpt.pdf" in as_staff.get(page).text
    assert as_staff.post(page, {"judgement": "refuse"}).status_code == 422
    as_staff.post(page, {"judgement": "refuse", "reason": "It is of 2009."})
    team = reverse("team", args=[young.pk])
    assert "It is of 2009." in as_yara.get(team).text
    files = [factories.upload(factories.PDF + b"\n", "newer.pdf")]
    as_yara.post(reverse("send-papers", args=[young.pk]), {"papers": files})
    assert "It is of 2009." not in as_yara.get(team).text
    as_staff.post(page, {"judgement": "verify"})
    assert Organisation.objects.get(pk=young.pk).is_verified


def test_a_paper_is_saved_by_its_organisation_and_staff_alone(
    young: Organisation, as_yara: Client, as_staff: Client, as_alice: Client
) -> None:
    page = reverse("paper", args=[sent(young, as_yara).pk])
    for client in (as_yara, as_staff):
        response = client.get(page)
        assert response.headers["Content-Disposition"].startswith("attachment;")
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert b"".join(response) == factories.PDF
    assert as_alice.get(page).status_code == 404


def test_nobody_but_staff_judges(young: Organisation, as_yara: Client, as_rita: Client) -> None:
    page = reverse("verify-organisation", args=[young.pk])
    for client in (as_yara, as_rita):
        assert client.get(page).status_code == client.post(page).status_code == 404


def test_papers_and_documents_may_be_of_every_type_that_is_read(
    young: Organisation, as_yara: Client
) -> None:
    brand = factories.brand(young)
    for page in (reverse("team", args=[young.pk]), reverse("new-right", args=[brand.pk])):
        shown = as_yara.get(page).text
        assert f'accept=".pdf,{ACCEPT}"' in shown
        assert LISTED in shown


def test_a_file_that_cannot_be_taken_is_told_of(young: Organisation, as_yara: Client) -> None:
    files = [factories.upload(b"<html>", "page.html")]
    page = reverse("send-papers", args=[young.pk])
    answer = as_yara.post(page, {"papers": files}, follow=True)
    assert "The file is neither a PDF nor" in answer.text
    assert not Paper.objects.exists()
