"""What a fresh demo holds: every state, so that every screen has something to show."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from bot.demo.clock import first_morning
from bot.demo.inquiries import read_inquiries
from bot.demo.players import CAUSE
from bot.demo.sample import build_sample
from bot.demo.settings import demo_settings
from bot.demo.story import read_story
from db import schema
from db.engine import Database
from db.models import (
    Absence,
    Announcement,
    Article,
    AuditEntry,
    CannedAnswer,
    Escalation,
    Evidence,
    Invite,
    Item,
    JoinRequest,
    Meeting,
    MeetingAnswer,
    OutboxMessage,
    Participant,
    Person,
    Post,
    PostFile,
    Question,
    Reader,
    Search,
    Seat,
    Submission,
)
from db.vocabulary import (
    AnnouncementState,
    ArticleState,
    Closing,
    EvidenceKind,
    EvidenceState,
    ItemState,
    MeetingKind,
    OutboxState,
    PostKind,
    QuestionState,
    ReaderState,
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
    arrived = select(each).where(OutboxMessage.message_id.is_not(None))
    busiest = arrived.group_by(OutboxMessage.chat_id).order_by(each.desc())
    assert (session.scalars(busiest).first() or 0) <= 6


def test_questions_stand_in_every_state_and_ended_in_different_ways(session: Session) -> None:
    assert set(session.scalars(select(Question.state).distinct())) == set(QuestionState)
    endings = set(session.scalars(select(Question.closing).where(Question.closing.is_not(None))))
    assert endings == {Closing.THANKED, Closing.SOLVED, Closing.SILENT, Closing.MERGED}


def test_every_region_has_asked_and_the_numbers_follow_the_calendar(session: Session) -> None:
    assert len(set(session.scalars(select(Question.region_code)))) == 6
    asked = session.scalars(select(Question.created_at).order_by(Question.number)).all()
    assert len(asked) >= 12
    assert all(earlier <= later for earlier, later in pairwise(asked))


def test_one_question_is_late_and_one_was_opened_again(session: Session) -> None:
    late = select(Question.id).where(Question.state == QuestionState.NEW)
    told = select(Escalation).where(Escalation.subject == "question", Escalation.subject_id.in_(late))
    assert len({one.step for one in session.scalars(told)}) >= 3
    assert session.scalar(select(func.count(Question.id)).where(Question.reopened > 0))


def test_questions_were_passed_on_to_a_colleague_and_to_the_coordinator(session: Session) -> None:
    waiting = select(Question.referred_to).where(Question.state == QuestionState.NEW)
    assert {"mentor", "coordinator"} <= set(session.scalars(waiting))


def test_threads_hold_every_kind_of_post_files_a_correction_and_a_draft(session: Session) -> None:
    assert set(session.scalars(select(Post.kind).distinct())) == set(PostKind)
    kinds = set(session.scalars(select(PostFile.kind).distinct()))
    assert kinds == {EvidenceKind.DOCUMENT, EvidenceKind.PHOTO}
    assert session.scalar(select(func.count(Post.id)).where(Post.corrected_at.is_not(None)))
    assert session.scalar(select(func.count(Question.id)).where(Question.draft != ""))


def test_answers_were_graded_with_different_grades_and_words(session: Session) -> None:
    graded = session.execute(select(Question.rating, Question.rating_word).where(Question.rating.is_not(None))).all()
    assert len({grade for grade, _word in graded}) >= 3
    assert any(word for _grade, word in graded)


def test_articles_stand_in_every_state_one_is_due_and_one_document_is_in_its_second_version(session: Session) -> None:
    found = session.scalars(select(Article)).all()
    assert {one.state for one in found} == set(ArticleState)
    assert len({one.category for one in found}) >= 3
    newest = max(one.created_at for one in found).date() + timedelta(days=2)
    assert any(one.review_on and one.review_on <= newest for one in found)
    assert [one.version for one in found if one.files] == [2]


def test_ready_answers_are_own_and_shared_and_one_was_used(session: Session) -> None:
    found = session.scalars(select(CannedAnswer)).all()
    assert {one.owner_id is None for one in found} == {True, False}
    assert any("{nama}" in one.body for one in found)
    assert max(one.uses for one in found) == 1


def test_one_mentor_leads_both_have_been_or_will_be_away_and_some_searches_found_nothing(session: Session) -> None:
    leads = session.scalars(select(Seat.leads_mentors).where(Seat.role == Role.MENTOR)).all()
    assert sorted(leads) == [False, True]
    assert len(set(session.scalars(select(Absence.person_id)))) == 2
    assert session.scalar(select(func.count(Search.id)).where(Search.results == 0))
    assert session.scalar(select(func.count(Search.id)).where(Search.answered))


def test_names_in_the_story_are_all_known() -> None:
    story = read_story()
    told = [name for tale in story.tales.values() for step in tale.steps for name in (step.who, step.to) if name]
    routine = [name for tale in story.tales.values() for one in tale.routine for name in (one.by, one.reviewer)]
    assert set(told) | set(routine) | read_inquiries().names <= set(story.by_key)


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


def test_announcements_are_answered_waiting_and_drafted(session: Session) -> None:
    found = {one.subject: one for one in session.scalars(select(Announcement))}
    invited = found["Lokakarya daring Buku 2"]
    answers = Counter(
        session.scalars(select(Reader.attends).where(Reader.announcement_id == invited.id, Reader.attends.is_not(None)))
    )

    assert {one.state for one in found.values()} == {AnnouncementState.DONE, AnnouncementState.DRAFT}
    assert answers == {True: 6, False: 1}
    assert session.scalar(select(func.count()).select_from(Reader).where(Reader.state != ReaderState.SENT)) == 0


def test_the_agenda_has_what_is_over_what_comes_next_week_and_the_closing(session: Session) -> None:
    found = session.scalars(select(Meeting).order_by(Meeting.starts_at)).all()
    assert {one.kind for one in found} == set(MeetingKind)
    morning = first_morning(date(found[-1].ends_at.year, 12, 1))
    over = {one.region_code for one in found if one.ends_at < morning}
    assert over == set(session.scalars(select(Participant.region_code)))
    week = morning + timedelta(days=9)
    assert {one.kind for one in found if morning < one.starts_at < week} == set(MeetingKind) - {
        MeetingKind.BIMTEK,
        MeetingKind.CLOSING,
    }
    assert [one.tell_at for one in found] == [None] * len(found)
    assert set(session.scalars(select(MeetingAnswer.comes))) == {True, False}
