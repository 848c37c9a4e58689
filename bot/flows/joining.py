"""How somebody comes in: by invitation, or by a request that waits for approval. Nothing is kept before consent."""

from typing import Annotated

from pydantic import Field, TypeAdapter

from bot.flows.joining_steps import (
    AskingCode,
    AskingRegion,
    AskSeat,
    BeginTour,
    ChoosingRegion,
    ChoosingRole,
    Confirming,
    Consenting,
    Door,
    FindRegions,
    Join,
    Joining,
    Naming,
    Positioning,
    ReadName,
    ReadPosition,
    RenewConsent,
    Renewing,
    UseCode,
    Visitor,
)
from bot.flows.notice import NOTICE_VERSION, notice
from bot.flows.roles import ROLE_NAMES, place_words
from bot.flows.turns import Choice, Event, Flow, Pressed, Question, Told, Turn, Wrote, again
from bot.words import Plain, Say, _, _p, paragraphs
from db.vocabulary import Role

CANCEL = Choice(_p("button", "Cancel"), "cancel")
ROLES_TO_ASK_FOR = (Role.OFFICIAL, Role.LEAD)


def advance(state: Joining, event: Event) -> Turn[Joining]:
    match event:
        case Pressed("cancel"):
            return _leave(state)
        case _:
            return _onward(state, event)


def _onward(state: Joining, event: Event) -> Turn[Joining]:
    match state:
        case AskingCode():
            return _asking_code(state, event)
        case AskingRegion() | ChoosingRegion():
            return _asking_region(state, event)
        case ChoosingRole():
            return _choosing_role(state, event)
        case Confirming():
            return _confirming(state, event)
        case Naming():
            return _naming(state, event)
        case Positioning():
            return _positioning(state, event)
        case Consenting():
            return _consenting(state, event)
        case Renewing():
            return _renewing(state, event)


def _leave(state: Joining) -> Turn[Joining]:
    match state:
        case Renewing():
            return Turn(None, _("Nothing was changed. The notice will be shown again."))
        case AskingCode():
            return Turn(None, _("Cancelled. Nothing was changed."))
        case AskingRegion(visitor=visitor) | ChoosingRegion(visitor=visitor) | ChoosingRole(visitor=visitor):
            return _left(visitor)
        case _:
            return _left(state.visitor)


def _left(visitor: Visitor) -> Turn[Joining]:
    if visitor.member:
        return Turn(None, _("Cancelled. Nothing was changed."))
    return Turn(None, _("Cancelled. Nothing about you was kept."), then="welcome")


def _asking_code(state: AskingCode, event: Event) -> Turn[Joining]:
    match event:
        case Wrote(text):
            return Turn(state, wishes=(UseCode(text),))
        case Told("refused", (words,)):
            return Turn(state, words)
        case _:
            return again(state)


def _asking_region(state: AskingRegion | ChoosingRegion, event: Event) -> Turn[Joining]:
    match state, event:
        case _, Wrote(text):
            asked = state if isinstance(state, AskingRegion) else AskingRegion(visitor=state.visitor)
            return Turn(asked, wishes=(FindRegions(text),))
        case AskingRegion(), Told("regions", ()):
            return _not_found(state)
        case AskingRegion(visitor=visitor), Told("regions", ((code, place),)):
            return Turn(ChoosingRole(visitor=visitor, region_code=code, place=place))
        case AskingRegion(visitor=visitor), Told("regions", found):
            return Turn(ChoosingRegion(visitor=visitor, found=found))
        case ChoosingRegion(visitor=visitor, found=found), Pressed("region", code) if code in dict(found):
            return Turn(ChoosingRole(visitor=visitor, region_code=code, place=dict(found)[code]))
        case ChoosingRegion(visitor=visitor), Pressed("other"):
            return Turn(AskingRegion(visitor=visitor))
        case _:
            return again(state)


def _not_found(state: AskingRegion) -> Turn[Joining]:
    note = _("No region of this name was found yet.")
    if state.failures:
        note = _("Not found yet. Please write kota or kabupaten and the name, as in: Kota Tebing Tinggi.")
    return Turn(state.model_copy(update={"failures": state.failures + 1}), note)


def _choosing_role(state: ChoosingRole, event: Event) -> Turn[Joining]:
    match event:
        case Pressed("other"):
            return Turn(AskingRegion(visitor=state.visitor))
        case Pressed("role", value) if value in ROLES_TO_ASK_FOR:
            return _role_chosen(state, Role(value))
        case Told("requested"):
            return Turn(None, _("The request was sent. You will be told here as soon as it is decided."))
        case _:
            return again(state)


def _role_chosen(state: ChoosingRole, role: Role) -> Turn[Joining]:
    if state.visitor.member:
        return Turn(state, wishes=(AskSeat(role, state.region_code),))
    return Turn(Naming(visitor=state.visitor, door=Door(role=role, place=state.place, region_code=state.region_code)))


def _confirming(state: Confirming, event: Event) -> Turn[Joining]:
    match event:
        case Pressed("yes"):
            return Turn(Naming(visitor=state.visitor, door=state.door))
        case _:
            return again(state)


def _naming(state: Naming, event: Event) -> Turn[Joining]:
    match event:
        case Wrote(text):
            return Turn(state, wishes=(ReadName(text),))
        case Told("name", (name,)):
            return Turn(Positioning(visitor=state.visitor, door=state.door, name=name))
        case Pressed("same") if state.visitor.name:
            return Turn(Positioning(visitor=state.visitor, door=state.door, name=state.visitor.name))
        case _:
            return again(state, _("Please write your full name, or press the button."))


