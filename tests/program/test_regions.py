"""A region is found as people type it, and never the wrong kind of it."""

from collections import Counter
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.program.faults import ContentError
from bot.program.regions import RegionKind, Regions, load_regions, within_one_typo


@pytest.fixture(scope="module")
def regions() -> Regions:
    return load_regions()


def names(regions: Regions, text: str) -> list[str]:
    return [region.name for region in regions.search(text)]


def test_all_514_regions_are_there_with_text_codes(regions: Regions) -> None:
    assert len(regions) == len(regions.by_code) == 514
    assert Counter(region.kind for region in regions) == {RegionKind.KABUPATEN: 416, RegionKind.KOTA: 98}
    assert regions.by_code["11.10"].name == "Kabupaten Aceh Singkil"
    assert len({region.province for region in regions}) == 38


def test_every_region_has_one_of_three_zones(regions: Regions) -> None:
    zones = Counter(region.timezone for region in regions)
    assert zones == {"Asia/Jakarta": 301, "Asia/Makassar": 150, "Asia/Jayapura": 63}
    assert all(ZoneInfo(zone) for zone in zones)
    assert regions.by_code["82.04"].timezone == "Asia/Jayapura"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("tebingtinggi", "Kota Tebing Tinggi"),
        ("Tebing-Tinggi", "Kota Tebing Tinggi"),
        ("Kab. Mojokerto", "Kabupaten Mojokerto"),
        ("kab mojokerto", "Kabupaten Mojokerto"),
        ("kabmojokerto", "Kabupaten Mojokerto"),
        ("KABUPATEN   MOJOKERTO", "Kabupaten Mojokerto"),
        ("kota mojokerto", "Kota Mojokerto"),
        ("kotamojokerto", "Kota Mojokerto"),
        ("mojokerto kota", "Kota Mojokerto"),
        ("palangka raya", "Kota Palangkaraya"),
        ("Palangkaraya", "Kota Palangkaraya"),
        ("tanjung balai", "Kota Tanjungbalai"),
        ("baubau", "Kota Bau Bau"),
        ("fakfak", "Kabupaten Fak Fak"),
        ("toli toli", "Kabupaten Toli-Toli"),
        ("kep. siau", "Kabupaten Kepulauan Siau Tagulandang Biaro"),
        ("jakarta selatan", "Kota Administrasi Jakarta Selatan"),
        ("kota baru", "Kabupaten Kotabaru"),
        ("kota waringin barat", "Kabupaten Kotawaringin Barat"),
        ("kotamobagu", "Kota Kotamobagu"),
        ("lima puluh kota", "Kabupaten Lima Puluh Kota"),
        ("tebing tingi", "Kota Tebing Tinggi"),
        ("kota mojokreto", "Kota Mojokerto"),
        ("kabupten mojokerto", "Kabupaten Mojokerto"),
        ("halmahera selatn", "Kabupaten Halmahera Selatan"),
        ("12.76", "Kota Tebing Tinggi"),
    ],
)
def test_a_name_is_found_as_people_type_it(regions: Regions, typed: str, meant: str) -> None:
    assert names(regions, typed)[0] == meant


def test_every_region_is_found_by_its_own_name(regions: Regions) -> None:
    missed = [region.name for region in regions if regions.search(region.name)[0] != region]
    assert missed == []


def test_the_kind_that_was_said_is_kept_to(regions: Regions) -> None:
    twins = [name for name, count in Counter(_bare(region.name) for region in regions).items() if count > 1]
    assert len(twins) == 26
    for twin in twins:
        for kind in RegionKind:
            found = regions.search(f"{kind} {twin}")
            assert found[0].name.casefold() == f"{kind} {twin}".casefold()
            assert {region.kind for region in found} == {kind}


def test_both_are_offered_where_the_kind_was_not_said(regions: Regions) -> None:
    assert names(regions, "mojokerto") == ["Kota Mojokerto", "Kabupaten Mojokerto"]
    assert names(regions, "mojokrto") == ["Kota Mojokerto", "Kabupaten Mojokerto"]
    assert names(regions, "solok") == ["Kota Solok", "Kabupaten Solok", "Kabupaten Solok Selatan"]


def test_a_typo_never_leads_from_a_kota_to_a_kabupaten(regions: Regions) -> None:
    assert names(regions, "kota batu") == ["Kota Batu"]


@pytest.mark.parametrize("typed", ["", "   ", "?!", "zzz", "qwertyuiop", "kota", "12.7", "\u0000"])
def test_odd_input_harms_nothing(regions: Regions, typed: str) -> None:
    assert len(regions.search(typed)) <= 8


def test_no_more_are_offered_than_asked_for(regions: Regions) -> None:
    assert len(regions.search("aceh", limit=3)) == 3


@pytest.mark.parametrize(
    ("typed", "near"),
    [("tegal", True), ("tgal", True), ("tegaal", True), ("teagl", True), ("tegak", True), ("tgla", False)],
)
def test_one_typo_is_one_letter_or_one_swap(typed: str, near: bool) -> None:
    assert within_one_typo(typed, "tegal") is near


def _bare(name: str) -> str:
    return name.partition(" ")[2]


HEADER = "code,name,type,province,timezone"
SOUND = "12.76,Kota Tebing Tinggi,kota,Sumatera Utara,Asia/Jakarta"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("12.77,Kota Contoh,kota,Sumatera Utara,Asia/Jakrta", "'Asia/Jakrta' is not a time zone"),
        ("12.77,Kota Contoh,desa,Sumatera Utara,Asia/Jakarta", "'desa' is not a kind of region"),
        ("12.7,Kota Contoh,kota,Sumatera Utara,Asia/Jakarta", "'12.7' is not the code of a region"),
        (SOUND, "the code 12.76 stands here a second time"),
        ("12.77,,kota,Sumatera Utara,Asia/Jakarta", "the name is empty"),
        ("12.77,Kota Contoh", "the row has 2 of 5 columns"),
    ],
)
def test_a_table_of_regions_that_is_wrong_is_refused_with_its_rows(tmp_path: Path, row: str, said: str) -> None:
    table = tmp_path / "regions.csv"
    table.write_text(f"{HEADER}\n{SOUND}\n{row}\n")
    with pytest.raises(ContentError) as refused:
        load_regions(table)
    (fault,) = refused.value.faults
    assert (fault.line, fault.what.startswith(said)) == (3, True)
    assert fault.remedy
