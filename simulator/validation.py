"""Requests checked against the Bot API as data (`botapi.json`); each method's check is made once."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from simulator.errors import bad_request

Json = dict[str, Any]
Check = Callable[[Any, str], Any]
"""Takes a value and where it stood; gives it back in its right type or raises ApiError."""

MISSING = {
    "chat_id": "chat_id is empty",
    "text": "message text is empty",
    "from_chat_id": "from_chat_id is empty",
    "message_id": "message identifier is not specified",
    "message_ids": "message identifiers are not specified",
    "photo": "there is no photo in the request",
    "document": "there is no document in the request",
    "video": "there is no video in the request",
    "voice": "there is no voice in the request",
    "action": "wrong parameter action in request",
    "file_id": "file_id not specified",
    "user_id": "invalid user_id specified",
    "callback_query_id": "query is too old and response timeout expired or query ID is invalid",
}
"""Telegram's words for a required parameter that is not there; for others, "parameter … is required"."""

MAY_BE_EMPTY = frozenset({"url", "commands"})
TRUE_WORDS = frozenset({"true", "yes", "1"})


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with the request."""

    name: str
    mime_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Method:
    """One method's parameters; names are as documented, whatever the case in the address."""

    name: str
    checks: dict[str, Check]
    required: tuple[str, ...]

    def check(self, raw: Json, unknown: list[str]) -> Json:
        """Parameters in their right types. Unknown ones are left out and named in `unknown`."""
        params: Json = {}
        for name, value in raw.items():
            check = self.checks.get(name)
            if check is None:
                unknown.append(name)
            elif value is not None:
                params[name] = check(value, name)
        for name in self.required:
            if params.get(name) in (None, "") and name not in MAY_BE_EMPTY:
                raise bad_request(MISSING.get(name) or f'parameter "{name}" is required')
        return params


@dataclass(slots=True)
class Schema:
    """The trimmed Bot API and the checks made from it."""

    methods: Json
    types: Json
    _made: dict[str, Check] = field(default_factory=dict)

    def method(self, name: str) -> Method:
        fields = self.methods[name]
        required = tuple(key for key, spec in fields.items() if spec.get("required"))
        return Method(name, self._checks(fields), required)

    def _checks(self, fields: Json) -> dict[str, Check]:
        # Documented as String, yet `attach://…` has become the uploaded file by then.
        return {
            name: _file if name == "media" and spec["types"] == ["String"] else self._any_of(tuple(spec["types"]))
            for name, spec in fields.items()
        }

    def _any_of(self, types: tuple[str, ...]) -> Check:
        if types == ("Integer", "String"):
            return _integer_or_string
        if "InputFile" in types:
            return _file
        if all(name.startswith("Array of ") for name in types):
            return _array(self._any_of(tuple(name.removeprefix("Array of ") for name in types)))
        if len(types) == 1:
            return SIMPLE.get(types[0]) or self._object(types)
        return self._object(types)

    def _object(self, types: tuple[str, ...]) -> Check:
        """A documented object, or one of several; several are told apart by their fields only."""
        return _late(lambda: self._object_now(types))

    def _object_now(self, types: tuple[str, ...]) -> Check:
        key = "|".join(types)
        if key not in self._made:
            fields = [self.types[name] for name in self._concrete(types) if name in self.types]
            self._made[key] = self._fields_check([spec["fields"] for spec in fields]) if fields else _opaque
        return self._made[key]

    def _concrete(self, types: tuple[str, ...]) -> list[str]:
        found: list[str] = []
        for name in types:
            found += self.types.get(name, {}).get("subtypes") or [name]
        return found

    def _fields_check(self, variants: list[Json]) -> Check:
        checks: dict[str, Check] = {}
        for fields in reversed(variants):
            checks.update(self._checks(fields))
        required = set.intersection(*({k for k, v in fields.items() if v.get("required")} for fields in variants))
        return _fields(checks, tuple(sorted(required)))


@cache
def bot_api() -> dict[str, Method]:
    """All known methods by their lower-case name."""
    data = json.loads((Path(__file__).parent / "botapi.json").read_text("utf-8"))
    schema = Schema(data["methods"], data["types"])
    return {name.lower(): schema.method(name) for name in data["methods"]}


def _fields(checks: dict[str, Check], required: tuple[str, ...]) -> Check:
    def check(value: Any, where: str) -> Json:
        given = _loaded(value, where)
        if not isinstance(given, dict):
            raise bad_request(f"object expected as {where}")
        made: Json = {}
        for name, inner in given.items():
            inner_check = checks.get(name)
            if inner_check is None:
                raise bad_request(f'unknown parameter "{where}.{name}"')
            if inner is not None:
                made[name] = inner_check(inner, f"{where}.{name}")
        for name in required:
            if name not in made:
                raise bad_request(f"can't parse {where}: Can't find field \"{name}\"")
        return made

    return check


def _array(of: Check) -> Check:
    def check(value: Any, where: str) -> list[Any]:
        given = _loaded(value, where)
        if not isinstance(given, list):
            raise bad_request(f"can't parse {where}: expected an Array")
        return [of(one, where) for one in given]

    return check


def _late(make: Callable[[], Check]) -> Check:
    """A check made at its first use, since types refer to each other."""

    made = cache(make)
    return lambda value, where: made()(value, where)


def _loaded(value: Any, where: str) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise bad_request(f"can't parse {where} JSON object") from None


def _integer(value: Any, where: str) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    try:
        return int(value) if isinstance(value, str) else int(str(value))
    except ValueError:
        raise bad_request(f'parameter "{where}" must be an Integer') from None


def _float(value: Any, where: str) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        raise bad_request(f'parameter "{where}" must be a Float') from None


def _string(value: Any, where: str) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, int | float):
        return str(value)
    raise bad_request(f'Field "{where}" must be of type String')


def _boolean(value: Any, _where: str) -> bool:
    return value.lower() in TRUE_WORDS if isinstance(value, str) else bool(value)


def _integer_or_string(value: Any, where: str) -> int | str:
    if isinstance(value, str):
        return int(value) if value.removeprefix("-").isdecimal() else value
    return _integer(value, where)


def _file(value: Any, where: str) -> str | Upload:
    return value if isinstance(value, Upload) else _string(value, where)


def _opaque(value: Any, where: str) -> Any:
    return _loaded(value, where)


SIMPLE: dict[str, Check] = {
    "Integer": _integer,
    "Float": _float,
    "String": _string,
    "Boolean": _boolean,
    "True": _boolean,
}
