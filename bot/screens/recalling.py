"""Ending an announcement early, by stopping or recalling it: what will happen to whom, before it does; and how far a
recall has come."""

from collections.abc import Mapping

from bot.buttons import do, look
from bot.screens.announcement_list import trail
from bot.screens.screen import Draw, Screen
from bot.services import announcement_letters, announcements, copies, reader_lists, readers, recalling
from bot.services.visits import DEFAULT_ZONE, Visit
from bot.words import Moment, Plain, Say, _, _n, _p, lines, paragraphs
from db.models import Announcement
from db.vocabulary import AnnouncementState

_NAMES = 6


def stopping(visit: Visit, announcement_id: str) -> Screen:
    """How many have it and how many never will. Nothing is done yet."""
    found = announcements.by_id(visit, announcement_id)
    here, where = f"announcement:{found.id}", trail(found, _("Stop"))
    keep = (look(_p("button", "◀ Do not stop it"), "announcement", found.id),)
    if found.state not in (AnnouncementState.SENDING, AnnouncementState.PAUSED):
        return Screen(_("This announcement is not being sent any more."), (keep,), where, here)
    counts = readers.tally(visit.work, found)
    text = paragraphs(
        _("⛔ <b>Stop sending “{subject}”</b>", subject=announcement_letters.title(found)),
        lines(
            _("✅ sent: {count}", count=counts.sent),
            _("⏳ waiting, and never sent then: {count}", count=counts.waiting),
        ),
        _("This cannot be undone. Paused ones can go on later."),
    )
    sure = (do(_p("button", "⛔ Stop it"), "ann-stop", found.id, found.version),)
    return Screen(text, (keep, sure), where, here)


def confirming(visit: Visit, announcement_id: str) -> Screen:
    """How many have it, who they are, and what becomes of their copies. Nothing is done yet."""
    found = announcements.by_id(visit, announcement_id)
    here = f"announcement:{found.id}"
    keep = (look(_p("button", "◀ Keep it"), "announcement", found.id),)
    if not recalling.is_possible(visit.work, found):
        return Screen(_("This announcement cannot be recalled any more."), (keep,), trail(found, _("Recall")), here)
    count, names = reader_lists.holding(visit.work, found, _NAMES)
    text = paragraphs(
        _("↩️ <b>Recall “{subject}”</b>", subject=announcement_letters.title(found)),
        _n("<b>{count} person</b> has it or may have it.", "<b>{count} persons</b> have it or may have it.", count),
        Plain(", ".join(names) + (" …" if count > len(names) else "")) if names else None,
        lines(
            _("• The words are replaced by the word that it was recalled, with your name and reason."),
            _("• Files are deleted.") if found.files else None,
            _("• Whoever has not got it yet will not get it."),
            _("• What Telegram does not let go any more is listed afterwards."),
        ),
        _("This cannot be undone."),
    )
    sure = (do(_p("button", "↩️ Recall it"), "ann-recall", found.id, found.version),)
    return Screen(text, (keep, sure), trail(found, _("Recall")), here)


def standing(visit: Visit, found: Announcement) -> Say:
    """Who recalled it and why, and what became of the copies."""
    by, at = found.recalled_by_id, found.recalled_at
    counts = copies.recall(visit.work, found)
    return paragraphs(
        lines(
            _("↩️ Recalled by {name} on {moment}", name=visit.work.person(by).name, moment=Moment(at, DEFAULT_ZONE))
            if by and at
            else None,
            _("Reason: {reason}", reason=found.recall_reason),
        ),
        lines(
            _("↩️ taken back: {count}", count=counts.done),
            _("⏳ being taken back: {count}", count=counts.waiting) if counts.waiting else None,
            _("⚠️ could not be taken back: {count}", count=counts.kept) if counts.kept else None,
        ),
    )


SCREENS: Mapping[str, Draw] = {"ann-recalling": confirming, "ann-stopping": stopping}
