"""The content is written in standard, formal Indonesian."""

import csv
import re
from pathlib import Path

import pytest

from bot.program.model import Edition
from tests.program.prose import sentences

TABLE = Path(__file__).parents[1] / "data" / "bahasa.tsv"


def unwanted() -> dict[str, str]:
    """Words to avoid, each with the word to use instead."""
    rows = csv.reader(TABLE.read_text(encoding="utf-8").splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    return {row[0]: row[1] for row in rows if row and not row[0].startswith("#")}


def complaints(text: str) -> list[str]:
    """Whole words only, whatever their case; parts of compounds, paths and options do not count."""
    return [
        f"{word} -> {better}: {text}"
        for word, better in unwanted().items()
        if re.search(rf"(?<![\w/-]){re.escape(word)}(?![\w-])", text, re.IGNORECASE)
    ]


def test_no_word_of_the_table_is_used(either: Edition) -> None:
    assert [complaint for text in sentences(either) for complaint in complaints(text)] == []


def test_people_are_addressed_as_bapak_ibu(either: Edition) -> None:
    assert not [text for text in sentences(either) if re.search(r"\banda\b", text, re.IGNORECASE)]


@pytest.mark.parametrize("text", ["Silahkan unggah", "kirim File itu", "Dimana kantornya"])
def test_a_word_of_the_table_is_found(text: str) -> None:
    assert complaints(text)


@pytest.mark.parametrize("text", ["folder/file", "profile", "back-office", "perubahan"])
def test_parts_of_words_are_left_alone(text: str) -> None:
    assert complaints(text) == []
