"""One specimen of every step of every flow, made from the fields that the step declares."""

import types
from collections.abc import Iterator, Mapping
from dataclasses import fields as dataclass_fields
from dataclasses import is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel

from bot.flows.turns import Flow, State

AT = datetime(2026, 11, 14, 2, 0, tzinfo=UTC)
# What a field of this name holds, where a made-up value would make no sense.
USUAL: Mapping[str, Any] = {
    "key": "1",
    "title": "SK Dewan Smart City",
    "region_code": "12.76",
    "code": "12.76",
    "region": "Kota Tebing Tinggi",
    "milestone_key": "kelembagaan",
    "zone": "Asia/Jakarta",
    "timezone": "Asia/Jakarta",
    "due": None,
    "kind": "phone",
}


def steps(flow: Flow[Any]) -> Iterator[type[State]]:
    """Every kind of state of a flow."""
    yield from _models(flow.states._type)


def _models(kind: Any) -> Iterator[type[State]]:
    if isinstance(kind, type) and issubclass(kind, State):
        yield kind
        return
    for part in get_args(kind):
        yield from _models(part)


def step_name(step: type[State]) -> str:
    return str(step.model_fields["step"].default)


def specimen(model: type[Any], **known: Any) -> Any:
    """A value of a model or dataclass. `known` are fields by name, at any depth, and stronger than the usual ones."""
    names = model.model_fields if issubclass(model, BaseModel) else {field.name for field in dataclass_fields(model)}
    hints = get_type_hints(model, include_extras=True)
    # The key of an item goes with its number; other keys are numbers.
    fitting = known if "item_id" in names else {name: value for name, value in known.items() if name != "key"}
    return model(**{name: _field(name, hints[name], known, own=fitting) for name in names})


def _field(name: str, kind: Any, known: Mapping[str, Any], own: Mapping[str, Any]) -> Any:
    for given in (own, USUAL):
        if name in given and not (isinstance(kind, type) and issubclass(kind, Enum)):
            return given[name]
    return _value(kind, known)


def _value(kind: Any, known: Mapping[str, Any]) -> Any:
    origin, parts = get_origin(kind), get_args(kind)
    if origin is Literal:
        return parts[0]
    if origin in (Union, types.UnionType):
        return _value(parts[0], known)
    if origin is tuple:
        return (_value(parts[0], known),) if parts[-1] is Ellipsis else tuple(_value(part, known) for part in parts)
    if hasattr(kind, "__metadata__"):
        return _value(parts[0], known)
    return _plain(kind, known)


def _plain(kind: Any, known: Mapping[str, Any]) -> Any:
    if isinstance(kind, type) and (issubclass(kind, BaseModel) or is_dataclass(kind)):
        return specimen(kind, **known)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return next(iter(kind))
    return {str: "Siti Rahma", int: 1, bool: True, datetime: AT, date: AT.date(), type(None): None}.get(kind)
