"""What the stand-in accepted, in order: the only truth in a test; and beside it what it refused."""

from dataclasses import dataclass, field
from typing import Any

from simulator.clock import Clock
from simulator.validation import Upload

Json = dict[str, Any]


@dataclass(slots=True)
class Ledger:
    """`entries[n]` has the number n + 1. Nothing is ever taken away but by `clear`."""

    clock: Clock
    entries: list[Json] = field(default_factory=list)
    refusals: list[Json] = field(default_factory=list)

    def accept(self, method: str, params: Json, result: Any, faulted: str | None) -> None:
        """One line per accepted call; several messages made by one call are listed in `message_ids`."""
        entry = {"n": len(self.entries) + 1, "at": self.clock.time(), "method": method}
        entry["params"] = light(params)
        entry["chat_id"] = params.get("chat_id")
        entry["message_id"] = params.get("message_id")
        entry["faulted"] = faulted
        _name_messages(entry, result)
        self.entries.append(entry)

    def refuse(self, method: str, params: Json, code: int, description: str) -> None:
        """Code 0: nothing was answered at all, or it was let through with a remark."""
        n = len(self.refusals) + 1
        self.refusals.append(
            {
                "n": n,
                "at": self.clock.time(),
                "method": method,
                "chat_id": params.get("chat_id"),
                "params": light(params),
                "code": code,
                "description": description,
            }
        )

    def since(self, n: int) -> list[Json]:
        return self.entries[n:]

    def of(self, *methods: str, chat_id: int | None = None) -> list[Json]:
        """Entries of these methods, of one chat if it is named."""
        return [entry for entry in self.entries if entry["method"] in methods and chat_id in (None, entry["chat_id"])]

    def clear(self) -> None:
        self.entries.clear()
        self.refusals.clear()


def light(value: Any) -> Any:
    """Parameters as they came, uploads without their content."""
    match value:
        case Upload():
            return {"name": value.name, "mime_type": value.mime_type, "size": len(value.content)}
        case dict() if any(isinstance(one, Upload | list) for one in value.values()):
            return {key: light(one) for key, one in value.items()}
        case list():
            return [light(one) for one in value]
    return value


def _name_messages(entry: Json, result: Any) -> None:
    match result:
        case {"message_id": int() as made}:
            entry["message_id"] = made
        case [{"message_id": int() as first}, *_]:
            entry["message_id"] = first
            entry["message_ids"] = [one["message_id"] for one in result]
