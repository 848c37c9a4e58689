"""What becomes of a question: numbered once, answered once, opened again within a week, ended by those it is for."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.services import questions, threads
from bot.services.questions import Draft
from bot.services.rights import Act, Forbidden
from bot.words import Refusal
from db.models import AuditEntry, Question
from db.vocabulary import Closing, PostKind, QuestionState, Role
from tests import stage
from tests.people.phone import Town
from tests.questions.counter import Counter, said


def test_questions_are_numbered_one_after_the_other(counter: Counter) -> None:
    first, second = counter.asks("Apa itu SPBE?"), counter.asks("Apa itu RPJMD?")

    assert (questions.number_word(first), questions.number_word(second)) == ("T-0001", "T-0002")


def test_the_same_draft_filed_twice_is_one_question(counter: Counter) -> None:
    draft = Draft(stage.TEBING_TINGGI, said("Apa itu SPBE?"))
    first = questions.file(counter.asker.visit(), draft)

    assert questions.file(counter.asker.visit(), draft).id == first.id


def test_the_same_words_while_the_first_still_wait_are_one_question(counter: Counter) -> None:
    first = counter.asks("Apa itu SPBE?")

    assert counter.asks("Apa itu SPBE?").id == first.id
    counter.answers(first)
    assert counter.asks("Apa itu SPBE?").id != first.id


@pytest.mark.parametrize("text", ["", "   ", "🙏", "…?!"])
def test_a_question_without_a_word_is_refused_kindly(counter: Counter, text: str) -> None:
    with pytest.raises(Refusal):
        counter.asks(text)


def test_an_identity_number_is_masked(counter: Counter) -> None:
    question = counter.asks("NIK saya 3271046504930002, apakah perlu?")

    assert questions.first_post(counter.town.work(), question).body == "NIK saya ************0002, apakah perlu?"


def test_the_longest_message_is_kept_whole(counter: Counter) -> None:
    question = counter.asks("a" * 4096)

    assert len(questions.first_post(counter.town.work(), question).body) == 4096


def test_an_answer_reaches_the_asker_with_the_question_above_it(counter: Counter) -> None:
    question = counter.asks("Apakah SK wajib?")
    counter.answers(question, "Ya, wajib.")

    assert question.state is QuestionState.ANSWERED
    [told] = counter.asker.told()
    assert told.index("Apakah SK wajib?") < told.index("Ya, wajib.")
    assert "Bambang Wijaya" in told


def test_a_long_answer_arrives_whole_in_several_messages(counter: Counter) -> None:
    answer = "".join(str(number % 10) for number in range(7000))
    counter.answers(counter.asks(), answer)

    told = counter.asker.told()
    assert len(told) == 3
    assert sum(text.count("9") for text in told) == answer.count("9")


def test_whoever_does_not_have_the_question_cannot_answer_it(counter: Counter, town: Town) -> None:
    other = town.member(Role.MENTOR, stage.TEBING_TINGGI, "Dewi")
    question = counter.asks()
    counter.answers(question)
    counter.replies(question, "Belum jelas.")

    with pytest.raises(Refusal, match="Bambang Wijaya"):
        counter.answers(question, by=other)


def test_an_answer_to_a_question_closed_meanwhile_is_refused(counter: Counter, town: Town) -> None:
    question = counter.asks()
    threads.withdraw(counter.asker.visit(), question)

    with pytest.raises(Refusal):
        counter.answers(question)


def test_asking_back_stops_the_clock_and_a_reply_starts_it_again(counter: Counter, town: Town) -> None:
    question = counter.asks()
    counter.asks_back(question, "SK tahun berapa?")
    due = question.answer_due_at
    assert (question.state, question.paused_at) == (QuestionState.WAITING, town.now)
    assert "SK tahun berapa?" in counter.asker.told()[-1]

    town.later(days=2)
    counter.replies(question, "SK 2022.")

    assert (question.state, question.paused_at) == (QuestionState.TAKEN, None)
    assert question.answer_due_at > due
    assert "SK 2022." in counter.mentor.told()[-1]


def test_both_sides_stand_in_order_and_notes_stay_between_mentors(counter: Counter) -> None:
    question = counter.asks("Pertanyaan")
    counter.asks_back(question, "Tanya balik")
    threads.note(counter.mentor.visit(), question, said("Catatan"))
    counter.replies(question, "Balasan")
    counter.answers(question, "Jawaban")

    work = counter.town.work()
    assert [post.body for post in questions.thread(work, question)] == [
        "Pertanyaan",
        "Tanya balik",
        "Balasan",
        "Jawaban",
    ]
    assert [post.kind for post in questions.thread(work, question, notes=True)][2] is PostKind.NOTE


def test_still_unclear_within_a_week_goes_to_the_same_mentor(counter: Counter, town: Town) -> None:
    question = counter.asks()
    counter.answers(question)
    threads.close(town.work(), question, Closing.THANKED)
    town.later(days=6)
    counter.replies(question, "Masih belum jelas.")

    assert (question.state, question.mentor_id) == (QuestionState.TAKEN, counter.mentor.person.id)
    assert (question.closed_at, question.closing, question.reopened) == (None, None, 1)


def test_after_a_week_it_is_not_opened_again(counter: Counter, town: Town) -> None:
    question = counter.asks()
    counter.answers(question)
    threads.close(town.work(), question, Closing.THANKED)
    town.later(days=8)

    with pytest.raises(Refusal):
        counter.replies(question, "Masih belum jelas.")


def test_a_mentor_who_no_longer_may_loses_what_is_opened_again(counter: Counter, town: Town) -> None:
    question = counter.asks()
    counter.answers(question)
    counter.mentor.visit().seats[0].ended_at = town.now
    other = town.member(Role.MENTOR, stage.TEBING_TINGGI, "Dewi")
    counter.replies(question, "Masih belum jelas.")

    assert (question.state, question.mentor_id) == (QuestionState.NEW, None)
    assert other.told()


def test_a_question_is_rated_once(counter: Counter, town: Town) -> None:
    question = counter.asks()
    counter.answers(question)
    threads.close(town.work(), question, Closing.THANKED)

    assert threads.rate(counter.asker.visit(), question, 4)
    assert not threads.rate(counter.asker.visit(), question, 1)
    assert question.rating == 4


def test_one_answer_goes_to_both_who_asked_the_same(counter: Counter, town: Town) -> None:
    other = town.member(Role.OFFICIAL, stage.TEBING_TINGGI, "Rudi")
    main = counter.asks("Apakah SK wajib?")
    twin = questions.file(other.visit(), Draft(stage.TEBING_TINGGI, said("SK itu wajib ya?")))
    visit = counter.mentor.visit()
    threads.merge(visit, twin, main)
    town.letters += visit.work.letters
    counter.answers(main, "Ya, wajib.")

    assert (twin.state, twin.closing) == (QuestionState.CLOSED, Closing.MERGED)
    assert "Ya, wajib." in other.told()[-1]
    assert "SK itu wajib ya?" in other.told()[-1]
    assert "Ya, wajib." in counter.asker.told()[-1]


def test_a_correction_keeps_both_versions_and_reaches_the_asker(counter: Counter) -> None:
    question = counter.asks()
    post = counter.answers(question, "Tidak wajib.")
    visit = counter.mentor.visit()
    assert threads.correct(visit, question, post, "Wajib.")
    counter.town.letters += visit.work.letters

    assert [earlier["body"] for earlier in post.earlier] == ["Tidak wajib."]
    assert "Wajib." in counter.asker.told()[-1]
    assert "(corrected)" in counter.asker.told()[-1]


def test_another_region_reads_only_what_is_shared_and_answered(counter: Counter, town: Town) -> None:
    stage.region(town.work(), stage.KATINGAN)
    stranger = town.member(Role.OFFICIAL, stage.KATINGAN, "Rudi")
    private, shared = counter.asks("Satu?"), counter.asks("Dua?", shared=True)

    for question in (private, shared):
        with pytest.raises(Forbidden):
            questions.by_id(stranger.visit(), question.id, Act.SEE_QUESTION)
    counter.answers(private)
    counter.answers(shared)
    with pytest.raises(Forbidden):
        questions.by_id(stranger.visit(), private.id, Act.SEE_QUESTION)
    assert questions.by_id(stranger.visit(), shared.id, Act.SEE_QUESTION) is shared
    with pytest.raises(Forbidden):
        threads.asking(stranger.visit(), shared.id)


def test_a_contributor_sees_only_what_they_asked_themselves(counter: Counter, town: Town) -> None:
    contributor = town.member(Role.CONTRIBUTOR, stage.TEBING_TINGGI, "Rudi")
    own = questions.file(contributor.visit(), Draft(stage.TEBING_TINGGI, said("Apa itu OPD?")))
    foreign = counter.asks()

    assert questions.by_id(contributor.visit(), own.id, Act.SEE_QUESTION) is own
    with pytest.raises(Forbidden):
        questions.by_id(contributor.visit(), foreign.id, Act.SEE_QUESTION)


def test_nobody_answers_their_own_question(town: Town) -> None:
    person = town.member(Role.OFFICIAL, stage.TEBING_TINGGI)
    stage.seat(town.work(), person.person, Role.MENTOR, stage.TEBING_TINGGI)
    question = questions.file(person.visit(), Draft(stage.TEBING_TINGGI, said("Apa itu OPD?")))

    with pytest.raises(Forbidden):
        threads.answer(person.visit(), question, said("Organisasi perangkat daerah."))


def test_every_change_has_one_line_and_one_version(counter: Counter) -> None:
    question = counter.asks()
    counter.answers(question)

    session = counter.town.session
    acts = session.scalars(
        select(AuditEntry.act).where(AuditEntry.subject == "question", AuditEntry.subject_id == question.id)
    ).all()
    assert (list(acts), question.version) == (["ask", "answer"], 1)


def test_somebody_who_was_slower_reads_that_it_changed(counter: Counter) -> None:
    question = counter.asks()
    counter.town.session.execute(update(Question).values(version=5).execution_options(synchronize_session=False))

    with pytest.raises(Refusal):
        counter.answers(question)


def test_the_record_stays_with_the_region_when_the_asker_leaves(counter: Counter, town: Town) -> None:
    lead = town.member(Role.LEAD, stage.TEBING_TINGGI, "Rudi")
    question = counter.asks()
    counter.asker.visit().seats[0].ended_at = town.now
    counter.answers(question, "Ya, wajib.")

    assert "Ya, wajib." in lead.told()[-1]
    assert not counter.asker.told()


def test_the_week_counts_from_the_ending(counter: Counter, town: Town) -> None:
    question = counter.asks()
    counter.answers(question)
    town.later(days=5)
    threads.close(town.work(), question, Closing.THANKED)

    assert not threads.ended_long_ago(town.work(), question)
    assert question.closed_at is not None
    town.now = question.closed_at + timedelta(days=7, seconds=1)
    assert threads.ended_long_ago(town.work(), question)
