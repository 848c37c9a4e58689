"""The catalogs, and words turned into text in the reader's language."""

from __future__ import annotations

import gettext
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from bot.texts import formats
from bot.texts.markup import bare, escape, without_tags
from bot.words import Clock, Code, Day, Formatted, Joined, Listed, Moment, Plain, Say, ShortDay, Size, Value, Words

LANGUAGES: Final = ("id", "en")
DEFAULT_LANGUAGE: Final = "id"
DOMAIN: Final = "pandu"


class Texts:
    """The catalogs, ready to speak."""

    languages: Final = LANGUAGES

    def __init__(self, catalogs: Mapping[str, gettext.NullTranslations]) -> None:
        self._voices = {
            language: (Voice(catalog, language, markup=True), Voice(catalog, language, markup=False))
            for language, catalog in catalogs.items()
        }

    @classmethod
    def load(cls, directory: Path | None = None) -> Texts:
        """Read the .po files of every language, once a process; no compiled file that could be forgotten."""
        home = directory or _shipped()
        return cls({language: _catalog(home, language) for language in LANGUAGES})

    def html(self, say: Say, language: str) -> str:
        """As Telegram's HTML: tags of our sentences stay, everything that came from people is escaped."""
        return self._voice(language)[0].speak(say)

    def plain(self, say: Say, language: str) -> str:
        """Without any markup: for buttons, toasts, file contents and text to forward to WhatsApp."""
        return self._voice(language)[1].speak(say)

    def _voice(self, language: str) -> tuple[Voice, Voice]:
        return self._voices.get(language) or self._voices[DEFAULT_LANGUAGE]


class Voice:
    """One language in one kind of markup."""

    def __init__(self, catalog: gettext.NullTranslations, language: str, *, markup: bool) -> None:
        self._catalog = catalog
        self._language = language
        self._markup = markup
        self._escape: Callable[[str], str] = escape if markup else str
        self._templates: dict[str, str] = {}

    def speak(self, say: Say) -> str:
        match say:
            case Words():
                return self._sentence(say)
            case Plain(text):
                return self._escape(text)
            case Formatted(html):
                return html if self._markup else bare(html)
            case Joined(parts, separator):
                return separator.join([self.speak(part) for part in parts])
            case Listed(parts):
                spoken = [self.speak(part) for part in parts]
                return formats.enumeration(spoken, self._language)

    def _sentence(self, words: Words) -> str:
        template = self._template(self._translated(words))
        return template.format_map({name: self._value(value) for name, value in words.pairs})

    def _translated(self, words: Words) -> str:
        match words.context, words.plural:
            case None, None:
                return self._catalog.gettext(words.key)
            case str(context), None:
                return self._catalog.pgettext(context, words.key)
            case None, str(plural):
                return self._catalog.ngettext(words.key, plural, words.count or 0)
            case str(context), str(plural):
                return self._catalog.npgettext(context, words.key, plural, words.count or 0)
        raise AssertionError(words)

    def _template(self, sentence: str) -> str:
        if self._markup:
            return sentence
        bare = self._templates.get(sentence)
        if bare is None:
            bare = self._templates[sentence] = without_tags(sentence)
        return bare

    def _value(self, value: Value) -> str:
        match value:
            case str():
                return self._escape(value)
            case int() | float() | Decimal():
                return formats.number(value, self._language)
            case Moment(at, zone):
                return formats.moment(at, zone, self._language)
            case Clock(at, zone):
                return formats.clock(at, zone, self._language)
            case Day(day):
                return formats.long_day(day, self._language)
            case ShortDay(day):
                return formats.short_day(day, self._language)
            case Size(count):
                return formats.size(count, self._language)
            case Code(text):
                return f"<code>{escape(text)}</code>" if self._markup else text
            case _:
                return self.speak(value)


def _shipped() -> Path:
    import locales

    return Path(locales.__path__[0])


@cache
def _catalog(home: Path, language: str) -> gettext.NullTranslations:
    source = home / language / "LC_MESSAGES" / f"{DOMAIN}.po"
    compiled = BytesIO()
    with source.open("rb") as text:
        write_mo(compiled, read_po(text, locale=language, domain=DOMAIN))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
