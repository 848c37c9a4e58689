"""An announcement as its readers get it: heading, words as they were typed, files, and what is asked of them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, String, cast, literal
from sqlalchemy.orm import InstrumentedAttribute

from bot.buttons import Button, Row, do
from bot.flows.composing import File
from bot.services.visits import DEFAULT_ZONE
from bot.services.work import Work
from bot.texts import cut, utf16_len
from bot.texts.markup import bare
from bot.words import Clock, Day, Formatted, Moment, Plain, Say, _, _p, lines, paragraphs
from db.models import Announcement
from db.vocabulary import AnnouncementState, Confirmation, EvidenceKind, Lane, Policy

# Telegram counts what is seen: 4,096 UTF-16 units in a message, 1,024 below a file. The heading needs the rest.
TEXT_ROOM = 3400
CAPTION_ROOM = 500
# What time and place of a session take of it.
EVENT_ROOM = 220
# Bot API, sendMediaGroup: 2-10 items; documents only among themselves.
ALBUM = 10
SHORT = 700
# Opens the announcement for whoever got it.
LINK = "https://t.me/{username}?start=a_{announcement}"
_ALONE = {
    EvidenceKind.PHOTO: "sendPhoto",
    EvidenceKind.VIDEO: "sendVideo",
    EvidenceKind.DOCUMENT: "sendDocument",
    EvidenceKind.VOICE: "sendVoice",
}
Sum = int | ColumnElement[int] | InstrumentedAttribute[int]
_TYPES = {EvidenceKind.PHOTO: "photo", EvidenceKind.VIDEO: "video", EvidenceKind.DOCUMENT: "document"}


def key(announcement_id: int, person_id: int, number: int, part: int) -> str:
    """The key of one part of the `number`th try for one reader; a Reply to it is a question about the announcement."""
    return f"announcement:{announcement_id}:{person_id}:{number}:{part}"


def key_of(announcement: Sum, person: Sum, number: Sum, part: Sum) -> ColumnElement[str]:
    """The same in the words of the database, for what stands there."""
    which = literal(":", String) + cast(number, String) + literal(":") + cast(part, String)
    return keys_of(announcement) + cast(person, String) + which


def keys_of(announcement: Sum) -> ColumnElement[str]:
    """What the keys of all parts for all readers of an announcement begin with, in the words of the database."""
    return literal("announcement:", String) + cast(announcement, String) + literal(":")


def wording_key(announcement: Announcement, person_id: int) -> str:
    """The key of the edit that brings one reader's copy to the present wording."""
    return f"announcement-wording:{announcement.id}:{person_id}:{announcement.corrections}"


def files(announcement: Announcement) -> tuple[File, ...]:
    """Its files, by Telegram's numbers."""
    return tuple(File.model_validate(one) for one in announcement.files)


def groups(announcement: Announcement) -> list[tuple[File, ...]]:
    """Its files as Telegram can show them together: pictures and films, documents, and each voice alone."""
    found = files(announcement)
    seen = tuple(one for one in found if one.kind in (EvidenceKind.PHOTO, EvidenceKind.VIDEO))
    documents = tuple(one for one in found if one.kind is EvidenceKind.DOCUMENT)
    voices = [(one,) for one in found if one.kind is EvidenceKind.VOICE]
    return [group for group in (seen, documents, *voices) if group]


def parts(announcement: Announcement) -> int:
    """How many messages it takes for one reader: files go before the words, unless these fit below a single one."""
    found = groups(announcement)
    return 1 if _together(announcement, found) else len(found) + 1


def is_apart(announcement: Announcement) -> bool:
    """Whether its words would stand below its one file, but are too long for that."""
    found = groups(announcement)
    return len(found) == 1 and len(found[0]) == 1 and not _together(announcement, found)


def is_below_a_file(announcement: Announcement) -> bool:
    """Whether the words of a confirmed one stand below its file. A correction leaves them where the first copies have
    them, however long they are by then."""
    return bool(announcement.files) and announcement.parts == 1


def _together(announcement: Announcement, found: Sequence[tuple[File, ...]]) -> bool:
    return len(found) == 1 and len(found[0]) == 1 and seen_length(announcement.text) <= caption_room(announcement)


def caption_room(announcement: Announcement) -> int:
    """How long its text may be to stand below a file."""
    return CAPTION_ROOM - (EVENT_ROOM if announcement.confirmation is Confirmation.ATTENDANCE else 0)


def seen_length(html: str) -> int:
    """How long a text is as Telegram counts it."""
    return utf16_len(bare(html))


