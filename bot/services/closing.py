"""The closing day in words, for the programme's own texts."""

from babel.dates import format_date

from bot.program.model import Edition
from bot.services.visits import Visit


def closing_words(edition: Edition, language: str) -> str:
    """ "Kamis, 1 Desember 2022" in this language."""
    return format_date(edition.closing, "EEEE, d MMMM y", locale=language)


def filled(visit: Visit, text: str) -> str:
    """A text of the content with {year}, {closing} and {ministry} filled in."""
    return filled_in(visit.work.programme.edition, text, visit.language)


def filled_in(edition: Edition, text: str, language: str) -> str:
    """The same for a reader of this language."""
    return edition.fill(text, closing_words(edition, language))
