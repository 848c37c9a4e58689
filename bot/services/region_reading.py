"""Regions and provinces as people type them, read in one way wherever they are asked for."""

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass

from bot.program.regions import Region, Regions
from bot.services import progress
from bot.services.rights import Act, Place
from bot.services.visits import Visit
from bot.words import Plain, Refusal, _, listed

_PROVINCE = re.compile(r"^prov(?:insi|ince|\.)?\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Meant:
    """The regions that a name means: of a `province`, by its code, several; else one, or none."""

    regions: Sequence[Region] = ()
    province: str | None = None


def reachable(visit: Visit, act: Act) -> list[Region]:
    """The participating regions where this person may do it."""
    known = visit.work.programme.regions.by_code
    codes = [code for code in progress.participants(visit.work) if code in known]
    return [known[code] for code in codes if visit.may(act, Place(code))]


def names_in(text: str) -> list[str]:
    """The names of a list: each in a line of its own, or parted by commas or semicolons."""
    return [name for piece in re.split(r"[,;\n]", text) if (name := piece.strip(" .•-\t"))]


def read(regions: Regions, text: str, within: Container[Region]) -> Meant:
    """What a name, a code or a province means among these regions.

    Raises `Refusal` for a name that could be two regions, as a kota's and a kabupaten's.
    """
    name = _PROVINCE.sub("", text.strip()).casefold()
    province = [one for one in regions if one.province.casefold() == name]
    if province:
        return Meant([one for one in province if one in within], province[0].province_code)
    found = _nearest([one for one in regions.search(text) if one in within], text.strip().casefold())
    if len(found) > 1:
        names = listed([Plain(one.name) for one in found])
        raise Refusal(_("“{text}” can mean {names}. Please write the whole name.", text=text.strip(), names=names))
    return Meant(found)


def _nearest(found: Sequence[Region], name: str) -> Sequence[Region]:
    """Of those that come near: called so with kota or kabupaten, else without, else all of them."""
    whole = [one for one in found if name in (one.name.casefold(), one.code)]
    return whole or [one for one in found if name == one.name.casefold().partition(" ")[2]] or found
