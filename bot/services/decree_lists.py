"""A list of days off that came as a file: taken in, read beside the conversation, and its days looked at like pasted
ones."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete
from sqlalchemy.orm import Session

from bot.buttons import do, row_number
from bot.files import LIST_LIMIT, REASONS, Reason, safe_name
from bot.flows import decrees
from bot.flows import holidaying as flow
from bot.flows.holidaying import Area
from bot.flows.turns import Wish, Wrote
from bot.services import holidays, zones
from bot.services.conversations import Begin, Grant
from bot.services.rights import EVERYWHERE, Act, Forbidden
from bot.services.visits import DEFAULT_ZONE, Visit
from bot.services.work import Work
from bot.words import Refusal, Say, Size, _, _n, _p, paragraphs
from db.models import DecreeList
from db.vocabulary import EvidenceKind, EvidenceState

# How long a list can be opened after it came.
KEPT = timedelta(days=14)
_KINDS = _(
    "A list is read from Excel (xlsx), Word (docx), csv or txt. From a PDF or a picture please copy the lines and "
    "paste them here; several messages are fine."
)
# Said otherwise than of evidence, which may be a PDF.
_WHY: Mapping[Reason, Say] = {
    Reason.EMPTY: _("There is nothing in it to read. Please look into the file and send it again."),
    Reason.TOO_BIG: _(
        "A list may have up to {limit}. Please keep only the days in it, or paste its lines here.",
        limit=Size(LIST_LIMIT),
    ),
    Reason.OVERSIZED_INSIDE: _("It holds far more than a list of days. Please keep only the days in it."),
    Reason.LOCKED: _("It is locked with a password. Please save a copy without one and send that."),
    Reason.OLD_OFFICE: _("It has an old Office format. Please save it as xlsx or docx and send the new file."),
    Reason.MACRO: _("It contains macros. Please save it as xlsx or docx without them and send the new file."),
    **dict.fromkeys((Reason.KIND, Reason.PICTURE_KIND, Reason.ARCHIVE, Reason.PROGRAM, Reason.WEB_PAGE), _KINDS),
}


def receive(visit: Visit, wish: flow.ReadList) -> Say:
    """Take a file in, to be read. Raises `Refusal` for one that can be no list at first sight."""
    holidays.require(visit, wish.place.code)
    file = wish.file
    if file.kind is not EvidenceKind.DOCUMENT:
        raise Refusal(_KINDS)
    if (file.size or 0) > LIST_LIMIT:
        raise Refusal(_WHY[Reason.TOO_BIG])
    row = DecreeList(
        edition_id=visit.work.edition_id,
        person_id=visit.member.id,
        kind=wish.kind,
        place=wish.place.code,
        file_id=file.file_id,
        name=safe_name(file.name) or "libur",
        mime=file.mime,
        size=file.size,
        received_at=visit.work.now,
        next_try_at=visit.work.now,
    )
    visit.work.session.add(row)
    return _("📄 {name} has arrived. What was read in it comes in a moment, as a message of its own.", name=row.name)


def settled(work: Work, list_id: int) -> None:
    """A list was fetched: its sender reads what was found in it, and of each row that cannot be taken why."""
    found = work.session.get(DecreeList, list_id, populate_existing=True)
    if found is None:
        return
    key = f"decree-list:{found.id}"
    sender = work.person(found.person_id)
    zone = zones.own(sender.id, sender.timezone) or DEFAULT_ZONE
    today = work.now.astimezone(ZoneInfo(zone)).date()
    days, faults = decrees.read(found.lines, today, holidays.years(work))
    look_at = do(_p("button", "🔎 See what moves"), "holiday-list", found.id)
    work.tell(found.person_id, _read_words(found, days, faults), key=key, rows=((look_at,),) if days else ())


def forget(session: Session, now: datetime) -> int:
    """Take away lists that came long ago and were read or refused. Returns how many."""
    settled = DecreeList.state != EvidenceState.CHECKING
    gone = session.execute(delete(DecreeList).where(settled, DecreeList.received_at < now - KEPT))
    return int(getattr(gone, "rowcount", 0))


def _read_words(found: DecreeList, days: Sequence[decrees.Off], faults: Sequence[decrees.Fault]) -> Say:
    reason = Reason(found.refusal) if found.refusal else None
    told = _WHY.get(reason, REASONS[reason]) if reason else flow.fault_words(faults, taken=bool(days))
    if not days:
        return paragraphs(_("📄 <b>{name}</b> could not be read as a list of days off.", name=found.name), told)
    said = _n(
        "📄 {count} day was read in <b>{name}</b>.",
        "📄 {count} days were read in <b>{name}</b>.",
        len(days),
        name=found.name,
    )
    return paragraphs(said, told, _("Nothing is kept before you have seen what moves."))


def look(visit: Visit, subject: str, _version: int) -> Begin:
    """One's own list as if its lines had been pasted, where days of the same place are being added or anew."""
    found = visit.work.session.get(DecreeList, row_number(subject))
    if found is None or (found.person_id, found.state) != (visit.member.id, EvidenceState.STORED):
        raise Forbidden(Act.CHANGE_CALENDAR, EVERYWHERE)
    place = Area(code=found.place, name=holidays.place_name(visit.work, found.place))
    state: flow.Step = _opened(visit, place) or flow.Writing(
        kind=found.kind, place=place, years=holidays.years(visit.work)
    )
    turn = flow.advance(state, Wrote(found.lines, f"list:{found.id}", visit.at, visit.today))
    for wish in turn.wishes:
        if isinstance(wish, flow.ForeseeDays):
            state = flow.advance(state, holidays.foresee(visit, wish)).state or state
    return Begin(flow.FLOW.name, state, turn.note)


def _opened(visit: Visit, place: Area) -> flow.Writing | flow.Checking | None:
    saved = visit.chat.flow
    state = flow.FLOW.load(saved) if saved and saved["flow"] == flow.FLOW.name else None
    return state if isinstance(state, flow.Writing | flow.Checking) and state.place == place else None


GRANTS: Mapping[type[Wish], Grant] = {flow.ReadList: receive}
DEEDS: Mapping[str, Callable[[Visit, str, int], Begin]] = {"holiday-list": look}
