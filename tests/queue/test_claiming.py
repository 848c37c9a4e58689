"""Taking, giving back and passing on; two at once: one has it, the other reads who."""

import asyncio
from collections.abc import Callable, Sequence

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.services import claims, queue
from bot.words import Refusal
from db.engine import Database
from db.models import AuditEntry, Question
from db.vocabulary import QuestionState, Role
from tests import stage
from tests.people.phone import TEXTS, Phone, Town
from tests.queue.office import Office


def prepared(session: Session, names: Sequence[str], count: int) -> tuple[list[int], list[int]]:
    """Mentors of one region, and questions in its pool."""
    town = Town(session)
    stage.region(town.work())
    office = Office(town, town.member(Role.OFFICIAL, stage.TEBING_TINGGI))
    mentors = [office.mentor(name).person.id for name in names]
    found = [office.asks(f"Pertanyaan nomor {number}") for number in range(count)]
    for question in found:
        question.routed_to_id = None
    return mentors, [question.id for question in found]


def takes(mentor_id: int, question_id: int) -> Callable[[Session], str]:
    def deed(session: Session) -> str:
        work = stage.open_work(session, cause=f"update {mentor_id}-{question_id}")
        try:
            claims.claim(stage.visit_of(work, work.person(mentor_id)), question_id)
        except Refusal as refusal:
            return TEXTS.plain(refusal.words, "en")
        return "taken"

    return deed


def takes_next(mentor_id: int) -> Callable[[Session], int]:
    def deed(session: Session) -> int:
        work = stage.open_work(session, cause=f"update {mentor_id}")
        question = claims.claim_next(stage.visit_of(work, work.person(mentor_id)))
        return question.id if question else 0

    return deed


async def test_of_two_mentors_pressing_at_once_one_has_it_and_the_other_reads_who(database: Database) -> None:
    names = ("Bambang Wijaya", "Wulan Dewi")
    mentors, found = await database.write(lambda session: prepared(session, names, 50))

    for question_id in found:
        said = await asyncio.gather(*(database.write(takes(who, question_id)) for who in mentors))
        winner = said.index("taken")
        assert said[1 - winner].startswith(f"{names[winner]} has this question since")

    statement = select(AuditEntry.subject_id).where(AuditEntry.act == "take")
    taken = await database.read(lambda session: session.scalars(statement).all())
    assert sorted(one or 0 for one in taken) == found


async def test_mentors_who_take_the_next_one_at_once_get_different_ones(database: Database) -> None:
    mentors, found = await database.write(lambda session: prepared(session, ("A", "B", "C", "D"), 4))
    taken = await asyncio.gather(*(database.write(takes_next(who)) for who in mentors))

    assert sorted(taken) == found


def test_taken_twice_by_the_same_mentor_it_is_taken_once(office: Office, bambang: Phone) -> None:
    question = office.asks()
    bambang.presses_letter("Open").presses("Take it")
    assert "is yours" in bambang.toast
    bambang.sends_data(f"a:take:{question.id}:0")

    assert "is yours" in bambang.toast
    acts = office.town.session.scalars(select(AuditEntry.act).where(AuditEntry.subject == "question"))
    assert list(acts).count("take") == 1


def test_a_colleague_reads_who_has_it_and_since_when(office: Office, bambang: Phone, wulan: Phone) -> None:
    question = office.asks()
    bambang.sends_data(f"a:take:{question.id}:0")
    wulan.sends_data(f"a:answer:{question.id}:0")

    assert wulan.alert
    assert wulan.toast.startswith("Bambang Wijaya has this question since Saturday, 14 November 2026")


def test_the_next_one_is_the_one_that_has_waited_longest(office: Office, bambang: Phone) -> None:
    first = office.asks("Yang pertama")
    office.town.later(hours=1)
    office.asks("Yang kedua")
    bambang.writes("/antrean").presses("Take the next")

    assert "Yang pertama" in bambang.text
    assert first.mentor_id == bambang.person.id


def test_given_back_it_is_open_to_all_and_its_draft_stays(office: Office, bambang: Phone, wulan: Phone) -> None:
    question = office.asks()
    bambang.sends_data(f"a:answer:{question.id}:0").writes("Ya, lampiran wajib.").presses("Later")
    bambang.presses("Give it back")

    assert "back in the queue" in bambang.toast
    assert (question.state, question.mentor_id, office.holder_of(question)) == (QuestionState.NEW, None, "Wulan Dewi")
    wulan.presses_letter("Answer")
    assert "draft that was not sent" in wulan.text
    assert "Ya, lampiran wajib." in wulan.text


