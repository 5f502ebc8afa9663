"""A statement's words, in every language."""

import pytest

from detection.review.models import Decision
from detection.review.models.decision import REASONS
from detection.review.statement.wording import CHINESE, ENGLISH


def test_every_language_has_every_text() -> None:
    assert ENGLISH.keys() == CHINESE.keys()


@pytest.mark.parametrize("words", [ENGLISH, CHINESE])
def test_each_reason_for_a_block_has_words_for_the_seller(words: dict[str, str]) -> None:
    assert all(reason in words for reason in REASONS[Decision.Outcome.INFRINGING])
