"""Catalogs made from the code: a template, Indonesian kept by people, English filled from the sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_keywords
from babel.messages.pofile import read_po, write_po

ROOT: Final = Path(__file__).parent
SOURCES: Final = ROOT.parent / "bot"
TEMPLATE: Final = "pandu.pot"
METHODS: Final = (("**.py", "python"),)
KEYWORDS: Final = ("_:1", "_n:1,2", "_p:1c,2")
# Indonesian has no plural form; Babel's own default for it would ask for two.
PLURALS: Final[Mapping[str, str]] = MappingProxyType(
    {"id": "nplurals=1; plural=0;", "en": "nplurals=2; plural=(n != 1);"}
)
LANGUAGES: Final = tuple(PLURALS)


def update(directory: Path = ROOT, sources: Path = SOURCES) -> Iterator[str]:
    """Write template and catalogs; yields what was written and every sentence that still waits for people."""
    template = extracted(sources)
    (directory / TEMPLATE).write_bytes(as_text(template))
    yield f"{TEMPLATE}: {len(template)} sentences"
    for language in LANGUAGES:
        path = place(directory, language)
        catalog = renewed(template, path, language)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(as_text(catalog, language))
        waiting = [message for message in sentences(catalog) if not complete(message)]
        yield f"{language}: {len(waiting)} without a translation"
        yield from (f"  {message.context or ''} {message.id}" for message in waiting)


def place(directory: Path, language: str) -> Path:
    """Where the catalog of a language lives."""
    return directory / language / "LC_MESSAGES" / "pandu.po"


def extracted(sources: Path = SOURCES) -> Catalog:
    """Every marked sentence of the code, by file and in the order of the file."""
    catalog = Catalog()
    found = extract_from_dir(sources, list(METHODS), keywords=parse_keywords(KEYWORDS))
    for name, _line, message, _comments, context in sorted(found, key=lambda each: (each[0], each[1])):
        home = f"{sources.name}/{Path(name).as_posix()}"
        catalog.add(message, locations=[(home, None)], context=context)  # type: ignore[list-item]
    return catalog


def renewed(template: Catalog, path: Path, language: str) -> Catalog:
    """The template in this language, translations kept; nothing is guessed and nothing obsolete stays."""
    earlier = read(path, language) if path.exists() else Catalog()
    catalog = read_po(BytesIO(_header(language).encode()), locale=language)
    for message in sentences(template):
        string = message.id if language == "en" else _kept(message, earlier)
        catalog.add(message.id, string, locations=message.locations, context=message.context)
    return catalog


def read(path: Path, language: str) -> Catalog:
    with path.open("rb") as text:
        return read_po(text, locale=language)


def sentences(catalog: Catalog) -> list[Message]:
    """The messages without the header."""
    return [message for message in catalog if message.id]


def complete(message: Message) -> bool:
    """Translated in every form, by a person and not by a guess."""
    forms = forms_of(message)
    return bool(forms) and all(forms) and not message.fuzzy


def forms_of(message: Message) -> tuple[str, ...]:
    """The translation in every form it has."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def as_text(catalog: Catalog, language: str | None = None) -> bytes:
    """The file of a catalog: no dates, lines or machine names, so that it changes only with its sentences."""
    body = BytesIO()
    write_po(body, catalog, width=110, sort_by_file=True, omit_header=True, include_lineno=False)
    return _header(language).encode() + b"\n" + body.getvalue().strip(b"\n") + b"\n"


def _kept(message: Message, earlier: Catalog) -> str | tuple[str, ...]:
    known = earlier.get(message.id, message.context)
    forms = forms_of(known) if known and not known.fuzzy else ("",)
    return forms if message.pluralizable else forms[0]


def _header(language: str | None) -> str:
    fields = ["Project-Id-Version: Pandu", *([f"Language: {language}"] if language else [])]
    fields += ["MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8"]
    fields.append("Content-Transfer-Encoding: 8bit")
    if language:
        fields.append(f"Plural-Forms: {PLURALS[language]}")
    return "\n".join(['msgid ""', 'msgstr ""', *(f'"{field}\\n"' for field in fields), ""])
