"""Words that mean the same share a stem; words that do not, keep apart."""

import pytest

from bot.program.regions import load_regions
from bot.services.search import stems as stems_of
from bot.texts.stems import Stems, is_familiar, is_nearly_silent, one_slip, slips


@pytest.fixture(scope="module")
def stems() -> Stems:
    return stems_of(load_regions())


@pytest.mark.parametrize(
    ("root", "forms"),
    [
        ("rencana", "perencanaan direncanakan merencanakan rencananya"),
        ("nilai", "penilaian dinilai menilai nilainya"),
        ("susun", "menyusun penyusunan disusun tersusun susunan"),
        ("kirim", "mengirim mengirimkan dikirim pengiriman kirimkan kirimlah"),
        ("laksana", "melaksanakan dilaksanakan pelaksanaan terlaksana"),
        ("tutup", "penutupan ditutup menutup tertutup"),
        ("tanya", "bertanya pertanyaan ditanyakan menanyakan"),
        ("wakil", "diwakilkan mewakili perwakilan diwakili"),
        ("siap", "menyiapkan disiapkan persiapan dipersiapkan"),
    ],
)
def test_inflected_forms_share_their_root(stems: Stems, root: str, forms: str) -> None:
    assert {stems.of(form) for form in forms.split()} == {root}


@pytest.mark.parametrize("word", ["gerakan", "penghargaan", "peraturan", "kementerian", "pilar", "teknis"])
def test_words_that_only_look_inflected_stay_whole(stems: Stems, word: str) -> None:
    assert stems.of(word) == word


@pytest.mark.parametrize("name", ["pemalang", "berau", "sekadau", "penajam", "bekasi", "mamasa", "semarang"])
def test_names_of_regions_are_never_cut(stems: Stems, name: str) -> None:
    assert stems.of(name) == name


def test_awards_have_nothing_to_do_with_prices(stems: Stems) -> None:
    assert stems.of("penghargaan") != stems.of("harga")


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("SPBE", "Sistem Pemerintahan Berbasis Elektronik"),
        ("OPD", "organisasi perangkat daerah"),
        ("OPD", "perangkat daerah"),
        ("RPJMD", "Rencana Pembangunan Jangka Menengah Daerah"),
        ("bimtek", "bimbingan teknis"),
        ("Perwali", "Peraturan Wali Kota"),
        ("SK", "surat keputusan"),
        ("FGD", "focus group discussion"),
        ("masterplan", "master plan"),
        ("quickwin", "quick win"),
        ("deadline", "batas waktu"),
    ],
)
def test_a_short_form_is_its_long_form(stems: Stems, short: str, long: str) -> None:
    assert [word.stem for word in stems.telling(short)] == [word.stem for word in stems.telling(long)]


def test_words_that_every_question_has_are_left_out(stems: Stems) -> None:
    asked = "Mohon izin bertanya, Pak, bagaimanakah cara menyusun masterplan-nya ya?"

    assert [word.stem for word in stems.telling(asked)] == ["susun", "masterplan"]


@pytest.mark.parametrize("text", ["", "   ", "👍👍", "1234", "?!", "ya pak", "🏙️ 2022"])
def test_a_text_that_says_nothing_has_no_telling_words(stems: Stems, text: str) -> None:
    assert stems.telling(text) == []


def test_stems_are_of_plain_letters_and_digits_only(stems: Stems) -> None:
    found = stems.telling("Ñandú café 'quoted' \"double\" AND OR NOT * (x) :y| & <b>tebal</b> e-government Lédok")

    assert found
    assert all(word.stem.isascii() and word.stem.isalnum() for word in found)


@pytest.mark.parametrize("typed", ["masterpaln", "mastrplan", "masterplann", "mesterplan"])
def test_a_slip_is_one_letter_more_less_other_or_swapped(typed: str) -> None:
    assert one_slip(typed, "masterplan")
    assert set(slips(typed)) & set(slips("masterplan"))


def test_two_slips_are_too_many() -> None:
    assert not one_slip("mastrplann", "masterplan")


@pytest.mark.parametrize("word", ["menanam", "dibayarkan", "penilaian", "hujan", "pekerjaannya"])
def test_a_word_spelled_as_it_should_be_is_not_taken_for_a_mistyped_one(word: str) -> None:
    assert is_familiar(word)


def test_mistyped_silent_words_are_known_as_such() -> None:
    assert is_nearly_silent("bagaiman")
    assert not is_nearly_silent("rendang")