def tell(work: Work, announcement: Announcement, person_id: int, number: int) -> None:
    """Write the announcement to one reader, all its parts."""

    def key_of(part: int) -> str:
        return key(announcement.id, person_id, number, part)

    below = is_below_a_file(announcement)
    content = _contents(announcement, page(work, announcement), rows(announcement, copy=number), below=below)
    _write(work, announcement, person_id, key_of, content, Lane.BULK)


def tell_trial(work: Work, announcement: Announcement, person_id: int, mark: Say, tag: str, lane: Lane) -> None:
    """Write a trial to one person, which says so itself, notes nothing and counts nowhere; once under this tag."""

    def key_of(part: int) -> str:
        return f"trial:{announcement.id}:{tag}:{person_id}:{part}"

    said, below = paragraphs(mark, page(work, announcement)), _together(announcement, groups(announcement))
    content = _contents(announcement, said, _tried(rows(announcement)), below=below)
    _write(work, announcement, person_id, key_of, content, lane)


def _write(
    work: Work,
    announcement: Announcement,
    person_id: int,
    key_of: Callable[[int], str],
    contents: Sequence[Mapping[str, Any]],
    lane: Lane,
) -> None:
    for part, content in enumerate(contents, 1):
        work.tell(
            person_id,
            key=key_of(part),
            lane=lane,
            policy=Policy.AT_MOST_ONCE,
            protect=False,
            expires_at=announcement.valid_until,
            **content,
        )


def rewrite(work: Work, announcement: Announcement, person_id: int, message_id: int) -> None:
    """Bring one reader's copy up to date: its words, wherever they stand."""
    work.tell(
        person_id,
        page(work, announcement),
        key=wording_key(announcement, person_id),
        rows=rows(announcement),
        lane=Lane.BULK,
        policy=Policy.REPEATABLE,
        method="editMessageCaption" if is_below_a_file(announcement) else "editMessageText",
        message_id=message_id,
    )


def _contents(
    announcement: Announcement, say: Say, shown: tuple[Row, ...], *, below: bool
) -> Sequence[Mapping[str, Any]]:
    """What each part's letter holds: the words below the one file, or after all files."""
    found = groups(announcement)
    words: dict[str, Any] = {"say": say, "rows": shown}
    if below:
        return [words | _carried(found[0])]
    return [*({"say": Plain("")} | _carried(group) for group in found), words]


def _carried(group: tuple[File, ...]) -> dict[str, Any]:
    """How Telegram carries files that are shown together."""
    if len(group) == 1:
        return {"method": _ALONE[group[0].kind], "file_id": group[0].file_id}
    album = tuple({"type": _TYPES[one.kind], "media": one.file_id} for one in group)
    return {"method": "sendMediaGroup", "album": album}


def tell_files(work: Work, announcement: Announcement, person_id: int) -> None:
    """Send its files once more, to whoever asks for them."""
    for number, group in enumerate(groups(announcement)):
        carried = _carried(group)
        key = f"announcement-files:{announcement.id}:{work.cause}:{number}"
        work.tell(person_id, Plain(""), key=key, lane=Lane.REPLY, protect=False, **carried)


def page(work: Work, announcement: Announcement) -> Say:
    """The words of an announcement, with its heading; of a recalled one the word that it was."""
    if announcement.state is AnnouncementState.RECALLED:
        return _recalled(work, announcement)
    until = announcement.valid_until
    return paragraphs(
        _heading(announcement),
        Formatted(announcement.text) if announcement.text else None,
        event(announcement),
        _("<i>Valid until {moment}.</i>", moment=Moment(until, DEFAULT_ZONE)) if until else None,
        _asked(announcement),
    )


def _recalled(work: Work, announcement: Announcement) -> Say:
    by, at = announcement.recalled_by_id, announcement.recalled_at
    return paragraphs(
        lines(
            _("↩️ <b>This announcement was recalled</b>"),
            _("<s>{subject}</s>", subject=announcement.subject) if announcement.subject else None,
            _("<i>Number {number}</i>", number=announcement.reference) if announcement.reference else None,
        ),
        _("By {name} on {moment}", name=work.person(by).name, moment=Moment(at, DEFAULT_ZONE)) if by and at else None,
        _("Reason: {reason}", reason=announcement.recall_reason),
        _("Nothing needs to be done. Questions about it: please answer with Reply."),
    )


def short(work: Work, announcement: Announcement) -> Say:
    """The announcement in plain words, an invitation with time and place, and the link that opens it for a reader."""
    return paragraphs(
        _("*{subject}*", subject=announcement.subject) if announcement.subject else None,
        Plain(cut(bare(announcement.text), SHORT)) if announcement.text else None,
        event(announcement),
        _call(announcement, LINK.format(username=work.programme.bot_username, announcement=announcement.id)),
    )


