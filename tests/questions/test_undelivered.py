"""An answer that does not arrive: its mentor reads why, and whoever comes back gets it once."""

import pytest
from sqlalchemy import select

from bot.services import questions, silences, threads, undelivered
from bot.services.letters import post_letters
from db.models import OutboxMessage, Post, Question
from db.outbox import close_chat
from db.vocabulary import Closing, OutboxState, QuestionState, Role
from tests import stage
from tests.people.phone import TEXTS, Phone, Town
from tests.questions.counter import Counter

BLOCKED = "403: Forbidden: bot was blocked by the user"


def tick(town: Town) -> int:
    work = town.work(f"tick {town.next_update()}")
    told = undelivered.run(work)
    town.letters += work.letters
    town.session.flush()
    return told


def post_all(town: Town) -> None:
    """Everything that was said goes into the outbox."""
    post_letters(town.session, town.letters, TEXTS, town.now)


def rows(town: Town, phone: Phone, prefix: str = "question:") -> list[OutboxMessage]:
    statement = select(OutboxMessage).where(OutboxMessage.chat_id == phone.account).order_by(OutboxMessage.id)
    found = town.session.scalars(statement.where(OutboxMessage.unique_key.startswith(prefix)))
    return list(found)


def fails(town: Town, phone: Phone, error: str = BLOCKED, part: str = ":answer:") -> None:
    post_all(town)
    for row in rows(town, phone):
        if part in row.unique_key:
            row.state, row.error = OutboxState.DEAD, error
    town.session.flush()


def gone(town: Town, phone: Phone) -> None:
    """The person blocks the bot; what waits for them will never leave."""
    post_all(town)
    close_chat(town.session, phone.account, BLOCKED)
    town.session.expire_all()
    phone.blocks()


def arrives(town: Town, phone: Phone) -> None:
    """What waits reaches the person."""
    post_all(town)
    for number, row in enumerate(rows(town, phone), 500):
        if row.state is OutboxState.WAITING:
            row.state, row.message_id = OutboxState.SENT, number
    town.session.flush()


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (BLOCKED, "Siti Rahma cannot be reached (403"),
        ("400: Bad Request: chat not found", "Siti Rahma cannot be reached (400"),
        ("403: Forbidden: user is deactivated", "sends it again as soon as Siti Rahma is back"),
        ("400: Bad Request: PEER_FLOOD", "Telegram refused it (400: Bad Request: PEER_FLOOD)"),
        ("400: Bad Request: wrong file identifier/HTTP URL specified", "attach the file anew"),
        ("TimeoutError", "not certain whether it arrived"),
    ],
)
def test_the_mentor_reads_once_why_an_answer_did_not_arrive(
    counter: Counter, town: Town, error: str, said: str
) -> None:
    counter.answers(counter.asks())
    fails(town, counter.asker, error)
    assert [tick(town), tick(town)] == [1, 0]

    assert "Your answer to T-0001 could not be delivered to Siti Rahma." in counter.mentor.told()[-1]
    assert said in counter.mentor.told()[-1]
    assert "stays in the thread" in counter.mentor.told()[-1]


def test_what_was_asked_back_is_named_so(counter: Counter, town: Town) -> None:
    counter.asks_back(counter.asks())
    fails(town, counter.asker, part=":ask_back:")
    tick(town)

    assert "What you asked back on T-0001 could not be delivered" in counter.mentor.told()[-1]


def test_of_two_who_asked_the_same_the_one_who_was_not_reached_is_named(counter: Counter, town: Town) -> None:
    other = town.member(Role.OFFICIAL, stage.TEBING_TINGGI, "Rudi Hartono")
    main = counter.asks()
    twin = Counter(town, other, counter.mentor).asks("Wajibkah SK Dewan memuat lampiran?")
    twin.merged_into_id = main.id
    town.session.flush()
    counter.answers(main)
    fails(town, other)
    tick(town)

    assert "could not be delivered to Rudi Hartono" in counter.mentor.told()[-1]


