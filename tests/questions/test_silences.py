"""Nobody replies to what was asked back."""

from bot.services import silences
from db.models import Question
from db.vocabulary import Closing, QuestionState
from tests.people.phone import Town
from tests.questions.counter import Counter


def tick(town: Town) -> int:
    work = town.work("tick")
    told = silences.run(work)
    town.letters += work.letters
    town.session.flush()
    return told


def waiting(counter: Counter) -> Question:
    """Asked back on Saturday, so that the clock begins on Monday at eight."""
    question = counter.asks()
    counter.asks_back(question, "SK tahun berapa?")
    return question


def test_one_nudge_after_three_working_days(counter: Counter, town: Town) -> None:
    waiting(counter)
    # From Saturday 09.00 to Thursday 08.00, when three working days since Monday 08.00 are over.
    town.later(days=4, hours=7)
    assert tick(town) == 0
    town.later(hours=16)
    assert [tick(town), tick(town)] == [1, 0]

    [nudge] = [text for text in counter.asker.told() if "still waits for your reply" in text]
    assert "SK tahun berapa?" in nudge


def test_after_five_working_days_it_is_closed_without_a_reply(counter: Counter, town: Town) -> None:
    question = waiting(counter)
    town.later(days=5)
    tick(town)
    town.later(days=4)
    assert [tick(town), tick(town)] == [1, 0]

    assert (question.state, question.closing) == (QuestionState.CLOSED, Closing.SILENT)
    assert "closed without a reply" in counter.asker.told()[-1]


def test_after_an_outage_the_nudge_still_comes_first(counter: Counter, town: Town) -> None:
    question = waiting(counter)
    town.later(days=16)
    tick(town)
    assert question.state is QuestionState.WAITING
    tick(town)
    assert question.state is QuestionState.WAITING
    town.later(days=2)
    tick(town)

    assert question.closing is Closing.SILENT


def test_what_was_closed_for_silence_can_be_opened_again(counter: Counter, town: Town) -> None:
    question = waiting(counter)
    town.later(days=5)
    tick(town)
    town.later(days=4)
    tick(town)
    assert not [button for row in counter.asker.letters[-1].rows for button in row if "⭐" in str(button.label)]
    counter.asker.presses_letter("Open again")

    assert question.state is QuestionState.TAKEN


def test_whoever_replies_hears_nothing_more(counter: Counter, town: Town) -> None:
    question = waiting(counter)
    counter.replies(question)
    town.later(days=9)

    assert tick(town) == 0
