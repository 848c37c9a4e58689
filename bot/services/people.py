"""Persons: who can be reached, what they are called, how they like to be talked to."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from bot.flows.profiling import ChangeName, ChangePhone, ChangePosition, Naming, Phoning, Positioning
from bot.flows.touring import ZONES, Settle
from bot.flows.turns import Told, Wish
from bot.services import own_reminders, seats
from bot.services.conversations import Begin, Grant, Reply
from bot.services.rights import Act, Forbidden, Place
from bot.services.visits import Visit
from bot.texts import DEFAULT_LANGUAGE, LANGUAGES, clean_name, mask_nik
from bot.words import Refusal, _
from db.models import Person
from db.vocabulary import Role

NAME_LIMIT = 64
POSITION_LIMIT = 128
# Indonesian numbers have 8 to 12 digits behind the country; those of other countries at most 15 in all.
_BETWEEN_DIGITS = re.compile(r"[\s().\-\u2010-\u2015]+")
_COUNTRIES = (
    (re.compile(r"(?:\+62|0062|62|0)([1-9][0-9]{7,11})"), "+62"),
    (re.compile(r"(8[0-9]{8,11})"), "+62"),
    (re.compile(r"(?:\+|00)((?!62)[1-9][0-9]{7,14})"), "+"),
)
ZONE_NAMES = frozenset(dict(ZONES))


def mark_reachable(visit: Visit, blocked: bool) -> bool:
    """Keep whether the person's chat takes messages; one audit line per change, none for a repeat.

    True if the person could not be reached and is back.
    """
    person = visit.person
    if person is None or blocked == (person.unreachable_at is not None):
        return False
    person.unreachable_at = visit.work.now if blocked else None
    person.unreachable_reason = "blocked by the person" if blocked else None
    visit.work.audit("unreachable" if blocked else "reachable", "person", person.id)
    return not blocked


def read_name(text: str) -> str:
    """A person's name as it may be shown. Raises `Refusal` if nothing readable is left."""
    name = clean_name(mask_nik(text)[0], NAME_LIMIT)
    if not any(map(str.isalpha, name)):
        raise Refusal(_("The name could not be read yet. Please write your full name."))
    return name


def read_position(text: str) -> str:
    """A position as it may be shown. Raises `Refusal` if nothing readable is left."""
    position = clean_name(mask_nik(text)[0], POSITION_LIMIT)
    if not any(map(str.isalpha, position)):
        raise Refusal(_("The position could not be read yet. Please write it in words."))
    return position


def read_phone(text: str) -> str:
    """A telephone number as it is dialled from anywhere (ITU E.164); one without a country is Indonesian. Raises
    `Refusal` for anything else."""
    number = _BETWEEN_DIGITS.sub("", text)
    for pattern, country in _COUNTRIES:
        if match := pattern.fullmatch(number):
            return country + match[1]
    raise Refusal(_("The telephone number could not be read. Example: 0812 3456 7890 or +62 812 3456 7890."))


def change_phone(visit: Visit, wish: ChangePhone) -> None:
    _change(visit, "phone", read_phone(wish.text) if wish.text else None)


def change_name(visit: Visit, wish: ChangeName) -> None:
    _change(visit, "name", read_name(wish.text))


def change_position(visit: Visit, wish: ChangePosition) -> None:
    _change(visit, "position", read_position(wish.text))


def settle(visit: Visit, wish: Settle) -> Told:
    """Keep what was chosen in the tour."""
    _set_zone(visit, wish.zone)
    _change(visit, "data_saver", wish.saver)
    return Told("settled")


def begin_naming(visit: Visit, _subject: str, _version: int) -> Begin:
    return Begin("profiling", Naming(present=visit.member.name))


def begin_phoning(visit: Visit, _subject: str, _version: int) -> Begin:
    return Begin("profiling", Phoning(present=visit.member.phone or ""))


def begin_positioning(visit: Visit, _subject: str, _version: int) -> Begin:
    return Begin("profiling", Positioning(present=visit.member.position))