def test_what_is_on_its_way_or_has_arrived_is_not_told(counter: Counter, town: Town) -> None:
    counter.answers(counter.asks())
    post_all(town)
    assert tick(town) == 0
    arrives(town, counter.asker)

    assert tick(town) == 0


def test_whoever_comes_back_gets_it_once_and_the_mentor_reads_so(counter: Counter, town: Town) -> None:
    counter.answers(counter.asks())
    gone(town, counter.asker)
    tick(town)
    before = len(counter.asker.told())
    counter.asker.starts()
    assert "Ya, dengan susunan tim." in counter.asker.told()[before]
    assert len(counter.asker.told()) == before + 1
    assert tick(town) == 0

    counter.asker.starts()
    arrives(town, counter.asker)
    assert [tick(town), tick(town)] == [1, 0]
    assert "Delivered now" in counter.mentor.told()[-1]
    assert len(counter.asker.told()) == before + 1


def test_several_come_in_order_under_one_heading_in_their_present_wording(counter: Counter, town: Town) -> None:
    gone(town, counter.asker)
    first, second = counter.asks(), counter.asks("Siapa yang menandatangani?")
    post = counter.answers(first, "Tidak wajib.")
    _corrects(counter, first, post, "Wajib.")
    counter.asks_back(second, "SK tahun berapa?")
    gone(town, counter.asker)
    before = len(counter.asker.told())
    counter.asker.starts()

    heading, answer, question = counter.asker.told()[before:]
    assert heading.startswith("📬 2 messages")
    assert "Wajib." in answer
    assert "(corrected)" in answer
    assert "SK tahun berapa?" in question


def test_a_correction_alone_changes_the_copy_that_arrived_before(counter: Counter, town: Town) -> None:
    question = counter.asks()
    post = counter.answers(question, "Tidak wajib.")
    arrives(town, counter.asker)
    _corrects(counter, question, post, "Wajib.")
    gone(town, counter.asker)
    tick(town)
    assert "could not be delivered" in counter.mentor.told()[-1]
    counter.asker.starts()
    letter = counter.asker.letters[-1]

    assert (letter.method, letter.message_id is not None) == ("editMessageText", True)
    assert "Wajib." in TEXTS.plain(letter.say, "en")


def test_what_no_longer_concerns_them_is_not_sent(counter: Counter, town: Town) -> None:
    colleague = town.member(Role.LEAD, stage.TEBING_TINGGI, "Rudi Hartono")
    question = counter.asks()
    counter.asks_back(question)
    gone(town, counter.asker)
    counter.replies(question, by=colleague)
    before = len(counter.asker.told())
    counter.asker.starts()

    assert counter.asker.told()[before:] == []


def test_whoever_missed_that_a_question_was_closed_reads_it_and_can_open_it_again(counter: Counter, town: Town) -> None:
    question = counter.asks()
    counter.asks_back(question)
    for days in (5, 4):
        town.later(days=days)
        work = town.work(f"tick {days}")
        silences.run(work)
        town.letters += work.letters
    assert question.closing is Closing.SILENT
    gone(town, counter.asker)
    before = len(counter.asker.told())
    counter.asker.starts().starts()

    [told] = counter.asker.told()[before:]
    assert "T-0001 was closed (closed without a reply)" in told
    counter.asker.presses_letter("Open again")
    assert question.state is QuestionState.TAKEN


def test_a_message_refused_for_another_reason_is_not_tried_again(counter: Counter, town: Town) -> None:
    counter.answers(counter.asks())
    fails(town, counter.asker, "400: Bad Request: PEER_FLOOD")
    counter.asker.blocks()
    before = len(counter.asker.told())
    counter.asker.starts()

    assert counter.asker.told()[before:] == []


def _corrects(counter: Counter, question: Question, post: Post, text: str) -> None:
    visit = counter.mentor.visit()
    questions.thread(visit.work, question)
    threads.correct(visit, question, post, text)
    counter.town.letters += visit.work.letters
