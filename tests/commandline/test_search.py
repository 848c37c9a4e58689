"""`pandu search`: what an official would be offered, and nothing where nothing would be."""

import json

from tests.commandline.console import Console


def test_a_question_in_other_words_is_found_also_before_there_is_a_database(console: Console) -> None:
    said = console.run("search", "Kami telat dari tenggat, harus bagaimana?")

    assert said.code == 0
    assert said.out.splitlines()[0].endswith("faq:terlambat  Tenggat kami terlewat. Apa yang harus dilakukan?")
    assert not list(console.directory.iterdir())


def test_nothing_is_printed_where_nothing_would_be_shown(console: Console) -> None:
    said = console.run("search", "Bagaimana cara memasak rendang?")

    assert (said.code, said.out, said.err) == (0, "", "")


def test_as_json_it_has_key_title_and_score(console: Console) -> None:
    found = json.loads(console.run("search", "apa hubngan dengan SPBE", "--json").out)

    assert found[0]["key"] == "faq:spbe"
    assert found[0]["title"] == "Apa hubungan program ini dengan SPBE dan Satu Data?"
    assert 0 < found[0]["score"] <= 1
    assert json.loads(console.run("search", "resep soto ayam", "--json").out) == []


def test_a_wrong_content_file_is_named(console: Console) -> None:
    said = console.run("search", "SPBE", PANDU_EDITION="nowhere.yaml")

    assert said.code == 2
    assert "nowhere.yaml" in said.err
