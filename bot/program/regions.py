"""The 514 kabupaten and kota, and finding the one a person means by what they typed."""

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from functools import lru_cache
from pathlib import Path
from zoneinfo import available_timezones

from bot.program.faults import ContentError, Fault

REGIONS_FILE = Path(__file__).parent / "content" / "regions.csv"
SHORTEST_WITH_TYPO = 4
SHORTEST_INSIDE = 3
LONG_FORMS = {"kep": "kepulauan"}
SILENT_WORDS = frozenset({"adm", "administrasi"})


_COLUMNS = ("code", "name", "type", "province", "timezone")
_CODE = re.compile(r"\d{2}\.\d{2}")


class RegionKind(StrEnum):
    KABUPATEN = "kabupaten"
    KOTA = "kota"


SPOKEN_KINDS = {
    "kabupaten": RegionKind.KABUPATEN,
    "kab": RegionKind.KABUPATEN,
    "kotamadya": RegionKind.KOTA,
    "kodya": RegionKind.KOTA,
    "kota": RegionKind.KOTA,
}


class Nearness(IntEnum):
    EXACT = 0
    BEGINNING = 1
    INSIDE = 2
    ONE_TYPO = 3


@dataclass(frozen=True)
class Region:
    """A kabupaten or kota with its Kemendagri code; the timezone is an IANA name."""

    code: str
    name: str
    kind: RegionKind
    province: str
    timezone: str

    @property
    def province_code(self) -> str:
        return self.code.partition(".")[0]


@dataclass(frozen=True)
class _Meaning:
    """One way to read what was typed: perhaps a kind, and a name without spaces or marks."""

    kind: RegionKind | None
    name: str


_Ranked = tuple[Nearness, int, str, Region]


class Regions:
    """All regions, looked up by code or by a name as people type it."""

    def __init__(self, regions: Iterable[Region]) -> None:
        self.all = tuple(regions)
        self.by_code: Mapping[str, Region] = {region.code: region for region in self.all}
        self._names = {region.code: bare_name(region) for region in self.all}

    def __iter__(self) -> Iterator[Region]:
        return iter(self.all)

    def __len__(self) -> int:
        return len(self.all)

    def search(self, text: str, limit: int = 8) -> tuple[Region, ...]:
        """The regions that may be meant, nearest first; empty if none comes near.

        A kind that was said is kept to; unsaid, a kota and a kabupaten of one name both appear.
        One typo is forgiven when nothing else fits.
        """
        if (code := text.strip()) in self.by_code:
            return (self.by_code[code],)
        whole, said = _Meaning(None, squash(_name_words(text))), _with_kind(text)
        if said is None:
            found = self._near(whole) or self._near(whole, typo=True)
        else:
            # "Kota Baru" may be a kota, or the kabupaten whose name is Kotabaru.
            found = [*self._near(said), *(one for one in self._near(whole) if one[0] is Nearness.EXACT)]
            found = found or self._near(whole) or self._near(said, typo=True) or self._near(whole, typo=True)
        nearest_first = sorted(found, key=lambda one: one[:3])
        return tuple(dict.fromkeys(region for _, _, _, region in nearest_first))[:limit]

    def _near(self, meant: "_Meaning", typo: bool = False) -> "list[_Ranked]":
        return [
            (nearness, len(region.name), region.name, region)
            for region in self.all
            if meant.kind in (None, region.kind)
            and (nearness := nearness_of(meant.name, self._names[region.code], typo)) is not None
        ]


def load_regions(path: Path = REGIONS_FILE) -> Regions:
    """Read the region table; codes stay text, as 11.10 and 11.1 differ. Raises `ContentError` with every wrong row."""
    with path.open(encoding="utf-8", newline="") as table:
        rows = csv.DictReader(table)
        found = [(rows.line_num, row) for row in rows]
    faults = tuple(Fault(path, line, *fault) for line, fault in _faults(found))
    if faults:
        raise ContentError(faults)
    return Regions(
        Region(row["code"], row["name"], RegionKind(row["type"]), row["province"], row["timezone"]) for _, row in found
    )


