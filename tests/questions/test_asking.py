"""Asking from anywhere, in any form, through the real handlers."""

from typing import Any

import pytest
from sqlalchemy import func, select

from bot.services import items, questions, tasks
from db.models import Article, Post, Question, Search
from db.vocabulary import QuestionState, Role
from tests import stage
from tests.people.phone import Phone, Town
from tests.questions.counter import Counter


def asked(town: Town) -> Question:
    """The newest question."""
    found = town.session.scalar(select(Question).order_by(Question.id.desc()).limit(1))
    assert found is not None
    return found


def photo(unique: str = "u1", **more: Any) -> dict[str, Any]:
    size = {"file_id": f"file-{unique}", "file_unique_id": unique, "width": 9, "height": 9, "file_size": 90}
    return {"photo": [size], **more}


@pytest.fixture
def official(counter: Counter) -> Phone:
    return counter.asker.starts()


def test_an_official_asks_from_home_without_knowing_the_field(official: Phone, town: Town) -> None:
    official.presses("Ask the mentors").writes("Bolehkah rapat dewan dilakukan daring?").presses("Send")
    assert "Which field" in official.text
    official.presses("I don't know")

    assert "T-0001" in official.text
    assert "place 1" in official.text
    assert "Expected answer" in official.text
    question = asked(town)
    assert (question.pillar, question.item_key, question.shared) == (None, None, False)


def test_field_and_item_can_be_chosen(official: Phone, town: Town) -> None:
    edition = town.work().programme.edition
    pillar, item = edition.pillars[0], edition.item("kl-sk-dewan")
    official.presses("Ask the mentors").writes("Bolehkah rapat dewan dilakukan daring?").presses("Send")
    official.presses(pillar.title)
    assert "one of these items" in official.text
    official.sends_data(next(data for label, data in official.buttons.items() if label.startswith(item.title[:20])))

    question = asked(town)
    assert (question.pillar, question.item_key) == (pillar.key, item.key)


def test_from_an_item_nothing_is_asked_that_is_known(official: Phone, town: Town) -> None:
    item = town.work().programme.edition.items[0]
    official.sends_data(f"s:item:{item.key}").presses("Ask the mentors")
    assert item.title in official.text
    official.writes("Bolehkah rapat dewan dilakukan daring?").presses("Send")

    assert "T-0001" in official.text
    assert asked(town).item_key == item.key


def test_in_the_middle_of_an_item_one_asks_and_comes_back(official: Phone, town: Town) -> None:
    item = town.work().programme.edition.items[0]
    official.sends_data(f"s:item:{item.key}").presses("Work on it").presses("Ask the mentors")
    official.writes("Bolehkah rapat dewan dilakukan daring?").presses("Send")

    assert "T-0001" in official.text
    assert "Draft:" in official.text
    assert asked(town).item_key == item.key


def test_items_that_the_question_speaks_of_come_first_then_what_is_still_open(official: Phone, town: Town) -> None:
    official.presses("Ask the mentors").writes("Bolehkah delegasi diwakili sekretaris daerah?").presses("Send")
    official.presses("Smart Governance")

    first, second = list(official.buttons)[:2]
    assert first == "Konfirmasi delegasi"
    assert second == items.title(town.work(), tasks.likeliest(official.visit())[0]).text


def test_the_command_takes_the_item_from_where_one_stands(official: Phone, town: Town) -> None:
    item = town.work().programme.edition.items[0]
    official.sends_data(f"s:item:{item.key}").writes("/tanya Bolehkah rapat dewan dilakukan daring?")
    assert item.title in official.text
    official.presses("Send")

    assert asked(town).item_key == item.key


def test_text_photo_album_document_and_voice_are_one_question(official: Phone, town: Town) -> None:
    official.presses("Ask the mentors").writes("Apakah lampiran ini sudah benar?")
    official.sends(**photo("a", media_group_id="g")).sends(**photo("b", media_group_id="g"))
    document = {"file_id": "f", "file_unique_id": "d", "file_name": "SK.pdf", "mime_type": "application/pdf"}
    official.sends(document=document)
    official.sends(voice={"file_id": "v", "file_unique_id": "v", "duration": 3})
    official.presses("Send").presses("I don't know")

    work = town.work()
    [post] = questions.thread(work, asked(town))
    assert town.session.scalar(select(func.count(Question.id))) == 1
    assert [file.kind.value for file in post.files] == ["photo", "photo", "document", "voice"]


def test_a_photo_alone_is_a_question(official: Phone, town: Town) -> None:
    official.presses("Ask the mentors").sends(**photo()).presses("Send").presses("I don't know")

    assert len(questions.first_post(town.work(), asked(town)).files) == 1


@pytest.mark.parametrize("text", ["🙏", "…", "  \n "])
def test_what_says_nothing_is_asked_again_more_concretely(official: Phone, town: Town, text: str) -> None:
    official.presses("Ask the mentors").writes(text)
    first = official.text
    official.writes(text)

    assert "in a few words" in first
    assert "For example" in official.text
    assert town.session.scalar(select(Question.id)) is None


def test_an_identity_number_is_masked_and_said(official: Phone, town: Town) -> None:
    official.presses("Ask the mentors").writes("NIK 3271046504930002 milik siapa?").presses("Send")
    official.presses("I don't know")

    assert "do not send a NIK" in official.text
    assert "3271046504930002" not in questions.first_post(town.work(), asked(town)).body


