"""What a fresh demo holds: every state, so that every screen has something to show."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from bot.demo.clock import first_morning
from bot.demo.players import CAUSE
from bot.demo.sample import build_sample
from bot.demo.settings import demo_settings
from bot.demo.story import read_story
from db import schema
from db.engine import Database
from db.models import (
    AuditEntry,
    Evidence,
    Invite,
    Item,
    JoinRequest,
    OutboxMessage,
    Participant,
    Person,
    Seat,
    Submission,
)
from db.vocabulary import (
    EvidenceKind,
    EvidenceState,
    ItemState,
    OutboxState,
    RequestState,
    Role,
    SubmissionKind,
    Verdict,
)
from simulator.server import Simulator


@pytest.fixture(scope="module")
def session(built: Path) -> Iterator[Session]:
    """The database of a demo that has just been built."""
    database = Database(f"sqlite+aiosqlite:///{built / 'data/demo/pandu.db'}")
    with Session(database.writer) as opened:
        yield opened
    database.writer.dispose()


def test_six_regions_in_three_zones_take_part(session: Session) -> None:
    codes = set(session.scalars(select(Participant.region_code)))
    assert codes == {"12.76", "62.06", "72.01", "82.04", "35.76", "35.16"}


def test_some_twenty_people_hold_all_roles_with_two_coordinators_and_two_mentors(session: Session) -> None:
    held = Counter(session.scalars(select(Seat.role)))
    assert set(held) == set(Role)
    assert held[Role.COORDINATOR] == held[Role.MENTOR] == 2
    assert 18 <= (session.scalar(select(func.count(Person.id))) or 0) <= 26


def test_everybody_has_agreed_to_the_notice(session: Session) -> None:
    assert None not in set(session.scalars(select(Person.consented_at)))


def test_items_stand_in_every_state(session: Session) -> None:
    assert set(session.scalars(select(Item.state).distinct())) == set(ItemState)


def test_a_late_start_has_declared_items_and_others_are_entrusted_to_somebody(session: Session) -> None:
    assert session.scalar(select(func.count(Item.id)).where(Item.declared_at.is_not(None)))
    assert session.scalar(select(func.count(Item.id)).where(Item.assignee_id.is_not(None)))


def test_every_returned_item_has_its_reason(session: Session) -> None:
    returned = session.scalars(select(Item.reason).where(Item.state == ItemState.RETURNED)).all()
    assert len(returned) >= 3
    assert all(returned)


def test_submissions_wait_for_both_mentors(session: Session) -> None:
    waiting = select(Submission).where(Submission.verdict == Verdict.WAITING).options(selectinload(Submission.item))
    regions = {submission.item.region_code for submission in session.scalars(waiting)}
    mentors = select(Seat).where(Seat.role == Role.MENTOR).options(selectinload(Seat.scopes))
    for mentor in session.scalars(mentors):
        assert regions & {scope.region_code for scope in mentor.scopes}


def test_some_items_were_submitted_twice_and_one_waits_as_not_applicable(session: Session) -> None:
    assert session.scalar(select(func.max(Submission.number))) == 2
    kinds = set(session.scalars(select(Submission.kind).where(Submission.verdict == Verdict.WAITING)))
    assert kinds == set(SubmissionKind)


def test_some_submissions_came_late(session: Session) -> None:
    late = select(func.count(Submission.id)).where(Submission.submitted_at > Submission.due_at)
    assert session.scalar(late)


def test_evidence_is_of_many_kinds_and_in_every_state(session: Session) -> None:
    assert set(session.scalars(select(Evidence.state).distinct())) == set(EvidenceState)
    kinds = set(session.scalars(select(Evidence.kind).distinct()))
    assert kinds >= {EvidenceKind.DOCUMENT, EvidenceKind.PHOTO, EvidenceKind.LINK, EvidenceKind.TEXT}


def test_one_file_proves_two_items(session: Session) -> None:
    twins = select(Evidence.sha256).where(Evidence.sha256.is_not(None)).group_by(Evidence.sha256)
    shared = session.scalars(twins.having(func.count(Evidence.item_id.distinct()) > 1)).all()
    assert shared


def test_every_stored_file_has_its_copy(session: Session, built: Path) -> None:
    sums = session.scalars(select(Evidence.sha256).where(Evidence.sha256.is_not(None))).all()
    assert sums
    assert all((built / "data/demo/evidence" / each[:2] / each).is_file() for each in sums if each)


def test_a_request_and_two_invitations_are_open(session: Session) -> None:
    assert session.scalars(select(JoinRequest.state)).all() == [RequestState.PENDING]
    assert session.scalar(select(func.count(Invite.id)).where(Invite.uses < Invite.max_uses)) == 2


def test_every_change_of_the_story_is_in_the_audit_in_the_order_it_happened(session: Session) -> None:
    moments = session.scalars(select(AuditEntry.at).where(AuditEntry.cause == CAUSE).order_by(AuditEntry.id)).all()
    assert len(moments) > 500
    assert all(earlier <= later for earlier, later in pairwise(moments))


def test_letters_of_long_ago_do_not_arrive(session: Session) -> None:
    assert set(session.scalars(select(OutboxMessage.state).distinct())) == {OutboxState.SENT}
    each = func.count(OutboxMessage.id)
    busiest = select(each).group_by(OutboxMessage.chat_id).order_by(each.desc())
    assert (session.scalars(busiest).first() or 0) <= 6


def test_names_in_the_story_are_all_known() -> None:
    story = read_story()
    told = [name for tale in story.tales.values() for step in tale.steps for name in (step.who, step.to) if name]
    routine = [name for tale in story.tales.values() for one in tale.routine for name in (one.by, one.reviewer)]
    assert set(told) | set(routine) <= set(story.by_key)


@pytest.mark.prove
@pytest.mark.parametrize("year", range(2026, 2036))
def test_the_story_can_be_told_in_any_year(year: int, tmp_path: Path) -> None:
    """Weekends and feast days move the deadlines."""

    async def tell() -> int:
        url = f"sqlite+aiosqlite:///{tmp_path / 'pandu.db'}"
        database = Database(url)
        schema.migrate(database)
        async with Simulator(state=tmp_path / "simulator") as simulator:
            settings = demo_settings(simulator.url, url, tmp_path)
            sample = build_sample(database, settings, simulator.x, first_morning(date(year, 12, 1)))
        await database.close()
        return len(sample.phones)

    assert asyncio.run(tell()) > 20
