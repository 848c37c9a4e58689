"""The closing day in words, for the programme's own texts."""

from babel.dates import format_date

from bot.services.visits import Visit


def closing_words(visit: Visit) -> str:
    """ "Kamis, 1 Desember 2022" in the reader's language."""
    return format_date(visit.work.programme.edition.closing, "EEEE, d MMMM y", locale=visit.language)


def filled(visit: Visit, text: str) -> str:
    """A text of the content with {year}, {closing} and {ministry} filled in."""
    return visit.work.programme.edition.fill(text, closing_words(visit))
