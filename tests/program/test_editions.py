"""What an edition settles, and what today settles for it."""

from datetime import date, time
from pathlib import Path

import pytest

from bot.program.calendar import DayOverride, Holiday, WorkingCalendar
from bot.program.check import summary
from bot.program.loading import PROGRAM, load_edition, shipped_edition
from bot.program.model import Edition
from bot.program.vanished import vanished
from tests.program.desk import TODAY, Desk


@pytest.mark.parametrize(
    ("today", "closing"),
    [
        (date(2026, 11, 25), date(2026, 12, 1)),
        (date(2026, 12, 1), date(2026, 12, 1)),
        (date(2026, 12, 2), date(2027, 12, 1)),
        (date(2027, 1, 1), date(2027, 12, 1)),
    ],
)
def test_the_current_edition_closes_on_the_next_first_of_december(today: date, closing: date) -> None:
    edition = load_edition(shipped_edition(), today)
    assert (edition.closing, edition.year) == (closing, closing.year)
    assert edition.name == f"Gerakan Menuju Smart City {closing.year}"


def test_a_kept_closing_brings_the_same_edition_back(current: Edition) -> None:
    assert load_edition(shipped_edition(), current.closing) == current


def test_deadlines_of_the_current_edition_are_working_days(current: Edition) -> None:
    days = {item.key: current.default_deadline(item.key) for item in current.items}
    assert all(current.calendar.is_working(day) for day in days.values())
    # H-31 is Saturday, 31 October 2026: earlier. H+61 is Sunday, 31 January 2027: later.
    assert days["df-buku1"] == date(2026, 10, 30)
    assert days["tl-forum"] == date(2027, 2, 1)
    assert days["rg-rancangan"] == date(2026, 11, 13)
    assert days["pn-hadir"] == date(2026, 12, 1)


def test_an_edited_calendar_moves_a_deadline(current: Edition) -> None:
    flood = WorkingCalendar([2026], [DayOverride(date(2026, 10, 30), Holiday("Banjir"))])
    assert current.default_deadline("df-buku1", flood) == date(2026, 10, 29)
    assert current.milestone_deadline("dokumen-final", flood) == date(2026, 10, 29)


def test_placeholders_are_filled_and_nothing_else_is_touched(current: Edition) -> None:
    filled = current.fill("{ministry} menutup edisi {year} pada {closing} <b>", "Selasa, 1 Desember 2026")
    assert filled == "Kemkomdigi menutup edisi 2026 pada Selasa, 1 Desember 2026 <b>"


def test_an_edition_of_its_own_may_lie_anywhere_and_use_the_shipped_content(tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text(
        "key: uji\nname: Uji {year}\nclosing: 2027-12-01\nministry: {name: Kementerian Uji, short: Kemuji}\n"
        "participants: ['12.76', '11.10']\nmandatory: {as-profil: true}\ndeadlines: {quick-win: H-30}\n"
        "weights: {dampak: 2}\nholidays: [{date: 2027-11-01, kind: national, name: Libur uji}]\n",
        encoding="utf-8",
    )
    edition = load_edition(file, TODAY)
    assert edition.name == "Uji 2027"
    assert edition.participants == ("12.76", "11.10")
    assert edition.item("as-profil").mandatory
    assert not edition.item("as-profil").mandatory_is_proposal
    # H-30 is Monday, 1 November 2027, a holiday here; the days before it are a weekend.
    assert edition.default_deadline("qw-jalan") == date(2027, 10, 29)
    assert (edition.weight("dampak"), edition.weight("hasil")) == (2, 1)


def test_fewer_books_take_their_items_and_documents_along(desk: Desk) -> None:
    desk.edit("mine", "books: 3", "books: 2")
    edition = load_edition(desk.edition, TODAY)
    assert len(edition.items) == 72
    assert [one.key for one in edition.documents] == ["buku-1", "buku-2", "profil-quick-win"]


def test_a_wording_of_its_own_belongs_to_one_edition(desk: Desk) -> None:
    own = "editions:\n      mine:\n        title: Judul sendiri\n    title: Profil dasar daerah"
    desk.edit("items", "title: Profil dasar daerah", own)
    assert load_edition(desk.edition, TODAY).item("as-profil").title == "Profil dasar daerah"
    desk.edit("mine", "key: current", "key: mine")
    assert load_edition(desk.edition, TODAY).item("as-profil").title == "Judul sendiri"


def test_an_entry_of_another_edition_is_left_out(of_2022: Edition, current: Edition) -> None:
    assert "libur-2022" in {note.key for note in of_2022.rules.notes}
    assert "libur-2022" not in {note.key for note in current.rules.notes}


def test_defaults_of_reminders_are_told_in_days_and_local_times(current: Edition) -> None:
    assert current.rules.reminders.offsets == (-14, -7, -3, -1, 0, 1, 3)
    assert current.rules.reminders.at == time(9)
    assert current.rules.reminders.closing_countdown == (-60, -30, -14, -7, -3, -1)
    assert current.rules.quiet_hours.friday_pause_from == time(11, 30)


def test_the_fingerprint_follows_what_is_said_and_not_how_it_is_laid_out(desk: Desk) -> None:
    before = load_edition(desk.edition, TODAY).fingerprint
    desk.edit("items", "items:\n", "# a remark\n\nitems:\n")
    assert load_edition(desk.edition, TODAY).fingerprint == before
    desk.edit("items", "Profil dasar daerah", "Profil daerah")
    assert load_edition(desk.edition, TODAY).fingerprint != before


def test_an_edition_cannot_be_changed(current: Edition) -> None:
    with pytest.raises(ValueError, match="frozen"):
        current.items[0].title = "lain"


def test_unknown_keys_are_refused(current: Edition) -> None:
    with pytest.raises(KeyError):
        current.item("tidak-ada")
    assert current.items_of("tidak-ada") == ()


def test_keys_that_vanish_are_told_with_what_hangs_on_them(current: Edition) -> None:
    stored = {
        "as-profil": {"item states": 6},
        "zz-lama": {"item states": 12, "pieces of evidence": 30, "drafts": 0},
        "aa-lama": {"item states": 0},
    }
    lines = vanished(current, stored)
    assert len(lines) == 2
    assert lines[0].startswith("item 'aa-lama' is no longer in the edition; what hangs on it: nothing")
    assert "'zz-lama'" in lines[1]
    assert "12 item states, 30 pieces of evidence —" in lines[1]


def test_nothing_is_told_when_nothing_vanished(current: Edition) -> None:
    assert vanished(current, {item.key: {"item states": 1} for item in current.items}) == ()


def test_a_sound_edition_is_summed_up_in_one_line(current: Edition) -> None:
    assert summary(current) == (
        "Gerakan Menuju Smart City 2026, closing 2026-12-01: 13 milestones, 74 items (42 mandatory), 6 pillars, "
        "31 answers, 0 participants named"
    )


def test_shipped_editions_lie_in_the_package() -> None:
    assert shipped_edition("2022").parent == shipped_edition().parent == PROGRAM / "editions"
    assert shipped_edition("2022").is_file()
