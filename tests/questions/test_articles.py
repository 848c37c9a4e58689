"""An answer becomes an article: nothing secret in it, found at once, out of sight again when it is taken back."""

import pytest
from sqlalchemy import select

from bot.services.search import similar
from db.models import Article, AuditEntry, Question
from db.vocabulary import ArticleState, Role
from tests import stage
from tests.people.phone import Phone, Town
from tests.questions.counter import Counter

ASKED = "Apakah SK Dewan Smart City Tebing Tinggi perlu lampiran susunan anggota?"
ANSWER = "Ya, Ibu Siti Rahma. Lampirkan susunan anggota, kirim ke siti@tebingtinggi.go.id atau 0812-3456-7890."


@pytest.fixture
def answered(counter: Counter) -> Question:
    question = counter.asks(ASKED)
    counter.answers(question, ANSWER)
    return question


def found(town: Town, text: str, *, staff: bool = False) -> list[str]:
    return [hit.key for hit in similar(town.work(), text, staff=staff)]


def only_article(town: Town) -> Article:
    article = town.session.scalars(select(Article)).one()
    town.session.refresh(article)
    return article


def publishes(mentor: Phone, question: Question) -> Phone:
    return mentor.sends_data(f"a:publish:{question.id}:0")


def test_what_should_not_stand_in_a_public_text_is_shown_before_publishing(
    counter: Counter, answered: Question
) -> None:
    panel = publishes(counter.mentor, answered).text

    for secret in ("Tebing Tinggi", "Siti Rahma", "siti@tebingtinggi.go.id", "0812-3456-7890"):
        assert f": {secret}" in panel


def test_masked_and_published_it_is_found_without_its_secrets(counter: Counter, answered: Question) -> None:
    mentor = publishes(counter.mentor, answered).presses("Mask all").presses("Publish")
    article = only_article(counter.town)

    assert "Published" in mentor.text
    assert article.state is ArticleState.PUBLIC
    assert article.title == "Apakah SK Dewan Smart City [daerah] perlu lampiran susunan anggota?"
    assert article.body == "Ya, Ibu [nama]. Lampirkan susunan anggota, kirim ke [alamat surel] atau [nomor telepon]."
    assert found(counter.town, "lampiran susunan anggota SK dewan")[0] == f"article:{article.id}"


def test_publishing_with_a_name_in_it_takes_a_second_yes(counter: Counter, answered: Question) -> None:
    mentor = publishes(counter.mentor, answered).presses("Publish")
    assert "Should it stay in?" in mentor.text
    assert counter.town.session.scalars(select(Article)).all() == []

    mentor.presses("Publish as it is")
    assert only_article(counter.town).state is ArticleState.PUBLIC


def test_an_identity_number_is_never_published(counter: Counter) -> None:
    question = counter.asks("Contoh pengisian formulir?")
    counter.answers(question, "NIP 19800101 200501 1 002 ditulis pada kolom pertama.")

    mentor = publishes(counter.mentor, question).presses("Publish")
    assert not [label for label in mentor.buttons if "Publish" in label]

    mentor.presses("Mask all").presses("Publish")
    assert only_article(counter.town).body == "NIP [NIP] ditulis pada kolom pertama."


def test_nothing_is_published_before_there_is_an_answer(counter: Counter) -> None:
    mentor = publishes(counter.mentor, counter.asks())

    assert "nothing to publish yet" in mentor.toast


def test_an_article_of_the_team_is_found_by_the_team_alone(counter: Counter, answered: Question) -> None:
    publishes(counter.mentor, answered).presses("Mask all").presses("For the team")
    words = "lampiran susunan anggota SK dewan"

    assert found(counter.town, words) == []
    assert found(counter.town, words, staff=True) == [f"article:{only_article(counter.town).id}"]
    assert "could not be found" in counter.asker.sends_data(f"s:article:{only_article(counter.town).id}").text


def test_a_draft_is_its_owners_alone(counter: Counter, answered: Question) -> None:
    publishes(counter.mentor, answered).presses("Keep as draft")
    number = only_article(counter.town).id
    other = counter.town.member(Role.MENTOR, stage.TEBING_TINGGI, "Dewi Lestari")

    assert "could not be found" in other.sends_data(f"s:article:{number}").text
    assert "Version 1" in counter.mentor.sends_data(f"s:article:{number}").text


def test_what_is_taken_back_is_not_found_any_more(counter: Counter, answered: Question) -> None:
    publishes(counter.mentor, answered).presses("Mask all").presses("Publish")
    article = only_article(counter.town)

    counter.mentor.sends_data(f"s:article:{article.id}").presses("Back to draft")

    assert found(counter.town, "lampiran susunan anggota SK dewan") == []
    assert only_article(counter.town).state is ArticleState.DRAFT


def test_an_article_changed_meanwhile_is_not_overwritten(counter: Counter, answered: Question) -> None:
    publishes(counter.mentor, answered).presses("Mask all").presses("Publish")
    article = only_article(counter.town)
    other = counter.town.member(Role.COORDINATOR, name="Dewi Lestari")
    counter.mentor.sends_data(f"a:write-article:{article.id}:0")
    other.sends_data(f"a:write-article:{article.id}:0").presses("Answer").writes("Ya, wajib.").presses("Publish")

    counter.mentor.presses("Answer").writes("Tidak perlu.").presses("Publish")

    assert "changed this article meanwhile" in counter.mentor.text
    assert only_article(counter.town).body == "Ya, wajib."


def test_a_new_article_is_asked_for_step_by_step(counter: Counter) -> None:
    mentor = counter.mentor.sends_data("s:articles").presses("New article")
    mentor.writes("Bagaimana cara menjadwalkan paparan?").writes("Hubungi koordinator provinsi.")
    mentor.presses("Smart Governance").presses("Publish")
    article = only_article(counter.town)

    assert (article.category, article.version) == ("smart-governance", 1)
    assert found(counter.town, "jadwal presentasi kami kapan") == [f"article:{article.id}"]


def test_every_change_leaves_its_line(counter: Counter, answered: Question) -> None:
    publishes(counter.mentor, answered).presses("Mask all").presses("Publish")
    article = only_article(counter.town)
    counter.mentor.sends_data(f"s:article:{article.id}").presses("Back to draft")

    acts = counter.town.session.scalars(select(AuditEntry.act).where(AuditEntry.subject == "article")).all()
    assert acts == ["keep_article", "withdraw_article"]


@pytest.mark.parametrize("data", ["a:publish:{id}:0", "a:write-article:0:0", "s:articles", "s:gaps"])
def test_officials_write_no_articles(counter: Counter, answered: Question, data: str) -> None:
    panel = counter.asker.sends_data(data.format(id=answered.id))

    assert "could not be found" in panel.text + panel.toast


def test_a_shared_answer_is_found_and_one_kept_private_is_not(counter: Counter) -> None:
    shared = counter.asks("Berapa ukuran spanduk untuk pameran?", shared=True)
    private = counter.asks("Berapa tinggi panggung pameran?")

    assert found(counter.town, "ukuran spanduk pameran") == []
    for question in (shared, private):
        counter.answers(question, "Dua meter.")

    assert found(counter.town, "ukuran spanduk pameran") == [f"question:{shared.id}"]
    assert f"question:{private.id}" not in found(counter.town, "tinggi panggung pameran")
