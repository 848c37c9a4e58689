"""Faults on demand: seeded, so that the same order of calls meets the same fate."""

import dataclasses
import random
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Fault(StrEnum):
    """What may happen to one call; the order is the order in which they are drawn."""

    REFUSE = "refuse"
    DROP_BEFORE = "drop_before"
    SERVER_ERROR = "server_error"
    FLOOD_GLOBAL = "flood_global"
    FLOOD_CHAT = "flood_chat"
    ACCEPT_THEN_DROP = "accept_then_drop"


CHANCES = (*Fault, "slow", "duplicate_update", "late_update")
UNTOUCHED_BY_FLOODS = frozenset({"getUpdates", "getMe", "getFile", "answerCallbackQuery"})


@dataclass(slots=True)
class Faults:
    """Chances from 0 to 1 per call (the last two: per update). `methods` names the calls that may be hit."""

    refuse: float = 0.0
    drop_before: float = 0.0
    accept_then_drop: float = 0.0
    slow: float = 0.0
    server_error: float = 0.0
    flood_chat: float = 0.0
    flood_global: float = 0.0
    duplicate_update: float = 0.0
    late_update: float = 0.0
    slow_seconds: float = 3.0
    methods: list[str] | None = None
    seed: int = 0
    limits: bool = True

    def view(self) -> dict[str, Any]:
        return dataclasses.asdict(self)


PRESETS: dict[str, dict[str, Any]] = {
    "normal": {},
    "slow": {"slow": 1.0, "slow_seconds": 3.0},
    "away": {"refuse": 1.0},
    "flood": {"flood_chat": 0.3, "flood_global": 0.05},
    "lossy": {
        "drop_before": 0.1,
        "accept_then_drop": 0.1,
        "server_error": 0.1,
        "duplicate_update": 0.2,
        "late_update": 0.1,
    },
}


class FaultPlan:
    """Draws what happens to each call and each update."""

    def __init__(self, seed: int = 0, limits: bool = True) -> None:
        self.faults = Faults(seed=seed, limits=limits)
        self._random = random.Random(seed)  # noqa: S311 - a plan that can be repeated, no secret
        self.calm = True

    def set(self, wishes: dict[str, Any]) -> Faults:
        """Change the named faults, or take a preset (which sets all chances anew).

        Raises ValueError for unknown names and for values of the wrong kind.
        """
        wanted = dict(wishes)
        preset = wanted.pop("preset", None)
        base = self.faults.view()
        if preset is not None:
            base = {**Faults().view(), "seed": base["seed"], "limits": base["limits"], **_preset(preset)}
        self.faults = Faults(**{**base, **{name: _checked(name, value) for name, value in wanted.items()}})
        if "seed" in wanted:
            self._random.seed(self.faults.seed)
        self.calm = not any(getattr(self.faults, name) for name in CHANCES)
        return self.faults

    def draw(self, method: str) -> Fault | None:
        """The fate of this call; None nearly always."""
        if self.calm or not self._concerns(method):
            return None
        for fault in Fault:
            chance = getattr(self.faults, fault.value)
            if chance and self._random.random() < chance and not _spared(method, fault):
                return fault
        return None

    def delay(self, method: str) -> float:
        """Seconds to wait before this call is worked on."""
        if self.calm or not self._concerns(method) or not self._hit(self.faults.slow):
            return 0.0
        return self.faults.slow_seconds

    def server_error(self) -> tuple[int, bool]:
        """Which 5xx, and whether a proxy's page of HTML answers instead of Telegram's JSON."""
        return self._random.choice(((500, False), (502, True), (503, False), (504, True)))

    def flood_seconds(self) -> int:
        return self._random.randint(1, 5)

    def lets_half_through(self) -> bool:
        return self._random.random() < 0.5

    def duplicates_update(self) -> bool:
        return not self.calm and self._hit(self.faults.duplicate_update)

    def lateness(self) -> float:
        """Seconds by which an update is late; 0.0 nearly always."""
        if self.calm or not self._hit(self.faults.late_update):
            return 0.0
        return self._random.uniform(0.2, 1.0) * self.faults.slow_seconds

    def _hit(self, chance: float) -> bool:
        return bool(chance) and self._random.random() < chance

    def _concerns(self, method: str) -> bool:
        methods = self.faults.methods
        return methods is None or method in methods


def _spared(method: str, fault: Fault) -> bool:
    return fault in (Fault.FLOOD_CHAT, Fault.FLOOD_GLOBAL) and method in UNTOUCHED_BY_FLOODS


def _preset(name: str) -> dict[str, Any]:
    if name not in PRESETS:
        raise ValueError(f"unknown preset {name!r}")
    return PRESETS[name]


def _checked(name: str, value: Any) -> Any:
    if name in CHANCES:
        return _chance(name, value)
    match name, value:
        case "slow_seconds", int() | float():
            return float(value)
        case ("methods", None) | ("methods", list()):
            return value
        case ("seed", int()) | ("limits", bool()):
            return value
    raise ValueError(f"no such fault, or a wrong value: {name!r}")


def _chance(name: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise ValueError(f"{name} is a chance from 0 to 1")
    return float(value)
