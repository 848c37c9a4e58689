"""An invitation is made: for which role, where, for how many, for whom. Its code is shown once, in a message."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from bot.flows.joining_steps import FindRegions
from bot.flows.roles import ROLE_NAMES, place_words
from bot.flows.turns import Choice, Event, Flow, Pressed, Question, State, Told, Turn, Wish, Wrote, again
from bot.words import Plain, Say, _, _n, _p, lines
from db.vocabulary import REGION_ROLES, Role

CANCEL = Choice(_p("button", "Cancel"), "cancel")
# Only officials of one region may share an invitation, and each of them then waits for approval.
USES = (1, 5, 20, 50)


class Host(BaseModel):
    """What the inviting person may offer: roles, the one region if there is just one, and the pillars."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    roles: tuple[Role, ...]
    region_code: str | None = None
    place: str = ""
    pillars: tuple[tuple[str, str], ...] = ()


class Draft(BaseModel):
    """The invitation as far as it is known."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    role: Role
    region_code: str | None = None
    place: str = ""
    pillar: str | None = None
    item_key: str | None = None
    about: str = ""
    uses: int = 1

    def but(self, **changes: object) -> "Draft":
        return self.model_copy(update=changes)


class ChoosingRole(State):
    step: Literal["role"] = "role"
    host: Host


class AskingRegion(State):
    step: Literal["region"] = "region"
    host: Host
    draft: Draft


class ChoosingRegion(State):
    step: Literal["which_region"] = "which_region"
    host: Host
    draft: Draft
    found: tuple[tuple[str, str], ...]


class ChoosingPillar(State):
    step: Literal["pillar"] = "pillar"
    host: Host
    draft: Draft


class AskingItem(State):
    step: Literal["item"] = "item"
    draft: Draft


class ChoosingItem(State):
    step: Literal["which_item"] = "which_item"
    draft: Draft
    found: tuple[tuple[str, str], ...]


class Counting(State):
    step: Literal["uses"] = "uses"
    draft: Draft


class Naming(State):
    step: Literal["name"] = "name"
    draft: Draft


class Confirming(State):
    step: Literal["confirm"] = "confirm"
    draft: Draft
    expected_name: str = ""


Inviting = (
    ChoosingRole
    | AskingRegion
    | ChoosingRegion
    | ChoosingPillar
    | AskingItem
    | ChoosingItem
    | Counting
    | Naming
    | Confirming
)


@dataclass(frozen=True, slots=True)
class FindItems(Wish):
    """Told "items": (key, title) of each item of the programme that may be meant."""

    text: str


@dataclass(frozen=True, slots=True)
class CreateInvite(Wish):
    """Make the invitation and send its link, code and letter to the inviting person."""

    role: Role
    region_code: str | None
    pillar: str | None
    item_key: str | None
    max_uses: int
    expected_name: str


def advance(state: Inviting, event: Event) -> Turn[Inviting]:
    if event == Pressed("cancel"):
        return Turn(None, _("Cancelled. No invitation was made."), then="invites")
    match state:
        case ChoosingRole():
            return _choosing_role(state, event)
        case AskingRegion() | ChoosingRegion():
            return _asking_region(state, event)
        case ChoosingPillar():
            return _choosing_pillar(state, event)
        case AskingItem() | ChoosingItem():
            return _asking_item(state, event)
        case Counting():
            return _counting(state, event)
        case Naming():
            return _naming(state, event)
        case Confirming():
            return _confirming(state, event)


def _choosing_role(state: ChoosingRole, event: Event) -> Turn[Inviting]:
    match event:
        case Pressed("role", value) if value in state.host.roles:
            draft = Draft(role=Role(value))
            if draft.role in REGION_ROLES and state.host.region_code:
                return _placed(state.host, draft.but(region_code=state.host.region_code, place=state.host.place))
            return Turn(AskingRegion(host=state.host, draft=draft))
        case _:
            return again(state)


def _asking_region(state: AskingRegion | ChoosingRegion, event: Event) -> Turn[Inviting]:
    host, draft = state.host, state.draft
    match event:
        case Wrote(text):
            return Turn(AskingRegion(host=host, draft=draft), wishes=(FindRegions(text),))
        case Pressed("all") if draft.role not in REGION_ROLES:
            return _placed(host, draft)
        case Told("regions", ()):
            return Turn(state, _("No region of this name was found yet. As in: Kota Tebing Tinggi."))
        case Told("regions", ((code, place),)):
            return _placed(host, draft.but(region_code=code, place=place))
        case Told("regions", found):
            return Turn(ChoosingRegion(host=host, draft=draft, found=found))
        case Pressed("region", code) if isinstance(state, ChoosingRegion) and code in dict(state.found):
            return _placed(host, draft.but(region_code=code, place=dict(state.found)[code]))
        case _:
            return again(state)


def _placed(host: Host, draft: Draft) -> Turn[Inviting]:
    match draft.role:
        case Role.MENTOR | Role.OBSERVER:
            return Turn(ChoosingPillar(host=host, draft=draft))
        case Role.CONTRIBUTOR:
            return Turn(AskingItem(draft=draft))
        case Role.OFFICIAL:
            return Turn(Counting(draft=draft))
        case _:
            return Turn(Naming(draft=draft))


def _choosing_pillar(state: ChoosingPillar, event: Event) -> Turn[Inviting]:
    match event:
        case Pressed("pillar", ""):
            return Turn(Naming(draft=state.draft))
        case Pressed("pillar", key) if key in dict(state.host.pillars):
            return Turn(Naming(draft=state.draft.but(pillar=key, about=dict(state.host.pillars)[key])))
        case _:
            return again(state)


def _asking_item(state: AskingItem | ChoosingItem, event: Event) -> Turn[Inviting]:
    match event:
        case Wrote(text):
            return Turn(AskingItem(draft=state.draft), wishes=(FindItems(text),))
        case Told("items", ()):
            return Turn(state, _("No item fits these words yet. One telling word is enough, as in: Dewan."))
        case Told("items", found):
            return Turn(ChoosingItem(draft=state.draft, found=found))
        case Pressed("item", key) if isinstance(state, ChoosingItem) and key in dict(state.found):
            return Turn(Naming(draft=state.draft.but(item_key=key, about=dict(state.found)[key])))
        case _:
            return again(state)


def _counting(state: Counting, event: Event) -> Turn[Inviting]:
    match event:
        case Pressed("uses", "1"):
            return Turn(Naming(draft=state.draft))
        case Pressed("uses", value) if value in map(str, USES):
            return Turn(Confirming(draft=state.draft.but(uses=int(value))))
        case _:
            return again(state)


def _naming(state: Naming, event: Event) -> Turn[Inviting]:
    match event:
        case Wrote(text) if text.strip():
            return Turn(Confirming(draft=state.draft, expected_name=text.strip()[:64]))
        case Pressed("skip"):
            return Turn(Confirming(draft=state.draft))
        case _:
            return again(state)


def _confirming(state: Confirming, event: Event) -> Turn[Inviting]:
    draft = state.draft
    match event:
        case Pressed("make"):
            wish = CreateInvite(
                draft.role, draft.region_code, draft.pillar, draft.item_key, draft.uses, state.expected_name
            )
            note = _("✅ The invitation is in the message below. Please forward it to the person.")
            return Turn(None, note, (wish,), then="invites")
        case _:
            return again(state)


def question(state: Inviting) -> Question:
    match state:
        case ChoosingRole(host=host):
            roles = tuple((Choice(_ROLE_BUTTONS[role], "role", role),) for role in host.roles)
            return Question(_("Whom would you like to invite?"), (*roles, (CANCEL,)))
        case AskingRegion(draft=draft):
            return _ask_region(draft)
        case ChoosingRegion(found=found):
            rows = tuple((Choice(Plain(place), "region", code),) for code, place in found)
            return Question(_("Which of these is meant? If none is, type the name again."), (*rows, (CANCEL,)))
        case ChoosingPillar(host=host):
            return _ask_pillar(host)
        case AskingItem():
            return Question(
                _("Which item will this person work on? Please type a word of its title, as in: Dewan."), ((CANCEL,),)
            )
        case ChoosingItem(found=found):
            rows = tuple((Choice(Plain(title), "item", key),) for key, title in found)
            return Question(_("Which of these items? If none fits, type another word."), (*rows, (CANCEL,)))
        case Counting():
            return _ask_uses()
        case Naming():
            return Question(
                _("What is the name of the person? It helps to notice if somebody else uses the invitation."),
                ((Choice(_p("button", "Skip"), "skip"), CANCEL),),
            )
        case Confirming(draft=draft, expected_name=name):
            return _confirm(draft, name)


_ROLE_BUTTONS = {
    Role.OFFICIAL: _p("button", "Team member"),
    Role.LEAD: _p("button", "Team lead"),
    Role.CONTRIBUTOR: _p("button", "Contributor"),
    Role.MENTOR: _p("button", "Mentor"),
    Role.OBSERVER: _p("button", "Observer"),
}


def _ask_region(draft: Draft) -> Question:
    if draft.role in REGION_ROLES:
        return Question(_("For which kota or kabupaten? Please type its name."), ((CANCEL,),))
    everywhere = Choice(_p("button", "All regions"), "all")
    return Question(_("For which region? Please type its name, or choose all regions."), ((everywhere,), (CANCEL,)))


def _ask_pillar(host: Host) -> Question:
    pillars = tuple((Choice(Plain(title), "pillar", key),) for key, title in host.pillars)
    return Question(_("For which pillar?"), ((Choice(_p("button", "All pillars"), "pillar"),), *pillars, (CANCEL,)))


def _ask_uses() -> Question:
    counts = tuple(Choice(_n("{count} person", "{count} persons", number), "uses", str(number)) for number in USES)
    return Question(
        _(
            "How many people may use this invitation?\n\nOne person joins at once. If several share it, each of them "
            "waits for your approval."
        ),
        (counts[:2], counts[2:], (CANCEL,)),
    )


def _confirm(draft: Draft, name: str) -> Question:
    details: tuple[Say | None, ...] = (
        _("<b>New invitation</b>"),
        _("Role: {role}", role=ROLE_NAMES[draft.role]),
        _("For: {place}", place=place_words(draft.place)),
        _("About: {about}", about=draft.about) if draft.about else None,
        _("Name: {name}", name=name) if name else None,
        _n("May be used by {count} person.", "May be used by {count} persons.", draft.uses),
        _("Valid for 14 days, and not beyond the closing."),
    )
    return Question(lines(*details), ((CANCEL, Choice(_p("button", "Make invitation"), "make")),))


FLOW: Flow[Inviting] = Flow(
    name="inviting",
    title=_("Invitation"),
    states=TypeAdapter(Annotated[Inviting, Field(discriminator="step")]),
    advance=advance,
    question=question,
)