def test_passed_on_with_a_note_the_colleague_gets_it_and_the_asker_hears_nothing(
    office: Office, bambang: Phone, wulan: Phone
) -> None:
    question = office.asks()
    bambang.sends_data(f"s:question:{question.id}").presses("Pass on").presses("Wulan Dewi")
    bambang.writes("Ini bidang Ibu, tentang SK.")

    assert "passed on to Wulan Dewi" in bambang.text
    assert "Ini bidang Ibu, tentang SK." in wulan.told()[-1]
    assert office.said(question) == ["Apakah SK Dewan wajib memuat lampiran?"]
    assert office.said(question, notes=True)[-1] == "Ini bidang Ibu, tentang SK."
    assert not any("passed" in words for words in office.asker.told())


def test_passed_on_to_a_mentor_of_another_region_it_can_be_answered_there(office: Office, bambang: Phone) -> None:
    far = office.mentor("Citra", stage.BANGGAI)
    question = office.asks()
    bambang.sends_data(f"a:pass-on:{question.id}:0").presses("Citra").presses("Without a note")
    far.presses_letter("Answer").writes("Ya, wajib.").presses("Send the answer")

    assert question.state is QuestionState.ANSWERED
    assert office.said(question)[-1] == "Ya, wajib."


def test_a_colleagues_question_is_passed_on_only_by_who_leads_the_mentors(
    office: Office, bambang: Phone, wulan: Phone
) -> None:
    question = office.asks()
    bambang.sends_data(f"a:take:{question.id}:0")
    wulan.sends_data(f"a:pass-on:{question.id}:0")
    assert "Bambang Wijaya has this question" in wulan.text

    seat = wulan.visit().seats[0]
    seat.leads_mentors = True
    office.mentor("Citra")
    wulan.sends_data(f"a:pass-on:{question.id}:0").presses("Citra").presses("Without a note")
    assert office.holder_of(question) == "Citra"
    assert "passed T-0001 on to Citra" in bambang.told()[-1]


def test_who_leads_the_mentors_can_take_a_question_over(office: Office, bambang: Phone, wulan: Phone) -> None:
    question = office.asks()
    bambang.sends_data(f"a:take:{question.id}:0")
    wulan.visit().seats[0].leads_mentors = True
    wulan.sends_data(f"a:pass-on:{question.id}:0").presses("Wulan Dewi").presses("Without a note")
    wulan.presses_letter("Answer").writes("Ya, wajib.").presses("Send the answer")

    assert (question.state, question.mentor_id) == (QuestionState.ANSWERED, wulan.person.id)


def test_not_for_us_goes_to_another_field_with_a_reason_the_asker_reads(office: Office) -> None:
    here = office.mentor("Pilar ini", pillar="smart-governance")
    there = office.mentor("Pilar itu", pillar="smart-economy")
    question = office.asks(pillar="smart-governance")
    title = office.town.work().programme.edition.pillar("smart-economy").title
    here.sends_data(f"a:refer:{question.id}:0").presses(title)
    here.writes("ya")
    assert "reason in words" in here.text
    here.writes("Ini tentang UMKM, bukan tata kelola.")

    assert (question.pillar, office.holder_of(question)) == ("smart-economy", "Pilar itu")
    assert "Ini tentang UMKM" in office.asker.told()[-1]
    assert title in office.asker.told()[-1]
    assert "T-0001" in there.told()[-1]


@pytest.mark.parametrize(("role", "label"), [(Role.COORDINATOR, "coordinator"), (Role.OBSERVER, "Kemendagri")])
def test_not_for_us_goes_to_the_coordinator_or_a_ministry_who_can_answer(
    office: Office, bambang: Phone, role: Role, label: str
) -> None:
    other = office.town.member(role, None, "Ratna Kemendagri")
    question = office.asks()
    bambang.sends_data(f"a:refer:{question.id}:0").presses(label).writes("Ini wewenang pemerintah pusat.")
    assert [one.id for one in queue.turn(bambang.visit())] == []

    other.presses_letter("Answer").writes("Dana berasal dari APBD.").presses("Send the answer")
    assert question.state is QuestionState.ANSWERED
    assert any("Dana berasal dari APBD." in words for words in office.asker.told())


def test_a_forged_address_is_refused(office: Office, bambang: Phone) -> None:
    question = office.asks()
    with pytest.raises(Refusal):
        claims.refer(bambang.visit(), question.id, "pillar-nowhere", "Bukan wewenang kami.")
    with pytest.raises(Refusal):
        claims.pass_on(bambang.visit(), question.id, office.asker.person.id, "")


def test_a_mentor_of_another_region_finds_nothing(office: Office) -> None:
    far = office.mentor("Citra", stage.BANGGAI)
    question = office.asks()
    far.sends_data(f"a:take:{question.id}:0")

    assert "could not be found" in far.toast
    assert queue.turn(far.visit()) == []
    assert office.town.session.get(Question, question.id) is question
    assert question.mentor_id is None
