"""Taking an announcement back from everybody who has it: while Telegram deletes messages, and with a reason."""

from collections.abc import Callable, Mapping

from sqlalchemy import func, select

from bot.flows import announcing as flow
from bot.flows.turns import Wish
from bot.services import readers, series
from bot.services.announcements import by_id, change, locked
from bot.services.announcing import SENT
from bot.services.conversations import Begin, Grant, Reply
from bot.services.recall_letters import DELETABLE
from bot.services.visits import Visit
from bot.services.work import Work
from bot.texts import clean_name, mask_nik
from bot.words import Refusal, Say, _
from db.models import Announcement, Reader
from db.vocabulary import AnnouncementState

REASON = 300
_GOING = (AnnouncementState.SENDING, AnnouncementState.PAUSED)


def is_possible(work: Work, found: Announcement) -> bool:
    """Whether it is being sent, or its newest copy is young enough to be taken back."""
    if found.state in _GOING:
        return True
    mine = Reader.announcement_id == found.id
    newest = work.session.scalar(select(func.max(Reader.sent_at)).where(mine)) if found.state in SENT else None
    return newest is not None and work.now - newest < DELETABLE


def _require_possible(work: Work, found: Announcement) -> None:
    """Raises `Refusal` with what can be done instead."""
    if found.state is AnnouncementState.RECALLED:
        raise Refusal(_("It was recalled already. Here is where that stands."))
    if not is_possible(work, found):
        raise Refusal(
            _("It can be recalled only within 48 hours after the last copy was sent. It can still be corrected.")
        )


def begin(visit: Visit, subject: str, _version: int) -> Reply | Begin:
    """Begin to recall it: the reason is asked. Pressed late, it shows where the announcement stands."""
    found = by_id(visit, subject)
    try:
        _require_possible(visit.work, found)
    except Refusal as refusal:
        return Reply(toast=refusal.words, then=f"announcement:{found.id}")
    return Begin(flow.FLOW.name, flow.Recalling(announcement_id=found.id))


def recall(visit: Visit, wish: flow.RecallAnnouncement) -> Say:
    """Recall it. Raises `Refusal` where it was meanwhile, is too old, or no reason can be read."""
    series.hold(visit.work.session, wish.announcement_id)
    found = locked(visit, wish.announcement_id)
    _require_possible(visit.work, found)
    reason = _reason(wish.reason)
    readers.cancel(visit.work, found, "recalled")
    series.recall(visit.work, found)
    change(
        visit.work,
        found,
        state=AnnouncementState.RECALLED,
        corrections=found.corrections + 1,
        recalled_at=visit.work.now,
        recalled_by_id=visit.member.id,
        recall_reason=reason,
        ended_at=visit.work.now,
    )
    visit.work.audit("recall_announcement", "announcement", found.id, reason=reason)
    return _("The copies are being taken back.")


def _reason(text: str) -> str:
    reason = clean_name(mask_nik(text)[0], REASON + 1)
    if not any(map(str.isalpha, reason)):
        raise Refusal(_("The reason could not be read. Please write it in words: the readers will see it."))
    if len(reason) > REASON:
        raise Refusal(_("A reason takes at most {limit} characters. Please say it shorter.", limit=REASON))
    return reason


GRANTS: Mapping[type[Wish], Grant] = {flow.RecallAnnouncement: recall}
DEEDS: Mapping[str, Callable[[Visit, str, int], Reply | Begin]] = {"ann-recall": begin}
