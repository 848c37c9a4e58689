"""Every frequent question is found by other words than its own; what has nothing to do with them finds nothing."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.services.search import Hit, similar
from bot.services.work import Work
from tests import stage

HERE = Path(__file__).parent
UNRELATED = (HERE / "unrelated.txt").read_text(encoding="utf-8").splitlines()
ASKED = [line.split("\t") for line in (HERE / "faq_questions.tsv").read_text(encoding="utf-8").splitlines()]
Both = Callable[[Callable[[Work], Any]], tuple[Any, Any]]


def found(work: Work, text: str) -> list[str]:
    return [hit.key.removeprefix("faq:") for hit in similar(work, text)]


def test_each_frequent_question_is_found_by_two_other_wordings(work: Work) -> None:
    missed = [(key, text) for key, *texts in ASKED for text in texts if key not in found(work, text)]

    assert missed == []


def test_every_frequent_question_has_its_two_wordings_here() -> None:
    assert [key for key, _one, _other in ASKED] == [entry.key for entry in stage.content().faq]


def test_each_frequent_question_finds_itself_first(work: Work) -> None:
    questions = {
        entry.key: entry.question.replace("{closing}", "").replace("{year}", "") for entry in stage.content().faq
    }

    assert {key: found(work, text)[0] for key, text in questions.items()} == {key: key for key in questions}


def test_sentences_of_everyday_life_find_nothing(work: Work) -> None:
    assert {text: found(work, text) for text in UNRELATED if found(work, text)} == {}


def test_both_databases_give_the_same_order_and_scores(on_both: Both) -> None:
    texts = [*UNRELATED, *(text for _key, *others in ASKED for text in others), "quick win", "spbe opd", "data"]

    def all_hits(work: Work) -> dict[str, list[Hit]]:
        return {text: similar(work, text, limit=8) for text in texts}

    one, other = on_both(all_hits)

    assert one == other
    assert any(len(hits) > 3 for hits in one.values())


@pytest.mark.parametrize(
    "text", ["'; DROP TABLE persons; --", '" OR "" NEAR(', "a:* & !b | c <-> d", "terms : x", "NOT"]
)
def test_what_means_something_to_a_database_is_only_words_here(work: Work, text: str) -> None:
    assert similar(work, text) == []


def test_the_longest_message_finds_the_question_in_its_beginning(work: Work) -> None:
    text = "Apakah semua peserta mendapat penghargaan? " + "Terima kasih atas bantuan dan perhatian Bapak Ibu. " * 78

    assert found(work, text[:4096])[0] == "penghargaan"


def test_at_most_as_many_as_wished_are_found(work: Work) -> None:
    assert len(similar(work, "quick win", limit=1)) == 1
