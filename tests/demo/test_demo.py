"""`pandu demo`, from the first start to the last."""

import signal
import socket
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from bot.program.loading import load_edition, shipped_edition
from db import audit
from db.audit import SYSTEM
from db.engine import Database
from db.models import AuditEntry
from tests.demo.playing import Playing, refused

Go = Callable[..., Playing]
LEAD, MENTOR, COORDINATOR = "Ketua tim · Kota Tebing Tinggi", "Tim ahli", "Koordinator"


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_a_fresh_demo_says_one_line_with_the_address_and_how_to_end_it(built: Path) -> None:
    line = (built / "first-line").read_text()
    assert "http://127.0.0.1:" in line
    assert "Ctrl-C" in line


def test_a_fresh_demo_says_at_once_that_it_prepares_the_sample(built: Path) -> None:
    assert (built / "lines-before").read_text().startswith("Contoh sedang disiapkan")


def test_a_demo_that_goes_on_has_nothing_to_prepare(playing: Playing) -> None:
    assert playing.before == ()


def test_a_fresh_demo_stands_at_nine_in_the_morning_seventeen_days_before_the_closing(built: Path) -> None:
    now = moment((built / "first-time").read_text())
    closing = load_edition(shipped_edition(), datetime.now(UTC).astimezone().date()).closing
    assert now.date() == closing - timedelta(days=17)
    # 09.00 WIB is 02.00 UTC; reading the time took a moment.
    assert now - now.replace(hour=2, minute=0, second=0) < timedelta(minutes=1)


def test_lead_mentor_and_coordinator_stand_first_and_see_their_home(playing: Playing) -> None:
    first = [person["label"] for person in playing.get("/sim/people")[:3]]
    assert first == [LEAD, MENTOR, COORDINATOR]
    for label in first:
        home = playing.sees(playing.person(label), "17 hari")
        assert label == LEAD or "Tebing Tinggi" not in home


def test_the_chat_page_answers(playing: Playing) -> None:
    assert "<html" in playing.page()


def test_a_press_is_answered(playing: Playing) -> None:
    lead = playing.person(LEAD)
    playing.press(lead, "Tugas saya")
    assert "Profil quick win" in playing.sees(lead, "Tugas saya\n")


def test_a_stranger_joins_with_the_code_under_their_name(playing: Playing) -> None:
    stranger = playing.person("Belum terdaftar")
    code = next(person["note"] for person in playing.get("/sim/people") if person["id"] == stranger).split()[-1]
    playing.post(f"/sim/people/{stranger}/start")
    playing.sees(stranger, "Pandu")
    playing.post(f"/sim/people/{stranger}/text", text=code)
    playing.sees(stranger, "Kota Tebing Tinggi")


def test_files_that_people_sent_reach_the_mentor(playing: Playing) -> None:
    mentor = playing.person(MENTOR)
    playing.press(mentor, "Tinjau")
    playing.press(mentor, "5")
    playing.press(mentor, "Kirim berkasnya")
    playing.receives(mentor, "photo")


def test_ctrl_c_and_sigterm_end_everything_cleanly(directory: Path, go_on: Go) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        assert go_on(directory).end(number) == 0


def test_a_second_start_keeps_what_was_said_and_the_clock_stood_still_meanwhile(directory: Path, go_on: Go) -> None:
    demo = go_on(directory)
    lead = demo.person(LEAD)
    demo.press(lead, "Tugas saya")
    demo.sees(lead, "Tugas saya")
    moved = moment(demo.post("/sim/clock", advance=86_400)["now"])
    said = demo.messages(lead)
    demo.end()
    again = go_on(directory)
    assert again.messages(lead) == said
    assert timedelta() <= moment(again.get("/sim/clock")["now"]) - moved < timedelta(seconds=60)
    again.press(lead, "Beranda")
    again.sees(lead, "16 hari")


def test_after_a_power_cut_it_goes_on_at_once(directory: Path, go_on: Go) -> None:
    demo = go_on(directory)
    demo.kill()
    again = go_on(directory)
    lead = again.person(LEAD)
    again.press(lead, "Tugas saya")
    again.sees(lead, "Tugas saya")


def test_reset_begins_anew(directory: Path, go_on: Go) -> None:
    demo = go_on(directory)
    demo.post("/sim/people", first_name="Tamu", label="Tamu")
    demo.post("/sim/clock", advance=86_400)
    demo.end()
    anew = go_on(directory, "--reset")
    assert "Tamu" not in [person["label"] for person in anew.get("/sim/people")]
    assert moment(anew.get("/sim/clock")["now"]) - moment((directory / "first-time").read_text()) < timedelta(minutes=1)


def test_a_demo_on_postgresql_works_alike(postgresql_url: str, tmp_path: Path, go_on: Go) -> None:
    demo = go_on(tmp_path, "--database", postgresql_url)
    lead = demo.person(LEAD)
    demo.press(lead, "Tugas saya")
    demo.sees(lead, "Tugas saya")
    assert demo.end() == 0


def test_a_database_that_others_have_worked_in_is_never_touched(postgresql_url: str, tmp_path: Path) -> None:
    database = Database(postgresql_url)
    work: dict[str, Any] = {"at": datetime.now(UTC), "cause": "update 1"}
    database.write_now(lambda session: audit.record(session, SYSTEM, "enrol", "region", None, **work))
    code, lines = refused(tmp_path, "--reset", "--database", postgresql_url)
    kept = database.write_now(lambda session: session.scalar(select(func.count(AuditEntry.id))))
    database.writer.dispose()
    assert (code, len(lines), kept) == (2, 1, 1)


def test_a_taken_port_is_told_in_one_line(directory: Path) -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        code, lines = refused(directory, "--port", str(busy.getsockname()[1]))
    assert code == 2
    assert len(lines) == 1
    assert "is taken" in lines[0]
    assert "--port" in lines[0]


def test_a_directory_that_cannot_be_written_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    code, lines = refused(tmp_path, PANDU_DATA_DIR="file/data")
    assert code == 2
    assert len(lines) == 1
    assert "PANDU_DATA_DIR" in lines[0]


def test_a_second_demo_in_the_same_directory_is_refused(directory: Path, go_on: Go) -> None:
    go_on(directory)
    code, lines = refused(directory)
    assert code == 3
    assert len(lines) == 1
    assert "another demo" in lines[0]


def test_settings_of_a_real_pandu_beside_it_are_not_used(directory: Path, go_on: Go) -> None:
    (directory / ".env").write_text("PANDU_BOT_TOKEN=nonsense\nPANDU_DATABASE_URL=nonsense\nPANDU_WEBHOOK_URL=x\n")
    assert go_on(directory).end() == 0
