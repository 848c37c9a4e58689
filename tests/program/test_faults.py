"""Every kind of fault is told with its file, its line and its remedy, and all of them at once."""

from pathlib import Path

import pytest

from bot.program.check import check
from bot.program.faults import ContentError
from bot.program.loading import load_edition, shipped_edition
from tests.program.desk import TODAY, Desk
from tests.program.spoilt import ITEMS, MINE, SPOILT, TITLE


def test_the_shipped_editions_are_sound() -> None:
    assert check(shipped_edition("2022"), TODAY) == []
    assert check(shipped_edition("current"), TODAY) == []


def test_a_copied_edition_is_sound(desk: Desk) -> None:
    assert desk.faults() == []


@pytest.mark.parametrize(("file", "old", "new", "told"), SPOILT)
def test_a_fault_names_file_line_and_remedy(desk: Desk, file: str, old: str, new: str, told: str) -> None:
    line = desk.edit(file, old, new)
    expected = told.format(
        items=ITEMS, mine=MINE, line=line, next=line + 1, above=line - 1, entry=line - 3, top=line - 2
    )
    assert [fault for fault in desk.faults() if fault.startswith(expected)], desk.faults()


def test_all_faults_of_all_files_are_told_at_once(desk: Desk) -> None:
    desk.edit("items", "mandatory: false", "mandatory: mungkin")
    desk.edit("items", TITLE, "title:")
    desk.edit("items", "milestone: tindak-lanjut", "milestone: lanjut\n    warna: biru")
    desk.edit("faq", "question: Apa itu Gerakan Menuju Smart City?", "question: Apa {itu}?")
    desk.edit("mine", "books: 3", "books: tiga")
    assert [fault.split(":")[0] for fault in desk.faults()] == ["content/faq.yaml", ITEMS, ITEMS, ITEMS, MINE]


def test_references_are_checked_although_another_file_is_broken(desk: Desk) -> None:
    desk.edit("faq", "question: Apa itu Gerakan Menuju Smart City?", "question: [")
    line = desk.edit("items", "milestone: asesmen", "milestone: asesment")
    assert any(fault.startswith(f"{ITEMS}:{line}: there is no milestone") for fault in desk.faults())


def test_a_broken_file_does_not_make_others_look_wrong(desk: Desk) -> None:
    desk.edit("milestones", "title: Asesmen dan seleksi", "title: Asesmen: seleksi")
    assert [fault.split(":")[0] for fault in desk.faults()] == ["content/milestones.yaml"]


def test_wordings_of_other_editions_are_checked_too(desk: Desk) -> None:
    line = desk.edit("faq", "          Program Kemenkominfo sejak 2017", "          Program {kominfo} sejak 2017") - 1
    assert [fault.split(" — ")[0] for fault in desk.faults()] == [
        f"content/faq.yaml:{line}: faq > apa-itu > answer: '{{kominfo}}' is not a placeholder Pandu knows"
    ]


def test_a_fault_in_an_edition_still_lets_its_content_be_checked(desk: Desk) -> None:
    desk.edit("mine", "key: current\n", "")
    desk.edit("items", TITLE, "title:")
    assert [fault.split(":")[0] for fault in desk.faults()] == [ITEMS, MINE]


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert check(tmp_path / "nowhere.yaml", TODAY) == [
        f"{tmp_path / 'nowhere.yaml'}:1: there is no such file — check the name and the folder"
    ]


def test_a_folder_is_not_an_edition(tmp_path: Path) -> None:
    assert "cannot be read" in check(tmp_path, TODAY)[0]


@pytest.mark.parametrize("text", ["", "# only a remark\n", "- a\n- b\n", "just words\n"])
def test_a_file_without_fields_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    assert any("the file holds no fields" in fault for fault in check(tmp_path / "mine.yaml", TODAY))


def test_text_that_is_not_utf8_is_told_with_its_line(desk: Desk) -> None:
    raw = desk.file("items").read_bytes().replace(b"Profil dasar daerah", b"Profil d\xe4sar", 1)
    desk.file("items").write_bytes(raw)
    line = raw[: raw.index(b"\xe4")].count(b"\n") + 1
    assert desk.faults() == [f"{ITEMS}:{line}: the file is not UTF-8 text — save it as UTF-8"]


def test_control_characters_are_told(desk: Desk) -> None:
    desk.edit("items", TITLE, "title: Profil \x07")
    assert any(fault.startswith(f"{ITEMS}:") and "YAML cannot read" in fault for fault in desk.faults())


def test_aliases_are_refused(desk: Desk) -> None:
    desk.edit("items", "basis: [P12]", "basis: &b [P12]")
    line = desk.edit("items", "basis: [P12]", "basis: *b")
    faults = desk.faults()
    assert any("an alias (*name) is used — write the values out" in fault for fault in faults), (line, faults)


def test_a_content_file_given_as_an_edition_is_recognised(desk: Desk) -> None:
    assert any(
        "this is a content file, not an edition — check the edition's file" in fault
        for fault in check(desk.file("items"), TODAY)
    )


def test_loading_a_broken_edition_raises_with_every_fault(desk: Desk) -> None:
    desk.edit("items", "mandatory: false", "mandatory: mungkin")
    line = desk.edit("items", TITLE, "title:")
    with pytest.raises(ContentError) as raised:
        load_edition(desk.edition, TODAY)
    assert len(raised.value.faults) == 2
    fault = raised.value.faults[1]
    assert (fault.file, fault.line) == (desk.file("items"), line)
    assert fault.remedy == "fill it in or remove the field"


def test_numbers_that_look_like_codes_keep_their_zeros(desk: Desk) -> None:
    desk.edit("mine", "participants: []", "participants: [11.10]")
    assert load_edition(desk.edition, TODAY).participants == ("11.10",)


def test_words_that_yaml_takes_for_truth_stay_words(desk: Desk) -> None:
    desk.edit("items", TITLE, "title: no")
    assert load_edition(desk.edition, TODAY).item("as-profil").title == "no"


@pytest.mark.parametrize("bracket", ["[", "{a: ", "- "])
def test_a_file_nested_without_end_is_a_fault_and_no_crash(tmp_path: Path, bracket: str) -> None:
    (tmp_path / "mine.yaml").write_text(f"key: {bracket * 3000}", encoding="utf-8")
    assert check(tmp_path / "mine.yaml", TODAY)
