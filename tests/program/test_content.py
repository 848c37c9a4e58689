"""The content is complete, and its facts are those of the programme."""

import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from pydantic import BaseModel

from bot.program.loading import PROGRAM
from bot.program.model import Edition
from bot.program.regions import load_regions
from bot.program.wording import telegram_length
from tests.program.prose import sentences

ITEMS_OF_MILESTONES = {
    "asesmen": 4,
    "nota-kesepakatan": 4,
    "kelembagaan": 7,
    "bimtek-1": 9,
    "bimtek-2": 6,
    "bimtek-3": 7,
    "bimtek-4": 6,
    "dokumen-final": 8,
    "quick-win": 6,
    "regulasi": 4,
    "bahan-penutupan": 5,
    "penutupan": 3,
    "tindak-lanjut": 5,
}
MANDATORY_OF_MILESTONES = {
    "asesmen": 1,
    "nota-kesepakatan": 2,
    "kelembagaan": 4,
    "bimtek-1": 6,
    "bimtek-2": 5,
    "bimtek-3": 6,
    "bimtek-4": 5,
    "dokumen-final": 7,
    "quick-win": 3,
    "bahan-penutupan": 2,
    "penutupan": 1,
}
DEADLINES_OF_2022 = {
    "asesmen": date(2022, 1, 3),
    "nota-kesepakatan": date(2022, 4, 21),
    "kelembagaan": date(2022, 6, 3),
    "bimtek-1": date(2022, 6, 30),
    "bimtek-2": date(2022, 7, 29),
    "bimtek-3": date(2022, 8, 31),
    "bimtek-4": date(2022, 9, 30),
    "dokumen-final": date(2022, 10, 31),
    "quick-win": date(2022, 11, 11),
    "regulasi": date(2023, 3, 31),
    "bahan-penutupan": date(2022, 11, 23),
    "penutupan": date(2022, 12, 1),
    "tindak-lanjut": date(2023, 1, 31),
}
SUBPILLARS = {
    "smart-governance": ("Pelayanan publik", "Birokrasi", "Kebijakan publik"),
    "smart-branding": ("Pariwisata", "Bisnis daerah", "Wajah kota"),
    "smart-economy": ("Ekosistem industri berdaya saing", "Kesejahteraan rakyat", "Ekosistem transaksi keuangan"),
    "smart-living": ("Harmonisasi tata ruang", "Prasarana kesehatan", "Sarana transportasi dan logistik"),
    "smart-society": ("Interaksi dan komunitas warga", "Ekosistem belajar", "Keamanan masyarakat"),
    "smart-environment": (
        "Proteksi lingkungan",
        "Tata kelola sampah dan limbah",
        "Tata kelola energi yang bertanggung jawab",
    ),
}


def test_every_milestone_stands_in_its_order_with_all_its_items(either: Edition) -> None:
    assert [one.key for one in either.milestones] == list(ITEMS_OF_MILESTONES)
    assert {key: len(either.items_of(key)) for key in ITEMS_OF_MILESTONES} == ITEMS_OF_MILESTONES
    assert len(either.items) == 74


def test_items_are_listed_milestone_by_milestone(either: Edition) -> None:
    order = [one.key for one in either.milestones]
    assert [item.milestone for item in either.items] == sorted(
        (item.milestone for item in either.items), key=order.index
    )


def test_mandatory_items_are_those_of_the_table_and_a_proposal(either: Edition) -> None:
    assert Counter(item.milestone for item in either.items if item.mandatory) == MANDATORY_OF_MILESTONES
    assert all(item.mandatory_is_proposal for item in either.items)


def test_the_regulation_is_never_a_condition_of_the_closing(either: Edition) -> None:
    assert not any(item.mandatory for item in either.items_of("regulasi"))
    assert either.default_deadline("rg-rancangan") < either.closing < either.default_deadline("rg-penetapan")


def test_the_pillars_have_three_sub_pillars_and_their_questions(either: Edition) -> None:
    assert {one.key: tuple(part.title for part in one.subpillars) for one in either.pillars} == SUBPILLARS
    for pillar in either.pillars:
        assert (len(pillar.challenges), len(pillar.potentials), len(pillar.quick_wins)) == (3, 3, 2)
        assert pillar.measures
        assert pillar.offices


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("smart mobility", "smart-living"),
        ("Smart  People", "smart-society"),
        ("smart-mobility", "smart-living"),
        ("Smart Branding", "smart-branding"),
        ("smart-economy", "smart-economy"),
    ],
)
def test_names_of_pillars_in_the_press_are_understood(either: Edition, said: str, meant: str) -> None:
    pillar = either.pillar_named(said)
    assert pillar is not None
    assert pillar.key == meant


def test_an_unknown_pillar_is_nobodys(either: Edition) -> None:
    assert either.pillar_named("smart kitchen") is None


def test_the_questionnaire_asks_22_questions_in_four_groups(either: Edition) -> None:
    asked = either.questionnaire
    groups = Counter(question.group for question in asked.questions)
    assert groups == {"struktur": 6, "infrastruktur": 6, "suprastruktur": 6, "alam-budaya": 4}
    assert [step.score for step in asked.scale] == [0, 1, 2, 3]
    assert asked.least_answered == 0.75


@pytest.mark.parametrize(
    ("percent", "label"),
    [
        (0, "Perlu penguatan"),
        (39.9, "Perlu penguatan"),
        (40, "Berkembang"),
        (69.9, "Berkembang"),
        (70, "Siap"),
        (100, "Siap"),
    ],
)
def test_a_value_falls_into_its_band(either: Edition, percent: float, label: str) -> None:
    assert either.questionnaire.band(percent).label == label


