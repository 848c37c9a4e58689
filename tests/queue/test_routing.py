"""Before whom a question is put: by region, field and room, the nearest first, in turn; nobody is forgotten."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.services import claims, queue
from bot.services.queue import Candidate, Load, choice
from db.models import Absence, Question
from db.vocabulary import QuestionState, Role
from tests import stage
from tests.people.phone import Phone, Town
from tests.queue.office import Office


def test_the_mentor_of_the_region_comes_before_the_mentor_of_the_whole_country(office: Office) -> None:
    office.mentor("Nasional", None)
    office.mentor("Daerah")

    assert office.holder_of(office.asks()) == "Daerah"


def test_the_mentor_of_the_field_comes_before_the_mentor_of_all_fields(office: Office) -> None:
    office.mentor("Semua pilar")
    office.mentor("Pilar ini", pillar="smart-governance")

    assert office.holder_of(office.asks(pillar="smart-governance")) == "Pilar ini"
    assert office.holder_of(office.asks("Bagaimana dengan UMKM?", pillar="smart-economy")) == "Semua pilar"


def test_a_question_without_a_field_goes_to_whoever_looks_after_all(office: Office) -> None:
    office.mentor("Pilar ini", pillar="smart-governance")
    office.mentor("Semua pilar")

    assert office.holder_of(office.asks()) == "Semua pilar"


def test_mentors_who_are_as_near_take_turns(office: Office, bambang: Phone, wulan: Phone) -> None:
    given = [office.holder_of(office.asks(f"Pertanyaan nomor {number}")) for number in range(4)]

    assert given == ["Bambang Wijaya", "Wulan Dewi", "Bambang Wijaya", "Wulan Dewi"]


def test_with_equal_load_whoever_was_given_one_longest_ago_is_next() -> None:
    found = [Candidate(1, 0), Candidate(2, 0), Candidate(3, 0)]

    assert choice(found, {}, {1: 7, 2: 5, 3: 6}) == 2


def test_whoever_is_full_is_passed_over_and_when_all_are_full_it_waits_in_the_pool() -> None:
    found, full = [Candidate(1, 0), Candidate(2, 4)], Load(taken=queue.CAPACITY)

    assert choice(found, {1: full}, {}) == 2
    assert choice(found, {1: full, 2: full}, {}) is None


def test_what_waits_for_the_asker_takes_no_room() -> None:
    assert choice([Candidate(1, 0)], {1: Load(asked=queue.CAPACITY)}, {}) == 1


def test_the_pool_is_told_of_once_an_hour(office: Office, bambang: Phone) -> None:
    for number in range(queue.CAPACITY + 3):
        office.asks(f"Pertanyaan nomor {number}")
    pool = [words for words in bambang.told() if "pool" in words]
    keys = {letter.key for letter in office.town.letters if "pool" in letter.key}

    assert (len(pool), len(keys)) == (3, 1)
    assert len(queue.turn(bambang.visit())) == queue.CAPACITY + 3


def test_a_region_without_a_mentor_asks_the_coordinator(office: Office) -> None:
    coordinator = office.town.member(Role.COORDINATOR, None, "Ratna")
    question = office.asks()

    assert office.holder_of(question) == "Ratna"
    assert [one.id for one in queue.turn(coordinator.visit())] == [question.id]


def test_without_anybody_the_question_still_waits(office: Office) -> None:
    question = office.asks()

    assert (question.state, question.routed_to_id) == (QuestionState.NEW, None)


def test_nobody_is_given_a_question_who_cannot_be_written_to(office: Office, bambang: Phone, wulan: Phone) -> None:
    bambang.blocks()

    assert office.holder_of(office.asks()) == "Wulan Dewi"


def test_nobody_is_given_their_own_question(office: Office, bambang: Phone) -> None:
    stage.seat(office.town.work(), office.asker.person, Role.MENTOR, stage.TEBING_TINGGI)

    assert office.holder_of(office.asks()) == "Bambang Wijaya"


def away(office: Office, who: Phone, substitute: Phone | None) -> None:
    day = office.town.now.date()
    office.town.session.add(
        Absence(
            person_id=who.person.id,
            substitute_id=substitute.person.id if substitute else None,
            first_day=day,
            last_day=day + timedelta(days=3),
            created_at=office.town.now,
            cancelled_at=None,
        )
    )
    office.town.session.flush()


def test_questions_of_somebody_away_reach_the_substitute_of_their_substitute(office: Office, bambang: Phone) -> None:
    wulan, citra = office.mentor("Wulan Dewi", stage.BANGGAI), office.mentor("Citra", stage.KATINGAN)
    away(office, bambang, wulan)
    away(office, wulan, citra)

    assert office.holder_of(office.asks()) == "Citra"


def test_nobody_away_keeps_a_question_when_it_comes_back_to_the_queue(
    office: Office, bambang: Phone, wulan: Phone
) -> None:
    question = office.asks()
    claims.take(bambang.visit(), str(question.id), 0)
    away(office, bambang, None)
    work = office.town.work()
    claims.put_back(work, question, "idle")

    assert (question.state, question.mentor_id, office.holder_of(question)) == (QuestionState.NEW, None, "Wulan Dewi")


def test_the_mentor_reads_the_question_in_the_message_that_brings_it(office: Office, bambang: Phone) -> None:
    office.asks("Apakah SK Dewan wajib memuat lampiran?")

    assert "T-0001" in bambang.told()[-1]
    assert "Apakah SK Dewan wajib memuat lampiran?" in bambang.told()[-1]
    assert "Siti Rahma" in bambang.told()[-1]


def test_the_clock_is_that_of_whoever_it_is_put_before(office: Office, town: Town) -> None:
    """Working hours in Papua begin two hours earlier than in Kota Tebing Tinggi."""
    town.later(hours=48)
    papua = office.mentor("Yohana", timezone="Asia/Jayapura")
    question = office.asks()
    assert _due(question, "Asia/Jayapura") == "17 11.00"

    medan = office.mentor("Bambang Wijaya", timezone="Asia/Jakarta")
    town.later(hours=3)
    claims.pass_on(papua.visit(), question.id, medan.person.id, "")
    assert _due(question, "Asia/Jakarta") == "17 09.00"


def _due(question: Question, zone: str) -> str:
    return f"{question.answer_due_at.astimezone(ZoneInfo(zone)):%d %H.%M}"