def _call(announcement: Announcement, link: str) -> Say:
    """What its readers are to do in Telegram."""
    match announcement.confirmation:
        case Confirmation.READ:
            return _("Please read and confirm it in Telegram: {link}", link=link)
        case Confirmation.ATTENDANCE:
            return _("Please say in Telegram whether you will attend: {link}", link=link)
        case _:
            return _("To be read in Telegram: {link}", link=link)


def title(announcement: Announcement) -> str:
    """A short name: its subject, else how it begins."""
    return announcement.subject or cut(bare(announcement.text).replace("\n", " "), 40) or "📎"


def _heading(announcement: Announcement) -> Say:
    dated, corrected = announcement.dated, announcement.corrected_at
    return lines(
        _("📢 <b>{subject}</b>", subject=announcement.subject) if announcement.subject else _("📢 <b>Announcement</b>"),
        _("<i>Number {number}</i>", number=announcement.reference) if announcement.reference else None,
        _("<i>{day}</i>", day=Day(dated)) if dated else None,
        _("✏️ <i>Corrected on {moment}</i>", moment=Moment(corrected, DEFAULT_ZONE)) if corrected else None,
    )


def event(announcement: Announcement) -> Say | None:
    """When and where the session of an invitation is, as far as it is known."""
    when = event_time(announcement)
    if when is None:
        return None
    place = announcement.event_place
    return lines(_("🕘 {when}", when=when), _("📍 {place}", place=place) if place else None)


def session_of(announcement: Announcement) -> dict[str, Any]:
    """When and where its session is, as it is kept with an earlier wording; nothing without one."""
    begins, ends = announcement.event_at, announcement.event_until
    if announcement.confirmation is not Confirmation.ATTENDANCE or begins is None or ends is None:
        return {}
    return {"begins": begins.isoformat(), "ends": ends.isoformat(), "place": announcement.event_place}


def session_before(kept: Mapping[str, Any]) -> Say | None:
    """When and where it was in an earlier wording."""
    if "begins" not in kept:
        return None
    begins, ends = datetime.fromisoformat(kept["begins"]), datetime.fromisoformat(kept["ends"])
    when = _("{begin} to {end}", begin=Moment(begins, DEFAULT_ZONE), end=Clock(ends, DEFAULT_ZONE))
    return _("{when}, {place}", when=when, place=kept["place"]) if kept["place"] else when


def event_time(announcement: Announcement) -> Say | None:
    """From when until when the session of an invitation is; None where there is none or it is not known yet."""
    begins, ends = announcement.event_at, announcement.event_until
    if announcement.confirmation is not Confirmation.ATTENDANCE or begins is None or ends is None:
        return None
    return _("{begin} to {end}", begin=Moment(begins, DEFAULT_ZONE), end=Clock(ends, DEFAULT_ZONE))


def _asked(announcement: Announcement) -> Say | None:
    match announcement.confirmation:
        case Confirmation.READ:
            return _("Please confirm that you have read it.")
        case Confirmation.ATTENDANCE:
            return _("Please tell whether you will attend.")
        case _:
            return None


def rows(announcement: Announcement, *, asking: bool = True, copy: int = 0) -> tuple[Row, ...]:
    """Its links, and the buttons of what is asked, if it still is; a recalled one has none. Those below the `copy`th
    try say so: a press tells its number where Telegram did not."""
    if announcement.state is AnnouncementState.RECALLED:
        return ()
    links = tuple((Button(Plain(one["label"]), url=one["url"]),) for one in announcement.links)
    return (*links, *answer_rows(announcement, copy)) if asking else links


def _tried(shown: tuple[Row, ...]) -> tuple[Row, ...]:
    """The same buttons below a trial, where they note nothing."""
    return tuple(tuple(one if one.url else do(one.label, "ann-tried", 0) for one in row) for row in shown)


def answer_rows(announcement: Announcement, copy: int = 0) -> tuple[Row, ...]:
    """The buttons with which its reader says the word that is asked."""
    subject = f"{announcement.id}-{copy}" if copy else announcement.id
    match announcement.confirmation:
        case Confirmation.READ:
            return ((do(_p("button", "✅ I have read it"), "ann-read", subject),),)
        case Confirmation.ATTENDANCE:
            coming = do(_p("button", "🙋 I will attend"), "ann-come", subject)
            staying = do(_p("button", "🙅 I cannot attend"), "ann-stay", subject)
            return ((coming, staying),)
        case _:
            return ()
