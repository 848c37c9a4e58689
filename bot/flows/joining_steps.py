"""The steps of joining, with exactly what is known at each, and what they may wish for."""

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict

from bot.flows.turns import State, Wish
from db.vocabulary import Role


class Visitor(BaseModel):
    """What is known of the person beforehand. A member has a name, a position and consent already."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = ""
    position: str = ""
    contact: str = ""
    member: bool = False


class Door(BaseModel):
    """What the person will be. Without an invitation it is only asked for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    role: Role
    place: str
    region_code: str | None = None
    invite_id: int | None = None


class AskingCode(State):
    step: Literal["code"] = "code"


class AskingRegion(State):
    step: Literal["region"] = "region"
    visitor: Visitor
    failures: int = 0


class ChoosingRegion(State):
    step: Literal["which_region"] = "which_region"
    visitor: Visitor
    found: tuple[tuple[str, str], ...]


class ChoosingRole(State):
    step: Literal["role"] = "role"
    visitor: Visitor
    region_code: str
    place: str


class Confirming(State):
    step: Literal["card"] = "card"
    visitor: Visitor
    door: Door


class Naming(State):
    step: Literal["name"] = "name"
    visitor: Visitor
    door: Door


class Positioning(State):
    step: Literal["position"] = "position"
    visitor: Visitor
    door: Door
    name: str


class Consenting(State):
    step: Literal["consent"] = "consent"
    visitor: Visitor
    door: Door
    name: str
    position: str


class Renewing(State):
    """A member reads a newer notice."""

    step: Literal["renew"] = "renew"
    contact: str


Joining = (
    AskingCode
    | AskingRegion
    | ChoosingRegion
    | ChoosingRole
    | Confirming
    | Naming
    | Positioning
    | Consenting
    | Renewing
)


@dataclass(frozen=True, slots=True)
class UseCode(Wish):
    """Look behind a typed code. Told "refused" with the words why; otherwise the flow begins at its card."""

    code: str


@dataclass(frozen=True, slots=True)
class FindRegions(Wish):
    """Told "regions": (code, name with province) of each that may be meant."""

    text: str


@dataclass(frozen=True, slots=True)
class ReadName(Wish):
    """Told "name", cleaned. Refused if nothing readable is left."""

    text: str


@dataclass(frozen=True, slots=True)
class ReadPosition(Wish):
    """Told "position", cleaned. Refused if nothing readable is left."""

    text: str


@dataclass(frozen=True, slots=True)
class Join(Wish):
    """Register the person and take the seat, or ask for it. Told "joined", "requested" or "refused"."""

    role: Role
    region_code: str | None
    invite_id: int | None
    name: str
    position: str
    notice_version: int


@dataclass(frozen=True, slots=True)
class AskSeat(Wish):
    """A member asks for another seat. Told "requested"."""

    role: Role
    region_code: str


@dataclass(frozen=True, slots=True)
class RenewConsent(Wish):
    notice_version: int


@dataclass(frozen=True, slots=True)
class BeginTour(Wish):
    """Show the newcomer around."""