def test_sent_twice_it_is_one_question(official: Phone, town: Town) -> None:
    official.presses("Ask the mentors").writes("Bolehkah rapat daring?").presses("Send")
    press = official.buttons["🤷 I don't know"]
    official.sends_data(press).sends_data(press)

    assert town.session.scalar(select(func.count(Question.id))) == 1


def test_others_may_read_it_only_if_the_asker_says_so(official: Phone, town: Town) -> None:
    official.presses("Ask the mentors").writes("Bolehkah rapat daring?").presses("Let others read it")
    official.presses("Send").presses("I don't know")

    assert asked(town).shared


def test_leaving_asks_nothing(official: Phone, town: Town) -> None:
    official.presses("Ask the mentors").writes("Bolehkah rapat daring?").writes("/batal")

    assert "Nothing was asked" in official.text
    assert town.session.scalar(select(Question.id)) is None


def test_what_was_answered_before_is_offered_and_counted(official: Phone, town: Town) -> None:
    entry = town.work().programme.edition.faq[0]
    official.presses("Ask the mentors").writes(entry.question).presses("Send").presses("I don't know")
    assert "Perhaps this is answered already" in official.text
    official.sends_data(next(data for label, data in official.buttons.items() if label.startswith("1.")))
    official.presses("That answers it")

    assert town.session.scalar(select(Question.id)) is None
    assert town.session.scalar(select(Search.answered)) is True


def test_what_was_offered_can_be_asked_all_the_same(official: Phone, town: Town) -> None:
    entry = town.work().programme.edition.faq[0]
    official.presses("Ask the mentors").writes(entry.question).presses("Send").presses("I don't know")
    official.presses("Ask all the same")

    assert asked(town).state is QuestionState.NEW
    assert town.session.scalar(select(Search.answered)) is False


def test_an_edit_before_sending_changes_the_draft(official: Phone, town: Town) -> None:
    official.presses("Ask the mentors").writes("Bolehkah rapat darng?")
    number = int(official.chat.flow["state"]["parts"][0]["key"].split(":")[1])  # type: ignore[index,union-attr]
    official.edits(number, "Bolehkah rapat daring?")
    official.presses("Send").presses("I don't know")

    assert questions.first_post(town.work(), asked(town)).body == "Bolehkah rapat daring?"


def test_a_question_written_behind_the_command_can_be_edited_before_and_after_sending(
    official: Phone, town: Town
) -> None:
    official.writes("/tanya Bolehkah rapat darng?")
    number = int(official.chat.flow["state"]["parts"][0]["key"].split(":")[1])  # type: ignore[index,union-attr]
    official.edits(number, "/tanya Bolehkah rapat darring?")
    official.presses("Send").presses("I don't know")
    assert questions.first_post(town.work(), asked(town)).body == "Bolehkah rapat darring?"
    official.edits(number, "/tanya Bolehkah rapat daring?")
    assert "both versions" in official.text

    assert questions.first_post(town.work(), asked(town)).body == "Bolehkah rapat daring?"


def test_an_edit_after_sending_shows_both_versions(official: Phone, town: Town) -> None:
    official.presses("Ask the mentors").writes("Bolehkah rapat darng?").presses("Send").presses("I don't know")
    post = questions.first_post(town.work(), asked(town))
    official.edits(int(post.message_key.split(":")[1]), "Bolehkah rapat daring?")
    assert "both versions" in official.text
    official.sends_data(f"s:question:{asked(town).id}")

    assert "Bolehkah rapat darng?" in official.text
    assert "Bolehkah rapat daring?" in official.text


def test_what_was_not_understood_becomes_a_question(official: Phone, town: Town) -> None:
    official.writes("xyzzy foo bar baz qux").presses("Make it a question")
    assert "xyzzy foo bar baz qux" in official.text
    official.presses("Send").presses("I don't know")

    assert questions.first_post(town.work(), asked(town)).body == "xyzzy foo bar baz qux"


def test_a_question_of_another_chat_cannot_be_taken_up(official: Phone, town: Town) -> None:
    other = town.member(Role.OFFICIAL, stage.TEBING_TINGGI, "Rudi").writes("rahasia sekali sungguh")
    number = next(data for label, data in other.buttons.items() if "Make it" in label)
    official.sends_data(number)

    assert "rahasia" not in official.text


def test_a_mentor_reads_why_there_is_nothing_to_ask(counter: Counter) -> None:
    counter.mentor.writes("/tanya")

    assert "regions' teams" in counter.mentor.text


def test_articles_that_are_not_public_are_not_read_out(official: Phone, town: Town) -> None:
    from bot.services.asking import answer_text

    work = town.work()
    draft = Article(edition_id=work.edition_id, key="x", title="T", body="B", created_at=work.now, changed_at=work.now)
    work.session.add(draft)
    work.session.flush()

    assert answer_text(official.visit(), f"article:{draft.id}") is None


def test_a_number_opens_the_question_and_a_foreign_one_does_not(counter: Counter, town: Town) -> None:
    counter.asks("Bolehkah rapat daring?")
    stage.region(town.work(), stage.KATINGAN)
    stranger = town.member(Role.OFFICIAL, stage.KATINGAN, "Rudi")

    assert "Bolehkah rapat daring?" in counter.asker.starts("q_1").text
    assert "could not be found" in stranger.starts("q_1").text
    assert "could not be found" in stranger.starts("q_99").text


def test_posts_of_one_question_are_counted_once(counter: Counter, town: Town) -> None:
    counter.asks()

    assert town.session.scalar(select(func.count(Post.id))) == 1