def _positioning(state: Positioning, event: Event) -> Turn[Joining]:
    match event:
        case Wrote(text):
            return Turn(state, wishes=(ReadPosition(text),))
        case Told("position", (position,)):
            return _to_notice(state, position)
        case Pressed("same") if state.visitor.position:
            return _to_notice(state, state.visitor.position)
        case Pressed("skip"):
            return _to_notice(state, "")
        case _:
            return again(state, _("Please write your position, for example: Head of the Communication Office."))


def _to_notice(state: Positioning, position: str) -> Turn[Joining]:
    return Turn(Consenting(visitor=state.visitor, door=state.door, name=state.name, position=position))


def _consenting(state: Consenting, event: Event) -> Turn[Joining]:
    match event:
        case Pressed("agree"):
            return Turn(state, wishes=(_wish(state),))
        case Pressed("name"):
            return Turn(Naming(visitor=state.visitor, door=state.door))
        case Pressed("decline"):
            return _left(state.visitor)
        case Told("joined"):
            return Turn(None, _joined(state.door), wishes=(BeginTour(),))
        case Told("requested"):
            return Turn(None, _("Thank you. The request now waits for approval; you will be told here."))
        case Told("refused", (words,)):
            return Turn(None, words, then="welcome")
        case _:
            return again(state, _("Please read the notice and choose one of the buttons."))


def _wish(state: Consenting) -> Join:
    door = state.door
    return Join(door.role, door.region_code, door.invite_id, state.name, state.position, NOTICE_VERSION)


def _joined(door: Door) -> Say:
    return _(
        "✅ Welcome. You are registered as {role}, {place}.",
        role=ROLE_NAMES[door.role],
        place=place_words(door.place),
    )


def _renewing(state: Renewing, event: Event) -> Turn[Joining]:
    match event:
        case Pressed("agree"):
            return Turn(None, _("Thank you. Your consent is recorded."), wishes=(RenewConsent(NOTICE_VERSION),))
        case _:
            return again(state, _("Please read the notice and choose one of the buttons."))


def question(state: Joining) -> Question:
    match state:
        case AskingCode():
            return Question(
                _("Please type the code of your invitation, as in <code>K7QF-3M9T-XW2A</code>."), ((CANCEL,),)
            )
        case AskingRegion():
            return Question(_("Which kota or kabupaten do you work for? Please type its name."), ((CANCEL,),))
        case ChoosingRegion(found=found):
            return _which_region(found)
        case ChoosingRole(place=place):
            return _which_role(place)
        case Confirming(door=door):
            return _card(door)
        case Naming(visitor=visitor):
            return _which_name(visitor.name)
        case Positioning(visitor=visitor):
            return _which_position(visitor.position)
        case Consenting():
            return _consent(state)
        case Renewing(contact=contact):
            return Question(
                paragraphs(_("The privacy notice has changed. Please read it once more."), notice(contact)),
                ((Choice(_p("button", "I agree"), "agree"), Choice(_p("button", "Later"), "cancel")),),
            )


def _which_region(found: tuple[tuple[str, str], ...]) -> Question:
    choices = tuple((Choice(Plain(place), "region", code),) for code, place in found)
    more = (Choice(_p("button", "Another region"), "other"), CANCEL)
    return Question(_("Which of these is meant? If none is, type the name again."), (*choices, more))


def _which_role(place: str) -> Question:
    roles = tuple((Choice(_ASKED_AS[role], "role", role),) for role in ROLES_TO_ASK_FOR)
    return Question(
        _("Region: <b>{place}</b>\n\nWhat is your part in the team?", place=place),
        (*roles, (Choice(_p("button", "Another region"), "other"), CANCEL)),
    )


_ASKED_AS = {
    Role.OFFICIAL: _p("button", "Member of the team"),
    Role.LEAD: _p("button", "Lead of the team"),
}


def _card(door: Door) -> Question:
    return Question(
        _(
            "✉️ <b>Invitation</b>\n\nYou will be registered as <b>{role}</b>, <b>{place}</b>.\n\n"
            "Is this invitation meant for you?",
            role=ROLE_NAMES[door.role],
            place=place_words(door.place),
        ),
        ((Choice(_p("button", "Yes, continue"), "yes"),), (Choice(_p("button", "No, not for me"), "cancel"),)),
    )


def _which_name(suggested: str) -> Question:
    same = ((Choice(_p("button", "Use: {name}", name=_short(suggested)), "same"),),) if suggested else ()
    return Question(
        _("Question 1 of 3 · <b>Full name</b>\n\nPlease write it as the team and the mentors should see it."),
        (*same, (CANCEL,)),
    )


def _which_position(known: str) -> Question:
    same = ((Choice(_p("button", "Use: {name}", name=_short(known)), "same"),),) if known else ()
    return Question(
        _(
            "Question 2 of 3 · <b>Position</b>\n\nFor example: Head of the Communication Office. "
            "It helps others to know whom they are talking to."
        ),
        (*same, (Choice(_p("button", "Skip"), "skip"), CANCEL)),
    )


def _short(text: str) -> str:
    return text if len(text) <= 24 else f"{text[:23]}…"


def _consent(state: Consenting) -> Question:
    who = _(
        "Question 3 of 3 · <b>Consent</b>\n\n{name}\n{position}\n{role}, {place}",
        name=state.name,
        position=state.position or "–",
        role=ROLE_NAMES[state.door.role],
        place=place_words(state.door.place),
    )
    agree = (Choice(_p("button", "I agree"), "agree"),)
    others = (Choice(_p("button", "Change name"), "name"), Choice(_p("button", "I do not agree"), "decline"))
    return Question(paragraphs(who, notice(state.visitor.contact)), (agree, others))


FLOW: Flow[Joining] = Flow(
    name="joining",
    title=_("Registration"),
    states=TypeAdapter(Annotated[Joining, Field(discriminator="step")]),
    advance=advance,
    question=question,
)
