"""Mentors go away and nothing gets stuck."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.flows import leaving
from bot.flows.turns import Pressed, Wrote
from bot.screens.absences import absence_list
from bot.services import absences, queue, review_queue, statistics
from bot.services.rights import Act, Place
from bot.services.visits import Visit
from bot.services.work import Work
from bot.texts import Texts
from bot.words import Refusal
from db.engine import Database
from db.models import Item, Person
from db.vocabulary import QuestionState, Role
from tests import stage
from tests.waiting import scene

MONDAY = scene.MONDAY
TODAY = MONDAY.date()
TEXTS = Texts.load()


@pytest.fixture
def work(database: Database) -> Iterator[Work]:
    with Session(database.writer, expire_on_commit=False) as session, session.begin():
        yield stage.open_work(session, now=MONDAY)


def narrow(work: Work, name: str, region_code: str | None) -> Person:
    return stage.member(work, Role.MENTOR, region_code, name, timezone="Asia/Jakarta")


def covering(work: Work, person: Person) -> Visit:
    visit = stage.visit_of(work, person)
    visit.covered = tuple(absences.seats_covered(work.session, [person.id], work.now).get(person.id, ()))
    return visit


def test_the_substitute_reviews_what_the_absent_mentor_would(work: Work) -> None:
    absent, deputy = narrow(work, "Wayan", stage.TEBING_TINGGI), narrow(work, "Made", stage.KATINGAN)
    submission = scene.submitted(work, scene.official(work))
    assert review_queue.waiting(covering(work, deputy)) == []

    stage.away(work, absent, deputy, TODAY, TODAY)
    visit = covering(work, deputy)
    assert [one.id for one in review_queue.waiting(visit)] == [submission.id]
    assert visit.may(Act.REVIEW_ITEM, Place(stage.TEBING_TINGGI))

    work.now = MONDAY + timedelta(days=1)
    assert not covering(work, deputy).may(Act.REVIEW_ITEM, Place(stage.TEBING_TINGGI))


def test_whoever_stands_in_hears_of_what_waits_in_every_place_of_theirs(work: Work) -> None:
    absent, deputy = narrow(work, "Wayan", stage.TEBING_TINGGI), narrow(work, "Made", stage.KATINGAN)
    stage.away(work, absent, deputy, TODAY, TODAY)
    sender = scene.official(work)
    own = scene.submitted(work, sender, "kl-sk-tim")
    work.session.execute(update(Item).where(Item.id == own.item_id).values(region_code=stage.KATINGAN))
    scene.submitted(work, sender)
    work.session.expire_all()

    assert review_queue.notify_all(work) == 1

    (letter,) = work.letters
    assert (letter.person_id, TEXTS.plain(letter.say, "en")) == (
        deputy.id,
        "📥 2 new submissions wait for your review.",
    )


def test_standing_in_passes_on_and_a_circle_ends_with_nobody(work: Work) -> None:
    first, second, third = (narrow(work, name, None) for name in ("Wayan", "Made", "Nyoman"))
    stage.away(work, first, second, TODAY, TODAY)
    stage.away(work, second, third, TODAY, TODAY)
    away = absences.substitutes(work.session, work.now)
    assert absences.stand_in(away, first.id) == third.id

    stage.away(work, third, first, TODAY, TODAY)
    away = absences.substitutes(work.session, work.now)
    assert absences.stand_in(away, first.id) is None
    assert absences.stand_in(away, 0) == 0


def test_the_day_is_counted_where_the_absent_mentor_is(work: Work) -> None:
    in_the_east = scene.mentor(work, "Yosephina", "Asia/Jayapura")
    stage.away(work, in_the_east, None, TODAY, TODAY)
    work.now = MONDAY.replace(hour=16)

    assert in_the_east.id not in absences.substitutes(work.session, work.now)
    assert in_the_east.id in absences.substitutes(work.session, MONDAY)


def test_leaving_is_told_to_the_substitute_and_taken_back_once(work: Work) -> None:
    absent, deputy = scene.mentor(work), scene.mentor(work, "Made")
    visit = stage.visit_of(work, absent)
    absences.leave(visit, TODAY, TODAY + timedelta(days=2), deputy.id)
    assert [person for person, _key in scene.told(work)] == [deputy.id]

    row = absences.of_person(work, absent.id, TODAY)[0]
    absences.cancel(visit, str(row.id), 0)
    absences.cancel(visit, str(row.id), 0)
    assert absences.of_person(work, absent.id, TODAY) == []
    assert absences.substitutes(work.session, work.now) == {}


def test_another_mentors_absence_cannot_be_taken_back(work: Work) -> None:
    absent, stranger = scene.mentor(work), scene.mentor(work, "Made")
    row = stage.away(work, absent, None, TODAY, TODAY)
    absences.cancel(stage.visit_of(work, stranger), str(row.id), 0)
    assert row.cancelled_at is None


@pytest.mark.parametrize(("first", "last"), [(-1, 2), (2, 1), (0, 91)])
def test_impossible_days_are_refused(work: Work, first: int, last: int) -> None:
    visit = stage.visit_of(work, scene.mentor(work))
    with pytest.raises(Refusal):
        absences.leave(visit, TODAY + timedelta(days=first), TODAY + timedelta(days=last), None)


def test_the_numbers_are_those_of_the_questions(work: Work) -> None:
    mentor, asker = scene.mentor(work), scene.official(work)
    hour = timedelta(hours=1)
    scene.ask(
        work,
        asker,
        "Satu?",
        mentor_id=mentor.id,
        state=QuestionState.CLOSED,
        first_answer_at=MONDAY + 2 * hour,
        answered_at=MONDAY + 4 * hour,
        rating=5,
    )
    scene.ask(work, asker, "Dua?", mentor_id=mentor.id, state=QuestionState.TAKEN)
    scene.ask(work, asker, "Tiga?")
    work.now = MONDAY + timedelta(days=2)

    own, together = statistics.of_mentor(work, mentor), statistics.of_all(work)
    assert (own.answered, own.in_time_percent, own.first_answer, own.solution) == (1, 100, 2 * hour, 4 * hour)
    assert (own.waiting.total, together.waiting.total) == (1, 2)
    assert (own.rating, own.ratings, own.waiting.within_three) == (5.0, 1, 1)
    assert dict(statistics.by_mentor(work))[mentor] == own


def test_what_was_given_to_a_mentor_waits_in_their_numbers_as_it_does_in_their_queue(work: Work) -> None:
    mentor, asker = scene.mentor(work), scene.official(work)
    scene.ask(work, asker, "Satu?", routed_to_id=mentor.id)
    scene.ask(work, asker, "Dua?", mentor_id=mentor.id, state=QuestionState.TAKEN)
    colleague = scene.mentor(work, "Dr. Ketut")
    scene.ask(work, asker, "Tiga?", routed_to_id=mentor.id, mentor_id=colleague.id, state=QuestionState.TAKEN)

    waiting = statistics.of_mentor(work, mentor).waiting.total
    assert waiting == queue.loads(work)[mentor.id].busy == len(queue.turn(stage.visit_of(work, mentor))) == 2


def test_whoever_will_stand_in_reads_when(work: Work) -> None:
    mentor, colleague = scene.mentor(work), scene.mentor(work, "Dr. Ketut")
    first, last = TODAY + timedelta(days=7), TODAY + timedelta(days=8)
    absences.leave(stage.visit_of(work, mentor), first, last, colleague.id)

    shown = TEXTS.plain(absence_list(stage.visit_of(work, colleague)).text, "en")
    assert "Dr. Wayan Sudarma: Monday, 23 November 2026 to Tuesday, 24 November 2026" in shown
    assert mentor.name not in TEXTS.plain(absence_list(stage.visit_of(work, mentor)).text, "en")


def wrote(text: str) -> Wrote:
    return Wrote(text, "1:1", MONDAY, TODAY)


def test_leaving_asks_for_two_days_and_a_colleague() -> None:
    begun = leaving.Beginning(colleagues=(leaving.Colleague(person_id=7, name="Made"),))
    missed = leaving.advance(begun, wrote("entah"))
    assert not missed.heard
    second = leaving.advance(begun, wrote("besok")).state
    assert isinstance(second, leaving.Ending)
    third = leaving.advance(second, wrote("20 November 2026")).state
    assert isinstance(third, leaving.Choosing)

    assert not leaving.advance(third, Pressed("colleague", "8")).heard
    turn = leaving.advance(third, Pressed("colleague", "7"))
    assert turn.wishes == (leaving.Leave(date(2026, 11, 17), date(2026, 11, 20), 7),)
    assert not leaving.advance(second, wrote("kemarin")).heard
