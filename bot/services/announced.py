"""What coordinators can still do with an announcement that has left: correct it, follow it up, pass it on."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.buttons import row_number
from bot.flows import announcing as flow
from bot.flows.turns import Wish
from bot.services import announcement_letters, readers
from bot.services.announcements import audience, change, locked, of_edition, require_current, require_room
from bot.services.announcing import SENT
from bot.services.conversations import Begin, Grant, Reply
from bot.services.visits import Visit
from bot.services.work import Work
from bot.words import Refusal, Say, _
from db.models import Announcement, Person
from db.vocabulary import AnnouncementState, Lane


def begin_correction(visit: Visit, subject: str, _version: int) -> Begin:
    """Begin to correct what was sent. Raises `Refusal` before anything was."""
    found = that_left(visit, subject)
    return Begin(flow.FLOW.name, flow.Correcting(announcement_id=found.id, before=found.text))


def correct(visit: Visit, wish: flow.CorrectAnnouncement) -> Say:
    """Other words in every copy, marked as corrected. The copies follow in waves."""
    found = that_left(visit, wish.announcement_id)
    require_room(wish.text, found.files)
    _require_place(found, wish.text)
    revise(visit.work, found, material=wish.material, text=wish.text)
    return _("The copies are being corrected.")


def revise(work: Work, found: Announcement, *, material: bool, **values: Any) -> None:
    """Change what every copy says, marked as corrected; `material` asks for every word anew. The copies follow in
    waves."""
    before = {"text": found.text, "until": work.now.isoformat(), **announcement_letters.session_of(found)}
    earlier = [*found.earlier, before]
    change(work, found, earlier=earlier, corrections=found.corrections + 1, corrected_at=work.now, **values)
    if material:
        readers.ask_again(work, found)
    work.audit("correct_announcement", "announcement", found.id, after={"material": material, "changed": [*values]})


def that_left(visit: Visit, subject: str | int) -> Announcement:
    """One whose copies readers have, to be changed. Raises `Refusal` for a draft and for one that was recalled."""
    found = locked(visit, subject)
    if found.state is AnnouncementState.RECALLED:
        raise Refusal(_("This announcement was recalled; nothing more can be done with its copies."))
    if found.state not in SENT:
        raise Refusal(_("Only what was sent can be corrected; a draft can simply be changed."))
    return found


def _require_place(found: Announcement, text: str) -> None:
    """Raises `Refusal` for words that do not fit where the copies have theirs: below a file."""
    room, length = announcement_letters.caption_room(found), announcement_letters.seen_length(text)
    if announcement_letters.is_below_a_file(found) and length > room:
        raise Refusal(
            _(
                "The text stands below a file, where there is room for {limit} characters; this one has {length}. "
                "Please shorten it.",
                limit=room,
                length=length,
            )
        )


def follow_up(visit: Visit, subject: str, _version: int) -> Reply:
    """A draft with the same words for whoever has not confirmed; the one begun before, where it still is a draft."""
    found = that_left(visit, subject)
    opened = _begun(visit, found) or _followed_up(visit, found)
    return Reply(toast=_("A draft for those who have not confirmed."), then=f"announcement:{opened}")


def _begun(visit: Visit, found: Announcement) -> int | None:
    drafts = of_edition(visit, (AnnouncementState.DRAFT,))
    mine = (one for one in drafts if one.author_id == visit.member.id and audience(one).unread_of == found.id)
    return next((one.id for one in mine), None)


def _followed_up(visit: Visit, found: Announcement) -> int:
    """They were written to lately, by this very announcement: an hour of rest would leave everybody out."""
    work = visit.work
    rule = audience(found).model_copy(update={"unread_of": found.id, "rest_hours": 0})
    copied = {name: getattr(found, name) for name in ("reference", "dated", "subject", "text", "files", "links")}
    row = Announcement(
        edition_id=work.edition_id,
        author_id=visit.member.id,
        created_at=work.now,
        confirmation=found.confirmation,
        audience=rule.model_dump(mode="json", exclude_defaults=True),
        valid_until=found.valid_until,
        **copied,
    )
    work.session.add(row)
    work.session.flush()
    work.audit("draft_announcement", "announcement", row.id, after={"follows": found.id})
    return row.id


def forward(visit: Visit, subject: str, _version: int) -> Reply:
    """The announcement as a short plain text, to be forwarded to a WhatsApp group."""
    found = that_left(visit, subject)
    visit.work.tell(
        visit.member,
        announcement_letters.short(visit.work, found),
        key=f"forward:{found.id}:{visit.work.cause}",
        lane=Lane.REPLY,
    )
    return Reply(toast=_("Please forward the message below to your group."))


# --- One reader

_KNOWN = _("Nothing changed: this copy is being sent again, or what became of it is known.")


def resend(visit: Visit, subject: str, _version: int) -> Reply:
    """Send it again to a reader of whom nobody knows, or to whom it failed (`12-34`): a person's word."""
    found, person_id = _of_reader(visit, subject)
    _require_use(visit.work, found, person_id)
    changed = readers.again(visit.work, found, person_id)
    if changed:
        if found.state in (AnnouncementState.DONE, AnnouncementState.STOPPED):
            change(visit.work, found, state=AnnouncementState.SENDING)
        visit.work.audit("resend_announcement", "announcement", found.id, after={"person_id": person_id})
    return _about_reader(found, _("It is sent again.") if changed else _KNOWN)


def _require_use(work: Work, found: Announcement, person_id: int) -> None:
    """Raises `Refusal` where another copy would not leave, or not arrive."""
    require_current(found, work.now)
    person = work.session.get(Person, person_id)
    if person is not None and person.unreachable_at is not None:
        raise Refusal(_("📵 The chat of this person takes no messages at present."))


def assume(visit: Visit, subject: str, _version: int) -> Reply:
    """Take an uncertain one as sent."""
    found, person_id = _of_reader(visit, subject)
    changed = readers.assume_sent(visit.work, found, person_id)
    if changed:
        visit.work.audit("assume_announcement", "announcement", found.id, after={"person_id": person_id})
    return _about_reader(found, _("It counts as sent.") if changed else _KNOWN)


def _about_reader(found: Announcement, toast: Say) -> Reply:
    return Reply(toast=toast, then=f"ann-people:{found.id}:in_doubt")


def _of_reader(visit: Visit, subject: str) -> tuple[Announcement, int]:
    number, _dash, person = subject.partition("-")
    return that_left(visit, number), row_number(person)


GRANTS: Mapping[type[Wish], Grant] = {flow.CorrectAnnouncement: correct}
DEEDS: Mapping[str, Callable[[Visit, str, int], Reply | Begin]] = {
    "ann-again": resend,
    "ann-assume": assume,
    "ann-correct": begin_correction,
    "ann-follow": follow_up,
    "ann-forward": forward,
}
