"""The mentor, the lead mentor and the coordinator hear of what waits too long: once each, while they are at work."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from bot.services import escalations, questions, review_queue, targets
from bot.services.work import Work
from db.engine import Database
from db.models import Person
from db.vocabulary import QuestionState, Role
from tests import stage
from tests.people.phone import TEXTS
from tests.waiting import scene

MONDAY = scene.MONDAY


@pytest.fixture
def work(database: Database) -> Iterator[Work]:
    with Session(database.writer, expire_on_commit=False) as session, session.begin():
        yield stage.open_work(session, now=MONDAY)


def lead_mentor(work: Work, name: str = "Prof. Rina") -> Person:
    person = stage.person(work, name, timezone="Asia/Jakarta")
    stage.seat(work, person, Role.MENTOR, leads_mentors=True)
    return person


def everybody(work: Work) -> tuple[Person, Person, Person]:
    mentor, lead = scene.mentor(work), lead_mentor(work)
    return mentor, lead, stage.member(work, Role.COORDINATOR, None, "Sari", timezone="Asia/Jakarta")


def hears(work: Work, hours: float) -> set[int]:
    """Who is told when the clock of the office has run so long since Monday 09.00."""
    work.now = MONDAY + timedelta(hours=hours)
    escalations.run(work)
    return {person_id for person_id, _key in scene.told(work)}


def test_each_hears_once_half_a_working_day_after_the_other(work: Work) -> None:
    mentor, lead, coordinator = everybody(work)
    scene.ask(work, scene.official(work), mentor_id=mentor.id, state=QuestionState.TAKEN)

    assert hears(work, 23) == set()
    assert hears(work, 24.1) == {mentor.id}
    assert hears(work, 24.2) == set()
    assert hears(work, 28.6) == {lead.id}
    assert hears(work, 24 + 24.1) == {coordinator.id}
    assert hears(work, 100) == set()


def test_nobody_is_told_at_night_at_the_weekend_or_while_the_asker_is_asked(work: Work) -> None:
    mentor, *_others = everybody(work)
    question = scene.ask(work, scene.official(work), mentor_id=mentor.id, state=QuestionState.TAKEN)

    assert hears(work, 24 + 10) == set()
    questions.change(work, question, "ask_back", state=QuestionState.WAITING, **targets.paused(work))
    assert hears(work, 48) == set()


def test_of_several_each_hears_in_their_own_working_hours(work: Work) -> None:
    west, east = scene.mentor(work, "Dr. Barat"), scene.mentor(work, "Dr. Timur", zone="Asia/Jayapura")
    scene.ask(work, scene.official(work), routed_to_id=None)

    # Due on Tuesday 09.00 WIB, looked at only after 16.00 WIB: 18.00 in Papua.
    assert hears(work, 24 + 7) == {west.id}
    # Wednesday 06.30 WIB is 08.30 in Papua, where the day has begun.
    assert hears(work, 48 - 2.5) == {east.id}
    assert hears(work, 48 - 1.5) == set()


def test_a_question_nobody_has_taken_is_told_to_all_who_could(work: Work) -> None:
    first, lead, _coordinator = everybody(work)
    second = scene.mentor(work, "Dr. Made")
    scene.ask(work, scene.official(work), routed_to_id=None)

    assert hears(work, 24.1) == {first.id, second.id, lead.id}


def test_a_mentor_who_is_away_is_not_told_but_the_substitute_is(work: Work) -> None:
    mentor, *_others = everybody(work)
    deputy = scene.mentor(work, "Dr. Made")
    scene.ask(work, scene.official(work), mentor_id=mentor.id, state=QuestionState.TAKEN)
    today = MONDAY.date()
    stage.away(work, mentor, deputy, today, today + timedelta(days=3))

    assert hears(work, 24.1) == {deputy.id}


def test_who_stands_in_for_the_lead_mentor_is_not_told_the_same_twice(work: Work) -> None:
    mentor, lead, coordinator = everybody(work)
    scene.ask(work, scene.official(work), mentor_id=mentor.id, state=QuestionState.TAKEN)
    today = MONDAY.date()
    stage.away(work, lead, mentor, today, today + timedelta(days=7))

    assert hears(work, 24.1) == {mentor.id}
    assert hears(work, 28.6) == set()
    assert hears(work, 24 + 24.1) == {coordinator.id}


def test_evidence_without_a_verdict_has_the_same_clock(work: Work) -> None:
    mentor, *_others = everybody(work)
    scene.submitted(work, scene.official(work))

    assert hears(work, 71) == set()
    assert mentor.id in hears(work, 72.1)
    assert hears(work, 72.2) == set()


def test_a_changed_target_counts_from_then_on(work: Work) -> None:
    mentor, _lead, coordinator = everybody(work)
    targets.set_days(stage.visit_of(work, coordinator), "answer-2", 0)
    scene.ask(work, scene.official(work), mentor_id=mentor.id, state=QuestionState.TAKEN)

    assert hears(work, 24.1) == set()
    assert hears(work, 48.1) == {mentor.id}


def test_an_idle_claim_goes_back_to_the_queue_with_its_draft(work: Work) -> None:
    mentor, *_others = everybody(work)
    question = scene.ask(
        work, scene.official(work), mentor_id=mentor.id, state=QuestionState.TAKEN, active_at=MONDAY, draft="Menurut …"
    )
    work.now = MONDAY + timedelta(hours=23)
    assert escalations.release_idle(work) == 0
    work.now = MONDAY + timedelta(hours=24.5)

    assert escalations.release_idle(work) == 1
    assert (question.state, question.mentor_id, question.draft) == (QuestionState.NEW, None, "Menurut …")
    told = {key.split(":")[2]: person for person, key in scene.told(work)}
    assert told == {"queued": question.routed_to_id, "idle": mentor.id}
    assert question.routed_to_id != mentor.id
    assert escalations.release_idle(work) == 0


@pytest.mark.parametrize("of", ["seat", "person"])
def test_what_a_mentor_had_goes_back_at_once_when_their_access_is_closed(work: Work, of: str) -> None:
    mentor, lead, _coordinator = everybody(work)
    state = {"state": QuestionState.TAKEN, "active_at": MONDAY, "draft": "Menurut …"}
    taken, other = (scene.ask(work, scene.official(work), one, **state) for one in ("Satu?", "Dua?"))
    questions.change(work, taken, "stage", mentor_id=mentor.id)
    questions.change(work, other, "stage", mentor_id=lead.id)
    work.now = MONDAY + timedelta(minutes=5)
    assert escalations.release_idle(work) == 0
    closed = mentor if of == "person" else stage.visit_of(work, mentor).seats[0]
    closed.suspended_at = work.now
    work.session.flush()

    assert escalations.release_idle(work) == 1
    assert (taken.state, taken.mentor_id, taken.draft) == (QuestionState.NEW, None, "Menurut …")
    assert other.mentor_id == lead.id
    assert mentor.id not in {person for person, _key in scene.told(work)}


@pytest.mark.parametrize("why", ["access closed", "away", "not to be reached"])
def test_what_was_put_before_a_mentor_who_is_not_there_any_more_goes_to_the_next(work: Work, why: str) -> None:
    mentor, lead, _coordinator = everybody(work)
    question = scene.ask(work, scene.official(work), routed_to_id=mentor.id)
    assert escalations.release_idle(work) == 0
    if why == "away":
        stage.away(work, mentor, None, MONDAY.date(), MONDAY.date() + timedelta(days=3))
    elif why == "not to be reached":
        mentor.unreachable_at = work.now
    else:
        mentor.suspended_at = work.now
    work.session.flush()

    assert [escalations.release_idle(work), escalations.release_idle(work)] == [1, 0]
    assert question.routed_to_id == lead.id
    assert {person for person, _key in scene.told(work)} == {lead.id}


def test_reviewers_hear_of_new_submissions_once_an_hour_with_the_count(work: Work) -> None:
    mentor = scene.mentor(work)
    sender = scene.official(work)
    scene.submitted(work, sender)
    review_queue.notify_all(work)
    assert [person for person, _key in scene.told(work)] == [mentor.id]

    for key in ("kl-sk-tim", "kl-pokja"):
        scene.submitted(work, sender, key)
    work.now = MONDAY + timedelta(minutes=59)
    review_queue.notify_all(work)
    assert scene.told(work) == []

    work.now = MONDAY + timedelta(minutes=61)
    review_queue.notify_all(work)
    said = [letter.say for letter in work.letters]
    assert [getattr(one, "count", None) for one in said] == [2]


def test_a_clock_that_stood_still_runs_on_with_what_was_left(work: Work) -> None:
    mentor, *_others = everybody(work)
    question = scene.ask(work, scene.official(work), mentor_id=mentor.id, state=QuestionState.TAKEN)
    work.now = MONDAY + timedelta(hours=3)
    questions.change(work, question, "ask_back", state=QuestionState.WAITING, **targets.paused(work))
    work.now = MONDAY + timedelta(days=4)
    questions.change(work, question, "resume", state=QuestionState.TAKEN, **targets.resumed(work, question))

    clock = targets.clock_of(work, mentor)
    assert clock.between(work.now, question.answer_due_at) == timedelta(hours=6)


def test_what_became_late_in_quiet_hours_is_one_message_with_a_button_each(work: Work) -> None:
    mentor = scene.mentor(work)
    lead = scene.official(work)
    for hours in (-89, -88, -66):
        scene.working(work, MONDAY + timedelta(hours=hours))
        scene.ask(work, lead, f"Apakah lampiran {hours} wajib?", mentor_id=mentor.id, state=QuestionState.TAKEN)
    work.now = MONDAY + timedelta(days=-4)
    scene.submitted(work, lead)
    work.now = MONDAY + timedelta(days=4)

    escalations.run(work)

    (letter,) = [one for one in work.letters if one.person_id == mentor.id]
    said = TEXTS.plain(letter.say, "en")
    assert "4 things wait longer than promised" in said
    assert "• T-0001 from Kota Tebing Tinggi" in said
    assert "• the evidence for" in said
    assert len([button for row in letter.rows for button in row]) == 4
    work.letters.clear()
    escalations.run(work)
    assert work.letters == []


def test_of_very_many_the_first_are_named_and_the_others_counted(work: Work) -> None:
    mentor = scene.mentor(work)
    for _number in range(11):
        scene.ask(work, scene.official(work), mentor_id=mentor.id, state=QuestionState.TAKEN)
    work.now = MONDAY + timedelta(days=2)
    escalations.run(work)

    (letter,) = [one for one in work.letters if one.person_id == mentor.id]
    assert "… and 3 more." in TEXTS.plain(letter.say, "en")
    assert len([button for row in letter.rows for button in row]) == 8
