"""Several people on one item at the same moment, in transactions of their own."""

import asyncio
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.flows.turns import Sent
from bot.services import evidence, items, submissions
from bot.services.rights import Act
from bot.words import Refusal
from db.engine import Database
from db.models import AuditEntry, Evidence, Item, Person, Submission
from db.vocabulary import EvidenceKind, EvidenceState, ItemState, Role, Verdict
from tests import stage
from tests.items.evidence import ITEM

TEAM = 6


def settle(session: Session) -> tuple[list[int], int]:
    work = stage.open_work(session)
    team = [stage.member(work, Role.LEAD, stage.TEBING_TINGGI, f"Anggota {number}").id for number in range(TEAM)]
    return team, stage.region(work)[ITEM].id


def file(number: int) -> Sent:
    about = {"file_id": f"f{number}", "unique_id": f"u{number}", "name": f"{number}.pdf", "mime": "application/pdf"}
    return Sent(kind=EvidenceKind.DOCUMENT, size=5, caption="", album=None, key=f"{number}:1", at=stage.NOW, **about)


def attach(session: Session, person_id: int, item_id: int) -> None:
    visit = stage.visit_of(stage.open_work(session), session.get_one(Person, person_id))
    evidence.attach_file(visit, items.by_id(visit, item_id, Act.WORK_ON_ITEM), file(person_id))


def submit(session: Session, person_id: int, item_id: int) -> bool:
    visit = stage.visit_of(stage.open_work(session), session.get_one(Person, person_id))
    try:
        with session.begin_nested():
            submissions.submit(visit, items.by_id(visit, item_id, Act.SUBMIT_ITEM))
    except Refusal:
        return False
    return True


def judge(session: Session, person_id: int, submission_id: int, version: int) -> str:
    visit = stage.visit_of(stage.open_work(session), session.get_one(Person, person_id))
    try:
        with session.begin_nested():
            submissions.accept(visit, str(submission_id), version)
    except Refusal:
        return "refused"
    return "done"


def ended(session: Session, item_id: int) -> tuple[ItemState, list[str]]:
    acts = select(AuditEntry.act).where(AuditEntry.subject == "item", AuditEntry.subject_id == item_id)
    return session.get_one(Item, item_id).state, list(session.scalars(acts.order_by(AuditEntry.id)))


async def test_files_of_the_whole_team_at_once_are_all_kept(database: Database) -> None:
    team, item_id = await database.write(settle)

    await asyncio.gather(*(database.write(partial(attach, person_id=one, item_id=item_id)) for one in team))

    state, acts = await database.write(partial(ended, item_id=item_id))
    assert state is ItemState.STARTED
    assert (acts.count("start"), acts.count("attach")) == (1, TEAM)
    assert len(await database.read(lambda session: session.scalars(select(Evidence)).all())) == TEAM


async def test_of_several_who_submit_at_once_one_does(database: Database) -> None:
    team, item_id = await database.write(settle)
    await database.write(partial(attach, person_id=team[0], item_id=item_id))

    done = await asyncio.gather(*(database.write(partial(submit, person_id=one, item_id=item_id)) for one in team))

    assert sum(done) == 1
    state, acts = await database.write(partial(ended, item_id=item_id))
    assert (state, acts.count("submit")) == (ItemState.SUBMITTED, 1)
    assert len(await database.read(lambda session: session.scalars(select(Submission)).all())) == 1


async def test_of_several_reviewers_at_once_one_judges(database: Database) -> None:
    team, item_id = await database.write(settle)

    def ready(session: Session) -> tuple[list[int], int, int]:
        work = stage.open_work(session)
        mentors = [stage.member(work, Role.MENTOR, None, f"Tim ahli {number}").id for number in range(4)]
        attach(session, team[0], item_id)
        for one in session.scalars(select(Evidence)):
            one.state = EvidenceState.STORED
        submit(session, team[0], item_id)
        submission = session.scalars(select(Submission)).one()
        return mentors, submission.id, session.get_one(Item, item_id).version

    mentors, submission_id, version = await database.write(ready)
    verdicts = (partial(judge, person_id=one, submission_id=submission_id, version=version) for one in mentors)
    await asyncio.gather(*(database.write(verdict) for verdict in verdicts))

    state, acts = await database.write(partial(ended, item_id=item_id))
    assert (state, acts.count("accept")) == (ItemState.ACCEPTED, 1)
    verdict = await database.read(lambda session: session.scalars(select(Submission.verdict)).one())
    assert verdict is Verdict.ACCEPTED
