"""A file's data made into a typed value, with every complaint turned into a fault at its line."""

from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.program import files, model
from bot.program.faults import Fault
from bot.program.model import Value
from bot.program.sources import Source, Table, line_of
from bot.program.variants import editions_named, for_edition

T = TypeVar("T", bound=Value)
Loc = tuple[int | str, ...]

# The wording that no edition has claimed for itself.
PLAIN = ""

EXPECTED = {
    "bool": ("neither true nor false", "write true or false"),
    "int": ("not a whole number", "write a number such as 3"),
    "float": ("not a number", "write a number such as 0.75"),
    "string": ("not a text", "write one text; put it in quotes if it begins with a mark"),
    "tuple": ("not a list", "write one entry a line, each beginning with `- `"),
    "dict": ("not a group of fields", "write `name: value` lines below it, indented"),
    "model": ("not a group of fields", "write `name: value` lines below it, indented"),
}


@dataclass
class Part(Generic[T]):
    """One file: its data as the edition sees it, and its value unless it has faults."""

    path: Path
    data: Table
    value: T | None = None
    faults: list[Fault] = field(default_factory=list)

    def blame(self, loc: Loc, what: str, remedy: str) -> None:
        self.faults.append(Fault(self.path, line_of(self.data, loc), what, remedy))


def read_part(source: Source, kind: type[T], edition_key: str = PLAIN) -> Part[T]:
    """Validate a source as one edition sees it; the wordings for all others are looked at as well."""
    if source.faults:
        return Part(source.path, source.data, faults=[*source.faults])
    part = _validated(source, kind, edition_key)
    others = {PLAIN, *editions_named(source.data)} - {edition_key}
    found = {fault for other in others for fault in _validated(source, kind, other).faults}
    part.faults = sorted(found.union(part.faults))
    return part if not part.faults else Part(part.path, part.data, faults=part.faults)


def _validated(source: Source, kind: type[T], edition_key: str) -> Part[T]:
    data = for_edition(source.data, edition_key)
    part: Part[T] = Part(source.path, data)
    try:
        part.value = kind.model_validate(data)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            part.blame(detail["loc"], *_in_words(data, detail))
    return part


def _in_words(data: Table, detail: ErrorDetails) -> tuple[str, str]:
    """What is wrong and what to do, in plain English."""
    loc, told = detail["loc"], detail["type"]
    context: dict[str, Any] = detail.get("ctx", {})
    place = _place(data, loc)
    if "remedy" in context:
        return f"{place}: {context['what']}", str(context["remedy"])
    if told == "missing":
        return f"{place}: the field is missing", f"add `{loc[-1]}:`"
    if told == "extra_forbidden":
        return f"{place}: the field is unknown here", _spelling(str(loc[-1]))
    if told == "enum":
        return f"{place}: '{detail['input']}' is not one of the words", f"use {context['expected']}"
    if told in ("string_too_short", "too_short") or detail["input"] is None:
        return f"{place}: nothing is written here", "fill it in or remove the field"
    what, remedy = EXPECTED.get(told.split("_")[0], (detail["msg"], "correct the value"))
    return f"{place}: {what}", remedy


def _place(data: Table, loc: Loc) -> str:
    """The way to the value: `items > as-profil > how`; entries are called by their keys."""
    here: Any = data
    words = []
    for step in loc:
        try:
            here = here[step]
        except (KeyError, IndexError, TypeError):
            here = None
        key = here.get("key") if isinstance(here, Table) and isinstance(step, int) else None
        words.append(str(key or (f"entry {step + 1}" if isinstance(step, int) else step)))
    return " > ".join(word for word in words if word != "[key]")


def _spelling(name: str) -> str:
    near = get_close_matches(name, _all_fields(), n=1)
    return f"did you mean `{near[0]}`? Otherwise remove it" if near else "remove it or correct its name"


def _all_fields() -> set[str]:
    kinds = [kind for module in (files, model) for kind in vars(module).values()]
    values = [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, Value)]
    return {name for kind in values for name in kind.model_fields} | {"editions"}
