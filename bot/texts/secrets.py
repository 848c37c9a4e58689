"""What should not stand in a text that everybody may read: numbers, addresses, names of persons and regions."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class SecretKind(StrEnum):
    NIK = "nik"
    NIP = "nip"
    PHONE = "phone"
    EMAIL = "email"
    ACCOUNT = "account"
    PERSON = "person"
    REGION = "region"


# Whatever else is meant by it, a number of this kind never goes out.
NEVER = frozenset({SecretKind.NIK, SecretKind.NIP})


@dataclass(frozen=True, slots=True)
class Secret:
    kind: SecretKind
    text: str


_NUMBER = r"(?<![\d/=]){}(?!\d)"
_PATTERNS = (
    (SecretKind.EMAIL, re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    (SecretKind.NIP, re.compile(_NUMBER.format(r"\d{8}[ .-]?\d{6}[ .-]?\d[ .-]?\d{3}"))),
    (SecretKind.NIK, re.compile(_NUMBER.format(r"(?:\d{16}|\d{4}(?:[ .-]\d{4}){3}|\d{6}[ .-]\d{6}[ .-]\d{4})"))),
    (SecretKind.NIK, re.compile(r"\*{12}\d{4}")),
    (SecretKind.PHONE, re.compile(r"(?<![\d/=.])(?:\+?62|0)[ -]?8\d{2}[ .-]?\d{3,4}[ .-]?\d{3,5}(?!\d)")),
    (SecretKind.PHONE, re.compile(r"(?<![\d/=.])(?:\+?62|0)[ -]?\d{2,3}[ .-]?\d{3,4}[ .-]?\d{3,4}(?!\d)")),
    (SecretKind.PHONE, re.compile(r"\(0\d{2,3}\)[ -]?\d{2,4}[ .-]?\d{3,4}(?!\d)")),
    (SecretKind.ACCOUNT, re.compile(r"(?<![\w@.])@[A-Za-z]\w{4,31}\b")),
)
_TITLED = re.compile(r"\b(?:Bapak|Ibu|Pak|Bu|Sdr\.?|Sdri\.?|Saudara|Saudari)\s+((?:[A-Z][\w'’]+)(?:\s+[A-Z][\w'’]+)*)")
# What follows "Bapak" or "Ibu" without being a name.
_NO_NAMES = frozenset(
    {"bupati", "wali", "walikota", "gubernur", "kepala", "camat", "sekda", "sekretaris", "ketua", "menteri"}
    | {"presiden", "kota", "dan", "asisten", "mentor"}
)
_SHORTEST_NAME = 4


def secrets(text: str, names: Collection[str] = (), regions: Collection[str] = ()) -> list[Secret]:
    """Everything of the kind in the text, each once, in its order. `regions` are names without "Kota" or "Kabupaten".

    Names count where they begin with a capital letter, also a single word of one.
    """
    found = [*_numbers(text), *_titled(text), *_named(text, SecretKind.PERSON, _with_parts(names))]
    found += _named(text, SecretKind.REGION, regions)
    return _outermost(found)


def masked(text: str, found: Sequence[Secret], words: Mapping[SecretKind, str]) -> str:
    """The text with each secret replaced by the word for its kind, longer ones first."""
    for secret in sorted(found, key=lambda one: -len(one.text)):
        parts = re.split(rf"(?<!\w){re.escape(secret.text)}(?!\w)", text)
        text = words[secret.kind].join(parts)
    return text


_Found = tuple[int, int, Secret]


def _numbers(text: str) -> Iterator[_Found]:
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            yield match.start(), match.end(), Secret(kind, match.group())


def _titled(text: str) -> Iterator[_Found]:
    for match in _TITLED.finditer(text):
        if match[1].split()[0].casefold() not in _NO_NAMES:
            yield match.start(1), match.end(1), Secret(SecretKind.PERSON, match[1])


def _with_parts(names: Collection[str]) -> set[str]:
    parts = (part.strip(".,") for name in names for part in name.split())
    return {*names, *(part for part in parts if len(part) >= _SHORTEST_NAME and part[0].isupper())}


def _named(text: str, kind: SecretKind, names: Collection[str]) -> Iterator[_Found]:
    known = sorted((name for name in names if name), key=lambda name: (-len(name), name))
    if not known:
        return
    before = r"(?:Kota |Kabupaten |Kab\. )?" if kind is SecretKind.REGION else ""
    pattern = re.compile(rf"(?<!\w){before}(?:{'|'.join(map(re.escape, known))})(?!\w)")
    for match in pattern.finditer(text):
        yield match.start(), match.end(), Secret(kind, match.group())


def _outermost(found: Sequence[_Found]) -> list[Secret]:
    """In the order of the text; what lies within something else is that something."""
    kept: list[Secret] = []
    end = 0
    for start, until, secret in sorted(found, key=lambda one: (one[0], -one[1])):
        if start >= end:
            kept.append(secret)
            end = until
    return list(dict.fromkeys(kept))