def _faults(rows: Iterable[tuple[int, Mapping[str, str | None]]]) -> Iterator[tuple[int, tuple[str, str]]]:
    """What is wrong in which line, with what to do."""
    seen: set[str] = set()
    for line, row in rows:
        values = {name: row.get(name) or "" for name in _COLUMNS}
        given = sum(row.get(name) is not None for name in _COLUMNS)
        if given < len(_COLUMNS):
            yield line, (f"the row has {given} of {len(_COLUMNS)} columns", f"write {', '.join(_COLUMNS)}")
            continue
        yield from ((line, fault) for fault in _wrong(values))
        if values["code"] in seen:
            yield line, (f"the code {values['code']} stands here a second time", "remove one of the two rows")
        seen.add(values["code"])


def _wrong(row: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    if not _CODE.fullmatch(row["code"]):
        yield f"'{row['code']}' is not the code of a region", "write province and region, as in 12.76"
    for name in ("name", "province"):
        if not row[name].strip():
            yield f"the {name} is empty", f"write the {name}"
    if row["type"] not in set(RegionKind):
        yield f"'{row['type']}' is not a kind of region", f"write {' or '.join(RegionKind)}"
    if row["timezone"] not in _zones():
        yield f"'{row['timezone']}' is not a time zone", "write Asia/Jakarta, Asia/Makassar or Asia/Jayapura"


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def bare_name(region: Region) -> str:
    """The name without its kind, spaces and marks: "Kota Tebing Tinggi" gives "tebingtinggi"."""
    return squash(_name_words(region.name)[1:])


def squash(words: Iterable[str]) -> str:
    return "".join(words)


def nearness_of(typed: str, name: str, typo: bool = False) -> Nearness | None:
    """How near a typed name comes to a region's; None if not near. Typos are looked at only when asked."""
    if typo:
        near = len(typed) >= SHORTEST_WITH_TYPO and within_one_typo(typed, name)
        return Nearness.ONE_TYPO if near else None
    if not typed or typed not in name:
        return None
    if typed == name:
        return Nearness.EXACT
    if name.startswith(typed):
        return Nearness.BEGINNING
    return Nearness.INSIDE if len(typed) >= SHORTEST_INSIDE else None


def within_one_typo(left: str, right: str) -> bool:
    """Whether one letter added, dropped or changed, or two neighbours swapped, turns one into the other."""
    same = 0
    while same < min(len(left), len(right)) and left[same] == right[same]:
        same += 1
    one, two = left[same:], right[same:]
    changed, added, dropped = one[1:] == two[1:], one == two[1:], one[1:] == two
    return changed or added or dropped or (one[:2] == two[1::-1] and one[2:] == two[2:])


def _with_kind(text: str) -> _Meaning | None:
    """What was typed, read as a kind and a name ("kab. solok", "solok kota", "kotasolok")."""
    words = _name_words(text)
    if len(words) > 1:
        for kind_word, rest in ((words[0], words[1:]), (words[-1], words[:-1])):
            if kind := _kind_of(kind_word):
                return _Meaning(kind, squash(rest))
    whole = squash(words)
    for spoken, kind in SPOKEN_KINDS.items():
        if whole.startswith(spoken) and whole != spoken:
            return _Meaning(kind, whole.removeprefix(spoken))
    return None


def _kind_of(word: str) -> RegionKind | None:
    if word in SPOKEN_KINDS:
        return SPOKEN_KINDS[word]
    return RegionKind.KABUPATEN if within_one_typo(word, "kabupaten") else None


def _name_words(text: str) -> list[str]:
    letters = unicodedata.normalize("NFKD", text.casefold())
    words = re.findall(r"[a-z0-9]+", "".join(one for one in letters if not unicodedata.combining(one)))
    return [LONG_FORMS.get(word, word) for word in words if word not in SILENT_WORDS]