def test_a_zero_on_structure_questions_brings_advice(either: Edition) -> None:
    advice = {one.question: one.items for one in either.questionnaire.advice if one.score == 0}
    assert advice == {"u3": ("kl-sk-dewan",), "u4": ("kl-sk-tim",), "s6": ("b1-data",)}


def test_three_books_and_the_quick_win_profile_have_their_chapters(either: Edition) -> None:
    chapters = {one.key: len(one.chapters) for one in either.documents}
    assert chapters == {"buku-1": 6, "buku-2": 7, "buku-3": 5, "profil-quick-win": 10}


def test_questions_examples_roles_and_terms_are_complete(either: Edition) -> None:
    assert (len(either.faq), len(either.examples), len(either.roles)) == (31, 3, 9)
    assert len(either.glossary) >= 12


def test_every_key_is_unique(either: Edition) -> None:
    for entries in (
        either.milestones,
        either.items,
        either.pillars,
        either.questionnaire.questions,
        either.documents,
        either.faq,
        either.examples,
        either.roles,
        either.glossary,
    ):
        keys = [entry.key for entry in entries]
        assert len(set(keys)) == len(keys)


def test_all_deadlines_of_2022_are_those_of_the_table(of_2022: Edition) -> None:
    assert {one.key: of_2022.milestone_deadline(one.key) for one in of_2022.milestones} == DEADLINES_OF_2022
    assert of_2022.default_deadline("rg-rancangan") == date(2022, 11, 15)
    assert of_2022.default_deadline("kl-pokja") == date(2022, 6, 3)


def test_reported_dates_are_no_proposals_in_2022(of_2022: Edition) -> None:
    reported = {one.key for one in of_2022.milestones if not one.deadline_is_proposal}
    assert reported == {"asesmen", "nota-kesepakatan", "penutupan"}


def test_items_marked_as_proposals_keep_the_mark(either: Edition) -> None:
    assert sum(item.proposal for item in either.items) == 26
    assert either.item("nk-telaah").proposal
    assert not either.item("nk-teken").proposal
    assert either.item("kl-peserta-tetap").proposal_part == "bentuk daftar"


def test_an_item_belongs_to_all_six_pillars_unless_it_says_otherwise(either: Edition) -> None:
    assert either.item("b3-strategi").pillars == tuple(SUBPILLARS)


def test_facts_of_2022_are_told_in_2022(of_2022: Edition) -> None:
    answers = {one.key: one.answer for one in of_2022.faq}
    assert "191 daerah: 25 (2017), 50 (2018), 25 (2019), 48 (2021, tujuh di antaranya" in answers["jumlah-peserta"]
    assert "tujuh daerah dari peserta 2017-2021" in answers["penghargaan"]
    assert of_2022.milestone("nota-kesepakatan").time == "Kamis, 21 April 2022, daring"
    assert "APBD 2023" in of_2022.item("qw-anggaran").how
    assert len(of_2022.participants) == 13


def test_the_current_edition_says_nothing_that_is_true_of_2022_only(current: Edition) -> None:
    said = [text for text in sentences(current) if re.search(r"\b20\d\d\b", text.replace("Nomor 27 Tahun 2022", ""))]
    since = "Program pemerintah pusat sejak 2017"
    assert [text for text in said if not text.startswith(since)] == [current.name]
    assert not any(re.search(r"Kemenkominfo|Aptika|Kominfo\b", text) for text in sentences(current))


def test_only_wordings_of_one_edition_are_marked_as_such(of_2022: Edition, current: Edition) -> None:
    assert {one.key for one in of_2022.faq if one.only_edition == "2022"} == {
        "apa-itu",
        "jumlah-peserta",
        "penyelenggara",
        "kapan-tutup",
        "daftar-baru",
        "perwali-wajib",
        "kapan-dievaluasi",
        "penghargaan",
    }
    assert not any(one.only_edition for one in current.faq)


def test_every_source_named_is_listed_among_the_sources(either: Edition) -> None:
    listed = set(re.findall(r"^\| (P\d+) \|", (PROGRAM / "SOURCES.md").read_text(encoding="utf-8"), re.MULTILINE))
    assert len(listed) == 23
    assert set(_codes(either)) <= listed


def test_the_licence_of_the_region_table_travels_with_it() -> None:
    sources = (PROGRAM / "SOURCES.md").read_text(encoding="utf-8")
    assert "Copyright (c) 2017-2025 Cahya DSN" in sources
    assert "The above copyright notice and this permission notice shall be included" in sources


def test_examples_are_regions_of_the_table(either: Edition) -> None:
    regions = load_regions()
    assert [regions.by_code[one.region_code].name for one in either.examples] == [
        one.region.partition(",")[0] for one in either.examples
    ]


def test_a_card_fits_into_one_telegram_message(either: Edition) -> None:
    longest = max(telegram_length(item.title + item.how + item.evidence) for item in either.items)
    assert longest < 2000


def _codes(value: object) -> list[str]:
    if isinstance(value, BaseModel):
        own = [str(code) for code in getattr(value, "basis", ())]
        return own + [code for _, held in value for code in _codes(held)]
    return [code for held in value for code in _codes(held)] if isinstance(value, tuple) else []


def test_content_is_part_of_the_package() -> None:
    assert {path.suffix for path in (PROGRAM / "content").iterdir()} == {".yaml", ".csv"}
    assert Path(PROGRAM).name == "program"
