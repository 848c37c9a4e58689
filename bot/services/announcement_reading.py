"""An announcement from its reader's side: what came, what is still unread, and a reader's word on it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, or_, select

from bot.buttons import look, row_number
from bot.services import announcement_letters, follow_ups, readers
from bot.services.announcements import has_begun
from bot.services.conversations import Reply
from bot.services.rights import Act, Forbidden, Place
from bot.services.visits import Visit
from bot.services.work import Work
from bot.words import Say, _, _n, _p, lines
from db.models import Announcement, OutboxMessage, Person, Reader
from db.vocabulary import AnnouncementState, Confirmation, OutboxState, ReaderState

# Uncertain ones are shown too, and those that their chat did not take: whoever reads them there has them.
_SHOWN = (ReaderState.SENT, ReaderState.IN_DOUBT, ReaderState.QUEUED, ReaderState.FAILED)
# So many are named in the message to whoever is back.
_NAMED = 10
Mine = tuple[Announcement, Reader]
# After a word: what else awaits one, with a tick on what has it.
_MINE = "my-announcements"


def mine(visit: Visit) -> Sequence[Mine]:
    """What was announced to this person, unread first, then newest first."""
    rows = visit.work.session.execute(
        select(Announcement, Reader)
        .join(Reader, Reader.announcement_id == Announcement.id)
        .where(Reader.person_id == visit.member.id, Reader.state.in_(_SHOWN))
        .order_by(Announcement.id.desc())
    )
    found = [(announcement, reader) for announcement, reader in rows]
    return sorted(found, key=lambda row: not unread(row[0], row[1], visit.work.now))


def unread(announcement: Announcement, reader: Reader, now: datetime) -> bool:
    """Whether a word of the reader is still awaited."""
    if announcement.state is AnnouncementState.RECALLED:
        return False
    match announcement.confirmation:
        case Confirmation.READ:
            return reader.read_at is None
        case Confirmation.ATTENDANCE:
            return reader.attends is None and not has_begun(announcement, now)
        case _:
            return False


def count_unread(work: Work, person_id: int) -> int:
    """How many announcements await this person's word."""
    asked = (Announcement.confirmation == Confirmation.READ) & Reader.read_at.is_(None)
    to_come = Announcement.event_at.is_(None) | (Announcement.event_at > work.now)
    invited = (Announcement.confirmation == Confirmation.ATTENDANCE) & Reader.attends.is_(None) & to_come
    statement = (
        select(func.count())
        .select_from(Reader)
        .join(Announcement, Announcement.id == Reader.announcement_id)
        .where(Reader.person_id == person_id, Reader.state.in_(_SHOWN), asked | invited)
        .where(Announcement.state != AnnouncementState.RECALLED)
    )
    return work.session.scalar(statement) or 0


def one(visit: Visit, announcement_id: str) -> Mine:
    """One of those announced to this person. Raises `Forbidden` for any other."""
    reader = visit.work.session.get(Reader, (row_number(announcement_id), visit.member.id), populate_existing=True)
    found = visit.work.session.get(Announcement, row_number(announcement_id), populate_existing=True)
    if reader is None or found is None or reader.state not in _SHOWN:
        raise Forbidden(Act.SEE_REGION, Place())
    return found, reader


def read(visit: Visit, subject: str, _version: int) -> Reply:
    """ "Sudah saya baca": once; a press proves that the message has arrived."""
    found, reader = _locked(visit, subject)
    if found.state is AnnouncementState.RECALLED:
        return _nothing_needed(found)
    if reader.read_at is None:
        reader.read_at = visit.at
        _note(visit, found, reader)
        visit.work.audit("read_announcement", "announcement", found.id)
    return Reply(toast=_("Thank you, it is noted that you have read it."), then=_MINE)


def files(visit: Visit, subject: str, _version: int) -> Reply:
    """Send the files that came with it once more."""
    found, _reader = one(visit, subject)
    if found.state is AnnouncementState.RECALLED:
        return _nothing_needed(found)
    announcement_letters.tell_files(visit.work, found, visit.member.id)
    return Reply(toast=_n("{count} file is on its way.", "{count} files are on their way.", len(found.files)))


def come(visit: Visit, subject: str, _version: int) -> Reply:
    """ "Hadir"; the last word counts."""
    return _attend(visit, subject, attends=True)


def stay(visit: Visit, subject: str, _version: int) -> Reply:
    """ "Tidak hadir"; the last word counts."""
    return _attend(visit, subject, attends=False)


def _attend(visit: Visit, subject: str, *, attends: bool) -> Reply:
    found, reader = _locked(visit, subject)
    if found.state is AnnouncementState.RECALLED:
        return _nothing_needed(found)
    if has_begun(found, visit.at):
        return Reply(
            toast=_("The session has begun; answers are no longer changed."), then=f"my-announcement:{found.id}"
        )
    if reader.attends is not attends:
        reader.attends, reader.answered_at = attends, visit.at
        _note(visit, found, reader)
        visit.work.audit("answer_announcement", "announcement", found.id, after={"attends": attends})
    if attends:
        return Reply(toast=_("Thank you, you are expected."), then=_MINE)
    return Reply(toast=_("Thank you for telling. It is noted that you cannot attend."), then=_MINE)


