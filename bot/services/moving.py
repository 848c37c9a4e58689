"""The session of an invitation that was sent is moved: another time or place in every copy, and all hear of it."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import delete

from bot.flows import announcing as flow
from bot.flows.turns import Told, Wish
from bot.services import announcement_letters, schedule
from bot.services.announced import revise, that_left
from bot.services.announcements import has_begun
from bot.services.conversations import Begin, Grant, Reply
from bot.services.rights import Act, Forbidden, Place
from bot.services.visits import Visit
from bot.texts import clean_name
from bot.words import Plain, Refusal, Say, _
from db.models import Announcement, CheckIn
from db.vocabulary import Confirmation

PLACE = 100


def begin(visit: Visit, subject: str, _version: int) -> Begin:
    """Begin to move a session (`12-event`, `12-place`)."""
    number, _dash, field = subject.partition("-")
    found = _to_come(visit, number)
    if field not in ("event", "place"):
        raise Forbidden(Act.ANNOUNCE, Place())
    present = visit.plain(_now(found)[field])
    has_place = field == "place" and bool(found.event_place)
    state = {"announcement_id": found.id, "field": field, "present": present, "has_place": has_place}
    return Begin(flow.FLOW.name, flow.Moving.model_validate(state))


def _now(found: Announcement) -> Mapping[str, Say]:
    return {
        "event": announcement_letters.event_time(found) or Plain(""),
        "place": Plain(found.event_place) if found.event_place else _("no place yet"),
    }


def _to_come(visit: Visit, subject: str | int) -> Announcement:
    """An invitation that was sent, to a session that has not begun. Raises `Refusal` for any other."""
    found = that_left(visit, subject)
    if found.confirmation is not Confirmation.ATTENDANCE or found.event_at is None:
        raise Refusal(_("Only an invitation has a session that can be moved."))
    if has_begun(found, visit.work.now):
        raise Refusal(_("The session has begun; it can no longer be moved."))
    return found


def read(visit: Visit, wish: flow.ReadSession) -> Told:
    """As it will read. Raises `Refusal` for what cannot be read, and for what is so already."""
    found = _to_come(visit, wish.announcement_id)
    moved = Announcement(confirmation=found.confirmation, **_values(visit, found, wish))
    return Told("session", (visit.plain(_now(moved)[wish.field]),))


def move(visit: Visit, wish: flow.MoveSession) -> Say:
    """Another time asks everybody anew; at another beginning, whoever was early enough to be checked in was not there.
    Another place leaves their answers."""
    found, work = _to_come(visit, wish.announcement_id), visit.work
    values = _values(visit, found, wish)
    if values.get("event_at", found.event_at) != found.event_at:
        work.session.execute(delete(CheckIn).where(CheckIn.announcement_id == found.id))
    revise(work, found, material=wish.field == "event", **values)
    if found.check_in_code is None:
        return _("The copies are being corrected.")
    return _("The copies are being corrected. The check-in picture still says how it was: please open it anew.")


def _values(visit: Visit, found: Announcement, wish: flow.ReadSession) -> dict[str, Any]:
    if wish.field == "place":
        values: dict[str, Any] = {"event_place": clean_name(wish.text, PLACE)}
    else:
        begins, ends = schedule.read_session(visit.work, wish.text)
        values = {"event_at": begins, "event_until": ends}
        if found.event_at and found.valid_until and found.valid_until <= begins:
            values["valid_until"] = found.valid_until + (begins - found.event_at)
    if all(getattr(found, name) == value for name, value in values.items()):
        raise Refusal(_("It is so already. Please write another one, or cancel."))
    return values


GRANTS: Mapping[type[Wish], Grant] = {flow.ReadSession: read, flow.MoveSession: move}
DEEDS: Mapping[str, Callable[[Visit, str, int], Reply | Begin]] = {"ann-move": begin}
