"""Many at once, on both databases: every question has a number of its own."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.services import questions
from bot.services.questions import Draft
from db.engine import Database
from db.models import Person, Question
from db.vocabulary import Role
from tests import stage
from tests.questions.counter import said

ASKERS = 12


def prepared(database: Database) -> list[int]:
    """The numbers of officials of one region, committed."""
    with Session(database.writer) as session, session.begin():
        work = stage.open_work(session)
        stage.region(work)
        return [stage.member(work, Role.OFFICIAL, stage.TEBING_TINGGI, f"Pejabat {n}").id for n in range(ASKERS)]


def ask(database: Database, person_id: int) -> None:
    with Session(database.writer) as session, session.begin():
        work = stage.open_work(session)
        person = session.get_one(Person, person_id)
        questions.file(stage.visit_of(work, person), Draft(stage.TEBING_TINGGI, said(f"Pertanyaan {person_id}?")))


def test_numbers_follow_one_another_whoever_asks_at_the_same_moment(database: Database) -> None:
    people = prepared(database)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda person_id: ask(database, person_id), people))

    with Session(database.writer) as session:
        numbers = session.scalars(select(Question.number).order_by(Question.number)).all()
    assert list(numbers) == list(range(1, ASKERS + 1))