def choose_language(visit: Visit, subject: str, _version: int) -> Reply:
    """Speak this language from now on."""
    _change(visit, "language", subject if subject in LANGUAGES else DEFAULT_LANGUAGE)
    visit.language = visit.member.language
    return Reply(toast=_("Saved."), then="settings")


def choose_zone(visit: Visit, subject: str, _version: int) -> Reply:
    """Use this zone (an IANA name) for reminders and times."""
    _set_zone(visit, subject)
    return Reply(toast=_("Saved."), then="settings")


def choose_saver(visit: Visit, subject: str, _version: int) -> Reply:
    """Save data, or not."""
    _change(visit, "data_saver", subject == "on")
    return Reply(toast=_("Saved."), then="settings")


def suspend(visit: Visit, subject: str, _version: int) -> Reply:
    """Close the whole account to Pandu until a coordinator opens it again."""
    person = overseen(visit, subject)
    if person.id == visit.member.id:
        raise Refusal(_("Your own access cannot be suspended here. Another coordinator can do it."))
    if person.suspended_at is None:
        person.suspended_at = visit.work.now
        visit.work.audit("suspend", "person", person.id)
    return Reply(note=_("The access of <b>{name}</b> is suspended.", name=person.name), then=f"person:{person.id}")


def restore(visit: Visit, subject: str, _version: int) -> Reply:
    """Open a suspended account and its suspended seats again."""
    person = overseen(visit, subject)
    held = [seat for seat in seats.of_person(visit.work, person.id) if seat.suspended_at]
    if person.suspended_at or held:
        person.suspended_at = None
        for seat in held:
            seat.suspended_at = None
        visit.work.session.flush()
        visit.work.audit("restore", "person", person.id, after={"seats": [seat.id for seat in held]})
        visit.work.tell(
            person,
            _("Your access to Pandu is open again. /menu shows where things stand."),
            key=f"person:{person.id}:restored:{visit.work.cause}",
        )
    return Reply(note=_("The access of <b>{name}</b> is open.", name=person.name), then=f"person:{person.id}")


def overseen(visit: Visit, subject: str) -> Person:
    """A person of whom this coordinator oversees every seat. Raises `Forbidden` also where there is nobody."""
    visit.require(Act.SUSPEND_PERSON, seats.reach(visit.seat))
    person = visit.work.session.get(Person, int(subject)) if _is_number(subject) else None
    if person is None:
        raise Forbidden(Act.SUSPEND_PERSON, Place())
    for seat in seats.of_person(visit.work, person.id):
        for place in seats.places(seat):
            visit.require(Act.SUSPEND_PERSON, place)
        if seat.role in (Role.COORDINATOR, Role.ADMIN):
            visit.require(Act.SUSPEND_PERSON)
    return person


def _is_number(text: str) -> bool:
    return text.isdecimal() and len(text) < 18


def _set_zone(visit: Visit, zone: str) -> None:
    if zone not in ZONE_NAMES:
        raise Refusal(_("This time zone is not known. Please choose WIB, WITA or WIT."))
    before = visit.zone
    _change(visit, "timezone", zone)
    if visit.zone != before:
        own_reminders.look_at(visit.work, visit.member)


def _change(visit: Visit, column: str, value: Any) -> None:
    """Set one column of the person's own; the audit names the column, never the personal value."""
    person = visit.member
    if getattr(person, column) != value:
        setattr(person, column, value)
        visit.work.audit("change", "person", person.id, after={"column": column})


GRANTS: Mapping[type[Wish], Grant] = {
    ChangeName: change_name,
    ChangePosition: change_position,
    ChangePhone: change_phone,
    Settle: settle,
}
DEEDS: Mapping[str, Callable[[Visit, str, int], Reply | Begin]] = {
    "rename": begin_naming,
    "reposition": begin_positioning,
    "phone": begin_phoning,
    "language": choose_language,
    "zone": choose_zone,
    "saver": choose_saver,
    "suspend": suspend,
    "restore": restore,
}
