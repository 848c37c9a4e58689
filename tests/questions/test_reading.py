"""Readers look, vote, have documents sent and ask from there; what was not found is told to the editors."""

from sqlalchemy import select

from bot.services import reading
from db.models import Article, ArticleVote
from db.vocabulary import ArticleState, Role
from tests import stage
from tests.people.phone import Town
from tests.questions.counter import Counter
from tests.stage import KATINGAN, TEBING_TINGGI


def article_with_file(town: Town) -> Article:
    work = town.work()
    file = {"kind": "document", "file_id": "BQACAg-pedoman", "unique_id": "u1", "name": "pedoman.pdf", "size": 1}
    article = Article(
        edition_id=work.edition_id,
        key="pedoman",
        category="general",
        title="Pedoman penyusunan",
        body="",
        files=[file],
        state=ArticleState.PUBLIC,
        version=3,
        created_at=work.now,
        changed_at=work.now,
    )
    work.session.add(article)
    work.session.flush()
    return article


def test_a_plain_question_is_answered_at_once(counter: Counter) -> None:
    panel = counter.asker.writes("Apa itu quik win?")

    assert "Apa itu quick win?" in panel.text
    assert "warga" in panel.text


def test_what_may_mean_several_things_is_offered_as_a_choice(counter: Counter) -> None:
    panel = counter.asker.writes("buku atau tim, apa bedanya")

    assert "Is it one of these?" in panel.text
    panel.presses("Dewan Smart City")
    assert "Dewan memberi arah" in panel.text


def test_a_sentence_of_everyday_life_gets_the_kind_question(counter: Counter) -> None:
    panel = counter.asker.writes("Bagaimana cara memasak rendang yang empuk?")

    assert "could not be understood yet" in panel.text


def test_a_search_leads_to_an_answer(counter: Counter) -> None:
    panel = counter.asker.sends_data("s:faqs").presses("Search").writes("masa berlaku masterplan")
    panel.presses("Berapa lama masa berlaku")

    assert "5-10 tahun" in panel.text


def test_a_search_that_finds_nothing_is_told_to_the_editors(counter: Counter) -> None:
    for phone in (counter.asker, counter.asker):
        phone.sends_data("a:search:0:0").writes("Cara memesan katering").presses("Back")

    assert reading.gaps(counter.town.work()) == [reading.Gap("cara memesan katering", 2)]
    assert "cara memesan katering (2×)" in counter.mentor.sends_data("s:gaps").text


def test_the_report_of_searches_keeps_no_numbers(counter: Counter) -> None:
    counter.asker.sends_data("a:search:0:0").writes("katering 3271046504930002 hubungi 081234567890")

    assert [gap.words for gap in reading.gaps(counter.town.work())] == ["katering hubungi"]


def test_what_was_not_found_becomes_a_question(counter: Counter) -> None:
    panel = counter.asker.sends_data("a:search:0:0").writes("Cara memesan katering").presses("Ask the mentors")

    assert "Cara memesan katering" in panel.text


def test_the_last_word_of_a_person_counts(counter: Counter) -> None:
    panel = counter.asker.sends_data("s:faq:quick-win").presses("It helped")
    assert panel.toast
    panel.presses("Not yet")

    assert reading.votes(counter.town.work(), "faq-quick-win") == (0, 1)
    assert counter.town.session.scalars(select(ArticleVote)).one().helpful is False


def test_a_question_asked_from_an_answer_says_which_one_did_not_help(counter: Counter) -> None:
    asker = counter.asker.sends_data("s:faq:quick-win").presses("Ask the mentors")
    asker.writes("Bolehkah sensor banjir menjadi contohnya?")
    assert asker.chat is not None
    assert asker.chat.flow is not None

    assert asker.chat.flow["state"]["topic"]["about"] == "faq:quick-win"


def test_nobody_votes_on_what_is_not_there(counter: Counter) -> None:
    for subject in ("faq-nothing", "article-999", "question-999", "x"):
        counter.asker.sends_data(f"a:vote:{subject}:1")

    assert counter.town.session.scalars(select(ArticleVote)).all() == []


def test_documents_are_sent_by_telegrams_own_number_with_their_version(counter: Counter) -> None:
    article = article_with_file(counter.town)

    counter.asker.sends_data("s:faqs").presses("Documents").presses("Pedoman").presses("Send the document")
    letter = counter.town.letters[-1]

    assert (letter.method, letter.file_id) == ("sendDocument", "BQACAg-pedoman")
    assert "Version 3" in counter.asker.told()[-1]
    assert letter.key.startswith(f"article:{article.id}:0:")


def test_from_an_item_one_comes_to_what_is_known_about_it(town: Town) -> None:
    asker, reader = town.member(Role.OFFICIAL, TEBING_TINGGI), town.member(Role.LEAD, KATINGAN, "Yansen Garu")
    stage.region(town.work(), KATINGAN)
    counter = Counter(town, asker, town.member(Role.MENTOR, None, "Bambang Wijaya"))
    shared = counter.asks("Siapa yang menandatangani SK Dewan?", item_key="kl-sk-dewan", shared=True)
    private = counter.asks("Bolehkah SK Dewan kami menyusul?", item_key="kl-sk-dewan")
    for question in (shared, private):
        counter.answers(question)

    reader.sends_data("s:item:kl-sk-dewan").presses("Answers")
    assert "Answers about SK Dewan Smart City" in reader.text
    labels = list(reader.buttons)
    assert labels[0].startswith("T-0001 Siapa yang menandatangani")
    assert not any("menyusul" in label for label in labels)
    assert any("Apa perbedaan Dewan Smart City" in label for label in labels)
    reader.presses("T-0001")
    assert "Siapa yang menandatangani SK Dewan?" in reader.text


def test_an_item_nobody_asked_about_leads_to_a_question(town: Town) -> None:
    reader = town.member(Role.OFFICIAL, TEBING_TINGGI)
    reader.sends_data("s:item:bp-slide").presses("Answers")
    assert "Nothing is known about it yet." in reader.text
    reader.presses("Ask the mentors")

    assert "About the item: Bahan tayang" in reader.text


def test_the_glossary_explains_the_terms(counter: Counter) -> None:
    assert "Bimbingan teknis" in counter.asker.writes("/istilah").text


def test_the_answers_of_a_mentors_pillar_come_first(counter: Counter) -> None:
    town = counter.town
    for pillar in ("smart-economy", "smart-mobility"):
        question = counter.asks(f"Contoh indikator {pillar} yang mudah?", shared=True, pillar=pillar)
        counter.answers(question, "Lihat lampiran.")
    mentor = town.member(Role.MENTOR, name="Dewi Lestari", pillar="smart-mobility")

    assert "mobility" in reading.hits(mentor.visit(), "contoh indikator yang mudah")[0].title
    assert len(reading.hits(counter.asker.visit(), "contoh indikator yang mudah")) == 2


def test_the_shelves_show_what_there_is(counter: Counter) -> None:
    panel = counter.asker.sends_data("s:home").presses("Frequent questions")
    assert "Articles" not in " ".join(panel.buttons)

    panel.presses("General")
    assert "Apa itu Gerakan Menuju Smart City?" in panel.buttons
    assert stage.content().faq[8].question in panel.sends_data("s:faqs:general:1").buttons