def tell_missed(work: Work, person: Person) -> int:
    """Whoever is back hears, in one message, of what their chat did not take, still holds and is still unread.

    Returns how many there are; what was told once is not told alone again.
    """
    missed = [found for found, reader in _missed(work, person.id) if readers.was_closed(reader.why)]
    if missed:
        titles = [_("• {subject}", subject=announcement_letters.title(found)) for found in missed[-_NAMED:]]
        work.tell(
            person,
            lines(_intro(len(missed)), *titles),
            key=f"missed:{person.id}:{missed[-1].id}",
            rows=((look(_p("button", "📢 Announcements"), "my-announcements"),),),
        )
    return len(missed)


def _missed(work: Work, person_id: int) -> Sequence[Mine]:
    holds = or_(Announcement.valid_until.is_(None), Announcement.valid_until > work.now)
    to_come = or_(Announcement.event_at.is_(None), Announcement.event_at > work.now)
    rows = work.session.execute(
        select(Announcement, Reader)
        .join(Reader, Reader.announcement_id == Announcement.id)
        .where(Reader.person_id == person_id, Reader.state == ReaderState.FAILED, Reader.read_at.is_(None))
        .where(Announcement.edition_id == work.edition_id, holds, to_come)
        .where(Announcement.state != AnnouncementState.RECALLED)
        .order_by(Announcement.id)
    )
    return [(found, reader) for found, reader in rows]


def _intro(count: int) -> Say:
    return _n(
        "📬 {count} announcement could not be delivered while you were away. It can be read here:",
        "📬 {count} announcements could not be delivered while you were away. They can be read here:",
        count,
    )


def _nothing_needed(found: Announcement) -> Reply:
    toast = _("This announcement was recalled, so nothing needs to be done. Thank you.")
    return Reply(toast=toast, then=f"my-announcement:{found.id}")


def _locked(visit: Visit, subject: str) -> Mine:
    """The same to be changed: its result is not written down meanwhile. Below a copy the button names its try (`12-1`),
    so that a press shows the copy's number."""
    number, _dash, copy = subject.partition("-")
    found, reader = one(visit, number)
    visit.work.session.refresh(reader, with_for_update=True)
    if copy and visit.pressed is not None:
        _recognise(visit.work, found, reader, row_number(copy), visit.pressed)
    return found, reader


def shown(visit: Visit, key: str, message_id: int) -> None:
    """The reader has answered a copy of which Telegram told us no number: here is the number, and the copy is there."""
    match key.split(":"):
        case ["announcement", announcement_id, _person, copy, _part] if copy.isdecimal():
            found, reader = one(visit, announcement_id)
            visit.work.session.refresh(reader, with_for_update=True)
            _recognise(visit.work, found, reader, row_number(copy), message_id)
            _has_arrived(reader, (ReaderState.IN_DOUBT,))


def _recognise(work: Work, found: Announcement, reader: Reader, copy: int, message_id: int) -> None:
    """Keep the number of the words of an uncertain copy, and bring them to the present wording."""
    key = announcement_letters.key(found.id, reader.person_id, copy, found.parts)
    uncertain = OutboxMessage.state == OutboxState.IN_DOUBT, OutboxMessage.message_id.is_(None)
    row = work.session.scalar(select(OutboxMessage).where(OutboxMessage.unique_key == key, *uncertain))
    if row is None or _is_of_another(work, row.chat_id, message_id):
        return
    row.message_id = message_id
    if copy == reader.tries and reader.state is not ReaderState.QUEUED:
        reader.message_ids = [*reader.message_ids[:-1], message_id]
        if found.corrections:
            announcement_letters.rewrite(work, found, reader.person_id, message_id)


def _is_of_another(work: Work, chat_id: int, message_id: int) -> bool:
    """Whether we know this message to be something else."""
    known = OutboxMessage.chat_id == chat_id, OutboxMessage.message_id == message_id
    return work.session.scalar(select(OutboxMessage.id).where(*known).limit(1)) is not None


def _has_arrived(reader: Reader, unlike: Sequence[ReaderState]) -> None:
    if reader.state in unlike:
        reader.state, reader.why = ReaderState.SENT, ""


def _note(visit: Visit, found: Announcement, reader: Reader) -> None:
    """A word proves that it has arrived, and calls a reminder back. The reminder is looked for only once the word is
    written down: so either it is found, or whoever writes reminders finds the word."""
    _has_arrived(reader, (ReaderState.IN_DOUBT, ReaderState.FAILED))
    visit.work.session.flush()
    follow_ups.called_back(visit.work, found, visit.member.id)


DEEDS: Mapping[str, Callable[[Visit, str, int], Reply]] = {
    "ann-read": read,
    "ann-come": come,
    "ann-stay": stay,
    "ann-files": files,
}
