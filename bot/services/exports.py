"""Workbooks that people ask for: noted at once, written beside everything else, and sent to them as a file."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.papers.workbook import MIME, Book, workbook
from bot.services import announcement_report, attendance_report, recaps, seats, unreachable
from bot.services.conversations import Reply
from bot.services.rights import Act, Forbidden, Place
from bot.services.visits import Visit
from bot.services.work import Work
from bot.words import Refusal, Say, _
from db.engine import is_databases_own
from db.inbox import insert_ignoring
from db.models import Export, Paper
from db.vocabulary import Lane

log = structlog.get_logger(__name__)

# Every kind of workbook by its name. Each asks for the right it needs and names what is to be written; its rows are
# read only when it is.
BOOKS: Mapping[str, Callable[[Visit, str], Book]] = {
    "recap": recaps.book,
    "announcement": announcement_report.book,
    "unreachable": unreachable.book,
    "attendance": attendance_report.book,
    "meeting": attendance_report.meeting_book,
}


@dataclass(frozen=True, slots=True)
class Made:
    """A workbook as it will be sent; without a paper only the words go."""

    export_id: int
    person_id: int
    cause: str
    caption: Say
    paper: Paper | None = None


def ask(visit: Visit, subject: str, _version: int) -> Reply:
    """Ask for a workbook (`announcement-12`). Asked for again while it is being written, it comes once."""
    name, _dash, about = subject.partition("-")
    if name not in BOOKS:
        raise Forbidden(Act.SEE_REGION, Place())
    BOOKS[name](visit, about)
    row = {"person_id": visit.member.id, "book": name, "subject": about, "cause": visit.work.cause}
    visit.work.session.execute(insert_ignoring(visit.work.session, Export).values(**row).on_conflict_do_nothing())
    visit.work.audit("ask_for_export", "person", visit.member.id, after={"book": name, "subject": about})
    return Reply(toast=_("The workbook is being written. It arrives below in a moment."))


def is_due(session: Session, _now: datetime) -> bool:
    """Whether anybody waits for a workbook."""
    return session.scalar(select(Export.id).limit(1)) is not None


def make(work: Work) -> Made | None:
    """Write the workbook that was asked for first; None where none is. It only reads, however long that takes."""
    wish = work.session.scalars(select(Export).order_by(Export.id).limit(1)).first()
    return None if wish is None else _make(work, wish)


def _make(work: Work, wish: Export) -> Made:
    try:
        book = BOOKS[wish.book](seats.visit_of(work, work.person(wish.person_id)), wish.subject)
        paper = work.paper(book.name, MIME, workbook(book))
        return Made(wish.id, wish.person_id, wish.cause, book.caption, paper)
    except Refusal as refusal:
        return Made(wish.id, wish.person_id, wish.cause, refusal.words)
    except Exception as error:
        if is_databases_own(error):  # it is not there at the moment: asked again in a second
            raise
        log.exception("A workbook could not be written.", action="export", book=wish.book, subject=wish.subject)
        return Made(wish.id, wish.person_id, wish.cause, _APOLOGY)


_APOLOGY = _("Apologies, the workbook could not be written. The operator has been told; nothing was lost.")


def deliver(work: Work, made: Made) -> int:
    """Send what was made to whoever asked, once. Returns how many."""
    gone = work.session.execute(delete(Export).where(Export.id == made.export_id, Export.cause == made.cause))
    if not getattr(gone, "rowcount", 0):
        return 0
    method = "sendDocument" if made.paper else "sendMessage"
    work.tell(
        made.person_id, made.caption, key=f"export:{made.cause}", lane=Lane.REPLY, method=method, paper=made.paper
    )
    return 1


DEEDS: Mapping[str, Callable[[Visit, str, int], Reply]] = {"export": ask}
