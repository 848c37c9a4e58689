"""Questions and submissions that wait, set up in one line each."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from bot.flows.composing import Part
from bot.services import questions
from bot.services.questions import Draft
from bot.services.work import Work
from db.models import Item, Person, Question, Submission
from db.vocabulary import ItemState, Role, SubmissionKind, Verdict
from tests import stage

# Monday, 16 November 2026, 09.00 WIB.
MONDAY = stage.NOW + timedelta(days=2)
_keys = count(1)


def working(work: Work, at: datetime) -> Work:
    """The same transaction at another time."""
    work.now = at
    return work


def ask(work: Work, asker: Person, text: str = "Apakah SK harus memuat lampiran?", **columns: Any) -> Question:
    """A question of Kota Tebing Tinggi, asked now."""
    visit = stage.visit_of(work, asker)
    part = Part(key=f"{asker.telegram_id}:{next(_keys)}", at=work.now, text=text)
    question = questions.file(visit, Draft(region_code=stage.TEBING_TINGGI, parts=(part,)))
    if columns:
        questions.change(work, question, "stage", **columns)
    work.letters.clear()
    return question


def official(work: Work) -> Person:
    return stage.member(work, Role.LEAD, stage.TEBING_TINGGI, "Siti Rahma")


def mentor(work: Work, name: str = "Dr. Wayan Sudarma", zone: str = "Asia/Jakarta", **columns: Any) -> Person:
    return stage.member(work, Role.MENTOR, None, name, timezone=zone, **columns)


def submitted(work: Work, sender: Person, key: str = "kl-sk-dewan", at: datetime | None = None) -> Submission:
    """A submission that waits for review."""
    item: Item = stage.region(work)[key]
    stage.put(work, item, ItemState.SUBMITTED, submitted_at=at or work.now)
    row = Submission(
        item_id=item.id,
        number=1,
        kind=SubmissionKind.EVIDENCE,
        note="",
        submitted_by_id=sender.id,
        submitted_at=at or work.now,
        due_at=work.now,
        verdict=Verdict.WAITING,
        reason="",
    )
    work.session.add(row)
    work.session.flush()
    return row


def told(work: Work) -> list[tuple[int, str]]:
    """Who was told, under which key, since last asked."""
    found = [(letter.person_id, letter.key) for letter in work.letters]
    work.letters.clear()
    return found
