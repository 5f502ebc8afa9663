"""Facts of matches that the database holds, whatever the code above it does."""

import pytest

from detection.matching.models import ImageEmbedding
from tests import factories
from tests.constraints import Broken, constraint_names, refusal
from tests.detection.rows import alert, matched, picture


def same_match_twice() -> None:
    made = alert().match
    factories.match(made.listing_image, made.view)


def embedding_twice() -> None:
    image = picture()
    for _ in range(2):
        ImageEmbedding.objects.create(
            image=image, generation="g", regions=[], vectors=b"", features=b""
        )


BROKEN: dict[str, list[Broken]] = {
    "image_embedding_once": [embedding_twice],
    "match_once": [same_match_twice],
    "match_similarity_range": [
        lambda: matched(similarity=49.99),
        lambda: matched(similarity=100.01),
    ],
    "match_kind_known": [lambda: matched(match_kind="style")],
}
CASES = [
    pytest.param(name, broken, id=f"{name}-{number}")
    for name, several in BROKEN.items()
    for number, broken in enumerate(several, 1)
]


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "broken"), CASES)
def test_the_database_refuses(name: str, broken: Broken) -> None:
    said = refusal(broken)
    assert name in said or said.lower().startswith("unique constraint failed")


def test_every_constraint_has_a_row_that_breaks_it() -> None:
    assert set(BROKEN) >= constraint_names("detection.matching")
