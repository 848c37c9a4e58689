"""A row that nobody can make sense of, met by the duties of the clock: its neighbours are served without it."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update
from structlog.testing import capture_logs

from bot.jobs.ticks import DUTIES
from bot.services.letters import post_letters
from bot.services.work import Fault
from db.models import (
    Announcement,
    Conversation,
    DigestClock,
    Item,
    Meeting,
    OutboxMessage,
    Question,
    Reader,
    Scope,
    Seat,
    Series,
)
from db.vocabulary import MeetingKind, OutboxState, QuestionState, Role
from tests import stage
from tests.announcements.newsroom import Newsroom
from tests.people.phone import TEXTS, Phone, Town
from tests.questions.counter import Counter
from tests.queue.office import Office
from tests.waiting import scene

NOWHERE = "99.99"


def _does(town: Town, name: str) -> list[str]:
    """One turn of a duty as the clock takes it: what is broken is set apart and the rest done. Returns what was."""
    (duty,) = (one for one in DUTIES if name in one.name)
    apart: list[str] = []
    while True:
        work = town.work("tick")
        work.apart = frozenset(apart)
        undo = town.session.begin_nested()
        try:
            duty.deed(work)
            post_letters(town.session, work.letters, TEXTS, town.now)
        except Fault as fault:
            undo.rollback()
            apart.append(fault.row)
        else:
            undo.commit()
            return apart


def _posted(town: Town, phone: Phone, kind: str) -> int:
    mine = select(OutboxMessage).where(OutboxMessage.chat_id == phone.account, OutboxMessage.unique_key.contains(kind))
    return len(town.session.scalars(mine).all())


def test_whoever_has_an_unknown_time_zone_is_reminded_by_their_regions_clock_and_told_of_once(town: Town) -> None:
    siti = town.member(
        Role.OFFICIAL, stage.TEBING_TINGGI, "Siti", timezone=f"Mars/{town.session.get_bind().dialect.name}"
    )
    rudi = town.member(Role.OFFICIAL, stage.TEBING_TINGGI, "Rudi")
    town.later(hours=49)

    with capture_logs() as logs:
        assert [_does(town, "remind people") for _turn in range(2)] == [[], []]

    assert (_posted(town, siti, "digest:"), _posted(town, rudi, "digest:")) == (1, 1)
    assert [line["person"] for line in logs if line["log_level"] == "error"] == [siti.person.id]


def test_one_person_whose_region_is_gone_keeps_nobody_from_being_reminded(town: Town) -> None:
    siti = town.member(Role.OFFICIAL, stage.TEBING_TINGGI, "Siti")
    lost = town.member(Role.OFFICIAL, stage.TEBING_TINGGI, "Rudi")
    mine = select(Seat.id).where(Seat.holder_id == lost.person.id)
    town.session.execute(update(Scope).where(Scope.seat_id.in_(mine)).values(region_code=NOWHERE))
    town.later(hours=49)

    assert _does(town, "remind people") == [f"person:{lost.person.id}"]
    assert (_posted(town, siti, "digest:"), _posted(town, lost, "digest:")) == (1, 0)
    assert town.session.get_one(DigestClock, lost.person.id).next_at <= town.now


def test_one_broken_announcement_holds_no_other_up(town: Town) -> None:
    newsroom = Newsroom(town, town.member(Role.COORDINATOR, None, "Sari"))
    siti = newsroom.reader("Siti")
    for text in ("Rapat Senin.", "Rapat Selasa."):
        newsroom.drafts(text)
        newsroom.coordinator.presses("Check and send").presses("Send to")
    broken, sound = town.session.scalars(select(Announcement).order_by(Announcement.id))
    broken.files = [{"odd": 1}]
    town.later(seconds=31)

    assert _does(town, "in waves") == [f"announcement:{broken.id}"]
    assert _posted(town, siti, f"announcement:{sound.id}:") == 1
    assert _posted(town, siti, f"announcement:{broken.id}:") == 0


def test_one_broken_series_holds_no_other_up(town: Town) -> None:
    newsroom = Newsroom(town, town.member(Role.COORDINATOR, None, "Sari"))
    newsroom.reader("Siti")
    for text in ("Rapat Senin.", "Rapat Selasa."):
        newsroom.drafts(text)
        newsroom.coordinator.presses("Schedule").writes("16 November 09.00").presses("🔁 Repeat").presses(
            "Every working day"
        )
        newsroom.coordinator.presses("Back").presses("Check and send").presses("Send to")
    broken, sound = town.session.scalars(select(Series).order_by(Series.id))
    broken.repeats = {"every": "sometimes"}
    town.later(days=3)

    assert _does(town, "of a series") == [f"series:{broken.id}"]
    assert sound.done_until > broken.done_until


def test_one_broken_meeting_keeps_no_other_secret(town: Town) -> None:
    siti = town.member(Role.LEAD, stage.TEBING_TINGGI, "Siti")
    bambang = town.member(Role.MENTOR, stage.TEBING_TINGGI, "Bambang")
    rows = [
        Meeting(
            edition_id=town.work().edition_id,
            region_code=stage.TEBING_TINGGI,
            kind=MeetingKind.COORDINATION,
            starts_at=town.now + timedelta(days=days),
            ends_at=town.now + timedelta(days=days, hours=2),
            created_by_id=bambang.person.id,
            created_at=town.now,
            changed_at=town.now,
            tell_at=town.now,
            told={"odd": 1} if days == 1 else {},
        )
        for days in (1, 2)
    ]
    town.session.add_all(rows)
    town.session.flush()

    assert _does(town, "on the agenda") == [f"meeting:{rows[0].id}"]
    assert _posted(town, siti, "meeting:") == _posted(town, siti, f"meeting:{rows[1].id}:") == 1


@pytest.fixture
def office(town: Town) -> Office:
    return Office(town, town.member(Role.OFFICIAL, stage.TEBING_TINGGI, "Siti"))


def _two_questions(office: Office, **columns: object) -> tuple[Question, Question]:
    """The first of a region that nobody knows."""
    office.mentor("Bambang")
    broken, sound = office.asks("Apakah SK wajib?"), office.asks("Berapa lampiran?")
    for question in (broken, sound):
        for name, value in columns.items():
            setattr(question, name, value)
    broken.region_code = NOWHERE
    office.town.session.flush()
    return broken, sound


def test_one_broken_question_is_escalated_for_no_other(office: Office) -> None:
    broken, sound = _two_questions(office)
    office.town.later(days=5)

    assert _does(office.town, "waits too long") == [f"question:{broken.id}"]
    assert _posted(office.town, office.town.phones[office.asker.account], "late") == 0
    late = OutboxMessage.unique_key.startswith(f"question:{sound.id}:late:")
    assert office.town.session.scalars(select(OutboxMessage).where(late)).all()


def test_one_broken_question_keeps_no_other_asker_from_their_nudge(office: Office) -> None:
    broken, sound = _two_questions(office, state=QuestionState.WAITING, paused_at=office.town.now)
    office.town.later(days=9)

    assert _does(office.town, "nudge askers") == [f"question:{broken.id}"]
    assert _posted(office.town, office.asker, f"question:{sound.id}:nudge") == 1


def test_one_broken_question_keeps_no_other_from_going_back_to_the_queue(office: Office) -> None:
    broken, sound = _two_questions(office)
    bambang = office.town.work().person(sound.routed_to_id or 0)
    for question in (broken, sound):
        question.state, question.mentor_id, question.active_at = QuestionState.TAKEN, bambang.id, office.town.now
    office.town.session.flush()
    office.town.later(days=4, hours=1)

    assert _does(office.town, "idle questions") == [f"question:{broken.id}"]
    assert (broken.state, sound.state) == (QuestionState.TAKEN, QuestionState.NEW)


def test_one_broken_announcement_keeps_no_other_page_from_counting_along(town: Town) -> None:
    newsroom = Newsroom(town, town.member(Role.COORDINATOR, None, "Sari"))
    rina = town.member(Role.COORDINATOR, None, "Rina")
    siti, _waits = newsroom.reader("Siti"), newsroom.reader("Rudi")
    for text in ("Rapat Senin.", "Rapat Selasa."):
        newsroom.drafts(text)
        newsroom.sends()
        newsroom.arrive(only=[siti])
    broken, sound = town.session.scalars(select(Announcement).order_by(Announcement.id))
    town.session.execute(update(Reader).where(Reader.announcement_id == broken.id).values(region_code=NOWHERE))
    for watching, announcement in ((newsroom.coordinator, broken), (rina, sound)):
        here = {"screen": f"announcement:{announcement.id}", "changed_at": town.now}
        town.session.add(Conversation(chat_id=watching.account, **here))
    town.session.flush()

    assert _does(town, "count along") == [f"announcement:{broken.id}"]
    assert (_posted(town, newsroom.coordinator, "card:"), _posted(town, rina, "card:")) == (0, 1)


def test_one_broken_announcement_keeps_nobody_from_being_reminded_of_another(town: Town) -> None:
    town.now += timedelta(days=2)
    newsroom = Newsroom(town, town.member(Role.COORDINATOR, None, "Sari"))
    siti = newsroom.reader("Siti")
    for text in ("Rapat Senin.", "Rapat Selasa."):
        newsroom.drafts(text)
        newsroom.coordinator.presses("I have read it").presses("Session time").writes("20 November 09.00")
        newsroom.coordinator.presses("No reminder")
        newsroom.sends()
        newsroom.arrive()
    broken, sound = town.session.scalars(select(Announcement).order_by(Announcement.id))
    broken.event_at = broken.event_until = datetime.max.replace(tzinfo=UTC)
    town.later(days=1, minutes=5)

    assert _does(town, "who have not confirmed") == [f"announcement:{broken.id}"]
    assert _posted(town, siti, f"announcement:{sound.id}:{siti.person.id}:follow:") == 1
    assert _posted(town, siti, ":follow:") == 1


def test_one_broken_answer_keeps_no_other_mentor_from_hearing_what_did_not_arrive(town: Town) -> None:
    asker = town.member(Role.OFFICIAL, stage.TEBING_TINGGI, "Siti")
    counter = Counter(town, asker, town.member(Role.MENTOR, stage.TEBING_TINGGI, "Bambang"))
    broken, sound = (counter.answers(counter.asks(text)) for text in ("Apakah SK wajib?", "Berapa lampiran?"))
    post_letters(town.session, town.letters, TEXTS, town.now)
    mine = OutboxMessage.chat_id == asker.account, OutboxMessage.unique_key.contains(":answer:")
    for row in town.session.scalars(select(OutboxMessage).where(*mine)):
        row.state, row.error = OutboxState.DEAD, "403: Forbidden: bot was blocked by the user"
    broken.earlier = 1  # type: ignore[assignment]
    town.session.flush()

    assert _does(town, "what did not arrive") == [f"post:{broken.id}"]
    assert _posted(town, counter.mentor, ":undelivered:") == 1
    assert _posted(town, counter.mentor, f":undelivered:{sound.id}") == 1


def test_a_submission_of_a_region_that_is_gone_keeps_no_reviewer_from_hearing_of_others(town: Town) -> None:
    siti = town.member(Role.OFFICIAL, stage.TEBING_TINGGI, "Siti")
    bambang = town.member(Role.MENTOR, stage.TEBING_TINGGI, "Bambang")
    sari = town.member(Role.COORDINATOR, None, "Sari")
    lost = scene.submitted(town.work(), siti.person)
    scene.submitted(town.work(), siti.person, "kl-sk-tim")
    town.session.execute(update(Item).where(Item.id == lost.item_id).values(region_code=NOWHERE))

    assert _does(town, "tell reviewers") == []
    assert (_posted(town, bambang, "reviews:"), _posted(town, sari, "reviews:")) == (1, 1)
