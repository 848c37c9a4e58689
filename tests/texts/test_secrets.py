"""What should not stand in a public text is seen, each once, and nothing else is."""

import pytest

from bot.texts.secrets import NEVER, Secret, SecretKind, masked, secrets

WORDS = {kind: f"[{kind}]" for kind in SecretKind}


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("NIK 3271046504930002.", SecretKind.NIK, "3271046504930002"),
        ("NIK 3271 0465 0493 0002", SecretKind.NIK, "3271 0465 0493 0002"),
        ("sudah disamarkan ************0002", SecretKind.NIK, "************0002"),
        ("NIP 198001012005011002", SecretKind.NIP, "198001012005011002"),
        ("NIP 19800101 200501 1 002", SecretKind.NIP, "19800101 200501 1 002"),
        ("WA 0812-3456-7890", SecretKind.PHONE, "0812-3456-7890"),
        ("telepon +6281234567890", SecretKind.PHONE, "+6281234567890"),
        ("kantor 021-5550101", SecretKind.PHONE, "021-5550101"),
        ("kantor (0621) 21415", SecretKind.PHONE, "(0621) 21415"),
        ("surel ke siti.rahma@contoh.go.id", SecretKind.EMAIL, "siti.rahma@contoh.go.id"),
        ("akun @siti_rahma", SecretKind.ACCOUNT, "@siti_rahma"),
        ("Menurut Ibu Dewi Lestari, ya.", SecretKind.PERSON, "Dewi Lestari"),
        ("Siti Rahma menyetujuinya", SecretKind.PERSON, "Siti Rahma"),
        ("kata Rahma", SecretKind.PERSON, "Rahma"),
        ("seperti di Kota Tebing Tinggi", SecretKind.REGION, "Kota Tebing Tinggi"),
        ("seperti di Katingan", SecretKind.REGION, "Katingan"),
    ],
)
def test_each_kind_is_seen(text: str, kind: SecretKind, found: str) -> None:
    assert secrets(text, ["Siti Rahma"], ["Tebing Tinggi", "Katingan"]) == [Secret(kind, found)]


@pytest.mark.parametrize(
    "text",
    [
        "Undang-Undang Nomor 27 Tahun 2022, Pasal 12 ayat 3",
        "Anggaran Rp1.250.000.000 pada tahun 2022–2026",
        "Bapak/Ibu dapat bertanya kepada Bapak Bupati atau Ibu Wali Kota",
        "Lihat https://drive.go.id/d/081234567890 halaman 12",
        "rahma dan katingan dengan huruf kecil",
        "Buku 1, Buku 2, dan Buku 3; 1 Desember 2022 pukul 23.59",
        "Rahmawati dan Katinganan",
    ],
)
def test_what_only_looks_alike_is_left_in_peace(text: str) -> None:
    assert secrets(text, ["Siti Rahma"], ["Tebing Tinggi", "Katingan"]) == []


def test_each_is_named_once_in_the_order_of_the_text() -> None:
    found = secrets("Katingan, a@b.id, Katingan, a@b.id", regions=["Katingan"])

    assert [one.text for one in found] == ["Katingan", "a@b.id"]


def test_masking_takes_every_place_and_nothing_around_it() -> None:
    text = "Kota Tebing Tinggi dan Tebing Tinggi: 0812-3456-7890 (Rahma), Rahmawati"
    found = secrets(text, ["Siti Rahma"], ["Tebing Tinggi"])

    assert masked(text, found, WORDS) == "[region] dan [region]: [phone] ([person]), Rahmawati"


def test_what_was_masked_holds_no_secret_any_more() -> None:
    text = "Ibu Siti Rahma, NIK 3271046504930002, Kab. Katingan, @siti_rahma"
    found = secrets(text, ["Siti Rahma"], ["Katingan"])

    assert secrets(masked(text, found, WORDS), ["Siti Rahma"], ["Katingan"]) == []
    assert {one.kind for one in found} & NEVER == {SecretKind.NIK}
