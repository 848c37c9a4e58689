import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.texts import clean_name, mask_nik


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("  Budi   Santoso,\n S.T. ", "Budi Santoso, S.T."),
        ("Bu\u202edi", "Budi"),
        ("Si\u200bti\u2060 \ufeffAminah", "Siti Aminah"),
        ("Ani\U000e0041\U000e007f", "Ani"),
        ("e\u0301mile", "émile"),
        ("Z\u0335\u0321\u0322\u0327\u0328a", "Z\u0335\u0321a"),
        ("\u3164\u2800 \u200b", ""),
        ("🙂 ...", ""),
        ("🙂 Rina", "🙂 Rina"),
        ("a" * 100, "a" * 64),
        ("\x00\x07Dewi\x85", "Dewi"),
    ],
)
def test_a_name_keeps_what_can_be_read_and_nothing_else(written: str, kept: str) -> None:
    assert clean_name(written) == kept


@given(st.text())
def test_no_name_can_hide_or_turn_what_stands_beside_it(text: str) -> None:
    name = clean_name(text)

    assert len(name) <= 64
    assert not any(unicodedata.category(character).startswith("C") for character in name)
    assert clean_name(name) == name


@pytest.mark.parametrize(
    "written", ["3374061234567890", "3374 0612 3456 7890", "33.74.06.123456.7890", "337406-123456-7890"]
)
def test_an_identity_number_is_hidden_however_it_is_grouped(written: str) -> None:
    assert mask_nik(f"NIK saya {written}, terima kasih") == ("NIK saya ************7890, terima kasih", True)


@pytest.mark.parametrize(
    "written",
    [
        "NIP 196812311990031005",
        "2022-11-30 10.00-12.00",
        "0812 3456 7890",
        "https://drive.example/d/1234567890123456",
        "",
    ],
)
def test_other_numbers_stay(written: str) -> None:
    assert mask_nik(written) == (written, False)
