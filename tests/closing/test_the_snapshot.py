"""At the closing it is frozen once how every region stood; thanks come in the morning, corrections beside it."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.services import snapshots
from bot.services.snapshots import Sent, state_at
from db.models import AuditEntry, InboxUpdate, Snapshot
from db.vocabulary import InboxState, ItemState, Role, SubmissionKind, Verdict
from tests import stage
from tests.closing.test_the_instant import AFTER, BEFORE, CLOSED, ITEM, SECOND, at, opened_again, reminded
from tests.handlers.crawler import Crawler, faults
from tests.items.evidence import Desk
from tests.items.sample import sample
from tests.papers.sheets import printed, sheets
from tests.people.phone import Phone, Town
from tests.reminders.alarm import Alarm
from tests.stage import HALMAHERA_SELATAN, KATINGAN, TEBING_TINGGI

SETTLED = CLOSED + snapshots.QUIET


def freezes(town: Town, moment: datetime = SETTLED) -> int:
    """The duty's turn at this moment. Returns how many regions it has frozen."""
    at(town, moment)
    town.session.flush()
    if not snapshots.is_due(town.session, town.now):
        return 0
    work = town.work("tick")
    return snapshots.keep(work, snapshots.look(work))


def frozen(town: Town, region: str = TEBING_TINGGI) -> Snapshot:
    found = select(Snapshot).where(Snapshot.region_code == region).execution_options(populate_existing=True)
    return town.session.scalars(found).one()


def test_every_region_is_frozen_once(desk: Desk) -> None:
    stage.region(desk.town.work(), KATINGAN)
    at(desk.town, BEFORE)
    desk.submits(key=ITEM)
    desk.accepts(key=ITEM)
    desk.submits(key="pn-laporan")
    work = desk.town.work()

    assert freezes(desk.town) >= 2
    assert freezes(desk.town, SETTLED + timedelta(hours=1)) == 0
    assert snapshots.keep(work, snapshots.look(desk.town.work())) == 0

    found = frozen(desk.town)
    assert (found.accepted, found.on_time) == (1, 1)
    assert found.mandatory == 42
    assert (found.states[ITEM], found.states["pn-laporan"]) == ("accepted", "submitted")
    assert frozen(desk.town, KATINGAN).accepted == 0
    assert desk.town.session.scalars(select(AuditEntry.act).where(AuditEntry.act == "snapshot")).all() == ["snapshot"]


def test_nothing_is_frozen_before_the_closing_nor_while_its_last_messages_come_in(desk: Desk) -> None:
    assert freezes(desk.town, CLOSED - SECOND) == 0
    assert freezes(desk.town, CLOSED + timedelta(minutes=4)) == 0
    last = InboxUpdate(
        update_id=900, chat_id=1, kind="message", payload="{}", sent_at=CLOSED - SECOND, received_at=SETTLED
    )
    last.not_before, last.state = SETTLED, InboxState.NEW
    desk.town.session.add(last)
    assert freezes(desk.town, SETTLED + timedelta(minutes=30)) == 0

    last.state, last.received_at = InboxState.DONE, SETTLED + timedelta(minutes=29)
    assert freezes(desk.town, SETTLED + timedelta(minutes=30)) == 0

    assert freezes(desk.town, SETTLED + timedelta(minutes=35)) > 0


def test_after_an_outage_of_a_day_it_shows_what_was_in_time(desk: Desk) -> None:
    """Sent before the closing, fetched 23 hours later; then reviewed, and a later stage submitted, before its turn."""
    at(desk.town, BEFORE)
    desk.works(key=ITEM)
    at(desk.town, CLOSED + timedelta(hours=23))
    desk.lead.sent_at = BEFORE + timedelta(minutes=1)
    desk.lead.sends(document={"file_id": "f", "file_unique_id": "u", "file_name": "Undangan.pdf", "file_size": 9_000})
    desk.lead.sent_at = None
    desk.lead.presses("Check and submit").presses("Submit")
    desk.checked()
    desk.accepts(key=ITEM)
    desk.submits(key="tl-forum")

    assert freezes(desk.town, CLOSED + timedelta(hours=24)) > 0

    found = frozen(desk.town)
    assert (found.states[ITEM], found.states["tl-forum"], found.accepted) == ("submitted", "started", 0)


def sent(verdict: Verdict, submitted: int, decided: int | None = None, **more: SubmissionKind) -> Sent:
    kind = more.get("kind", SubmissionKind.EVIDENCE)
    at = None if decided is None else CLOSED + timedelta(hours=decided)
    return Sent(kind, verdict, CLOSED + timedelta(hours=submitted), CLOSED, at)


@pytest.mark.parametrize(
    ("now", "proofs", "then"),
    [
        (ItemState.UNTOUCHED, [], ItemState.UNTOUCHED),
        (ItemState.ACCEPTED, [sent(Verdict.ACCEPTED, -5, -4)], ItemState.ACCEPTED),
        (ItemState.ACCEPTED, [sent(Verdict.ACCEPTED, -5, 4)], ItemState.SUBMITTED),
        (ItemState.RETURNED, [sent(Verdict.RETURNED, -5, 4)], ItemState.SUBMITTED),
        (ItemState.SUBMITTED, [sent(Verdict.RETURNED, -5, -4), sent(Verdict.WAITING, 3)], ItemState.RETURNED),
        (ItemState.SUBMITTED, [sent(Verdict.ACCEPTED, -5, -4), sent(Verdict.WAITING, 3)], ItemState.ACCEPTED),
        (ItemState.ACCEPTED, [sent(Verdict.ACCEPTED, 2, 3)], ItemState.STARTED),
        (ItemState.SUBMITTED, [sent(Verdict.WAITING, 0)], ItemState.STARTED),
        (ItemState.WAIVED, [sent(Verdict.ACCEPTED, -5, 1, kind=SubmissionKind.WAIVER)], ItemState.SUBMITTED),
        (
            ItemState.SUBMITTED,
            [sent(Verdict.ACCEPTED, -5, -4, kind=SubmissionKind.WAIVER), sent(Verdict.WAITING, 1)],
            ItemState.WAIVED,
        ),
        (ItemState.STARTED, [sent(Verdict.ACCEPTED, -5, -4, kind=SubmissionKind.WAIVER)], ItemState.STARTED),
    ],
)
def test_the_state_at_the_closing_is_found_from_what_came_when(
    now: ItemState, proofs: list[Sent], then: ItemState
) -> None:
    assert state_at(now, proofs, CLOSED) is then


def test_later_corrections_stand_beside_it_and_never_in_it(desk: Desk) -> None:
    at(desk.town, BEFORE)
    desk.submits(key=ITEM)
    freezes(desk.town)
    at(desk.town, CLOSED + timedelta(days=2))
    desk.accepts(key=ITEM)
    coordinator = desk.town.member(Role.COORDINATOR, None)

    page = coordinator.sends_data("s:home").presses("🏁 Recap").presses("Kota Tebing Tinggi")

    assert "0 of 42 mandatory items accepted (0%)" in page.text
    assert "Hadir pada rangkaian penutupan: submitted → accepted" in page.text
    assert frozen(desk.town).states[ITEM] == "submitted"


def test_the_recap_of_all_regions_shows_both_numbers_and_is_a_workbook(desk: Desk) -> None:
    stage.region(desk.town.work(), KATINGAN)
    at(desk.town, BEFORE)
    for key in ("pn-hadir", "bp-slide"):
        desk.submits(key=key)
    desk.accepts(key="bp-slide")
    freezes(desk.town)
    at(desk.town, CLOSED + timedelta(days=1))
    desk.accepts(key=ITEM)
    coordinator = desk.town.member(Role.COORDINATOR, None)

    page = coordinator.sends_data("s:recap")
    assert "Kota Tebing Tinggi: 2%, now 4%" in page.text
    assert "Kabupaten Katingan: 0%" in page.text
    found = sheets(printed(page.presses("As a workbook")).content)

    rows = {row[0]: row for row in found["By region"]}
    assert rows["Kota Tebing Tinggi"][2:5] == ["42", "1", "2"]
    assert rows["Kota Tebing Tinggi"][9:] == ["2", "4"]
    assert rows["All regions"][3] == "1"
    changed = [row for row in found["By item"] if row[3] != row[4] and row[0] == "Kota Tebing Tinggi"]
    assert [row[2:] for row in changed] == [["Hadir pada rangkaian penutupan", "submitted", "accepted"]]


def test_before_the_closing_there_is_no_recap_and_no_button_for_it(desk: Desk) -> None:
    coordinator = desk.town.member(Role.COORDINATOR, None)
    assert "🏁 Recap" not in coordinator.sends_data("s:home").buttons

    assert "a few minutes after the closing" in coordinator.sends_data("s:recap").text
    assert "a few minutes after the closing" in coordinator.sends_data("a:export:recap-all:0").text + coordinator.toast


def test_a_coordinator_of_one_province_sees_its_regions_only(desk: Desk) -> None:
    stage.region(desk.town.work(), KATINGAN)
    freezes(desk.town)
    coordinator = desk.town.member(Role.COORDINATOR, None, province=KATINGAN[:2])

    page = coordinator.sends_data("s:recap")

    assert "Katingan" in page.text
    assert "Tebing Tinggi" not in page.text
    assert "could not be found" in coordinator.sends_data(f"s:recap:{TEBING_TINGGI}").text


@pytest.mark.parametrize("data", ["s:recap", f"s:recap:{KATINGAN}", "s:recap:all:7", "a:export:recap-all:0"])
def test_a_region_does_not_see_the_recap_of_others(desk: Desk, data: str) -> None:
    stage.region(desk.town.work(), KATINGAN)
    freezes(desk.town)

    desk.lead.sends_data(data)

    assert "could not be found" in desk.lead.text + desk.lead.toast


# --- The word of thanks


def test_everybody_is_thanked_once_in_their_own_morning_and_reads_where_their_region_stood(
    desk: Desk, alarm: Alarm
) -> None:
    town = desk.town
    eastern = town.member(Role.OFFICIAL, HALMAHERA_SELATAN, "Ana Lestari")
    stage.region(town.work(), HALMAHERA_SELATAN)
    coordinator = town.member(Role.COORDINATOR, None, "Sari Wulandari")
    at(town, BEFORE)
    desk.submits(key=ITEM)
    desk.accepts(key=ITEM)
    freezes(town)

    alarm.runs("2026-12-02", "2026-12-06")

    assert thanks(desk.lead) == [datetime(2026, 12, 2, 2, 0, tzinfo=UTC)]
    assert thanks(eastern) == [datetime(2026, 12, 2, 0, 0, tzinfo=UTC)]
    assert thanks(coordinator) == [datetime(2026, 12, 2, 2, 0, tzinfo=UTC)]
    assert "Kota Tebing Tinggi at the closing: 1 of 42 mandatory items accepted (2%)" in desk.lead.told()[-1]
    assert "regions took part, 0 with every mandatory item accepted" in coordinator.told()[-1]
    assert "Reminder" not in desk.lead.told()[-1]
    assert "1 of 42" in desk.lead.presses_letter("At the closing").text
    assert "The programme has closed" in desk.lead.presses_letter("Why this?").text


def test_a_mentor_of_two_regions_opens_either_by_its_name(desk: Desk, alarm: Alarm) -> None:
    mentor = desk.town.member(Role.MENTOR, TEBING_TINGGI, "Wayan Sudarma")
    stage.seat(desk.town.work(), mentor.person, Role.MENTOR, KATINGAN)
    stage.region(desk.town.work(), KATINGAN)
    freezes(desk.town)

    alarm.runs("2026-12-02", "2026-12-02")

    assert "Kabupaten Katingan at the closing" in mentor.presses_letter("🏁 Kabupaten Katingan").text
    assert "Kota Tebing Tinggi at the closing" in mentor.presses_letter("🏁 Kota Tebing Tinggi").text


def thanks(phone: Phone) -> list[datetime]:
    return [row.at for row in reminded(phone) if row.occasion == "thanks"]


def test_a_contributor_is_thanked_without_the_numbers_of_the_region(desk: Desk, alarm: Alarm) -> None:
    contributor = desk.town.member(Role.CONTRIBUTOR, TEBING_TINGGI, "Dewi Anggraini")
    freezes(desk.town)

    alarm.runs("2026-12-02", "2026-12-02")

    assert "Thank you" in contributor.told()[-1]
    assert "%" not in contributor.told()[-1]


def test_thanks_wait_for_the_snapshot_and_come_on_the_working_day_after_it(desk: Desk, alarm: Alarm) -> None:
    alarm.runs("2026-12-02", "2026-12-02")
    assert thanks(desk.lead) == []
    freezes(desk.town, datetime(2026, 12, 2, 16, 0, tzinfo=UTC))

    alarm.runs("2026-12-03", "2026-12-04")

    assert thanks(desk.lead) == [datetime(2026, 12, 3, 2, 0, tzinfo=UTC)]


def test_whoever_comes_in_weeks_later_is_not_thanked_for_it(desk: Desk, alarm: Alarm) -> None:
    freezes(desk.town)
    at(desk.town, CLOSED + timedelta(days=20))
    newcomer = desk.town.member(Role.COORDINATOR, None)

    alarm.runs("2026-12-22", "2026-12-23")

    assert newcomer.told() == []


def test_a_correction_granted_later_changes_neither_the_numbers_nor_the_thanks(desk: Desk, alarm: Alarm) -> None:
    freezes(desk.town)
    at(desk.town, AFTER + timedelta(days=1))
    opened_again(desk)
    desk.submits(key=ITEM)
    desk.accepts(key=ITEM)

    alarm.runs("2026-12-03", "2026-12-03")

    assert "0 of 42" in desk.lead.told()[-1]


# On SQLite tests/handlers presses them all.
@pytest.mark.parametrize("backend", ["postgresql"])
@pytest.mark.parametrize("role", list(Role))
def test_every_button_leads_on_after_the_closing_too(town: Town, role: Role) -> None:
    phone = sample(town)[role]
    freezes(town)

    pages = Crawler(phone).walk()

    assert list(faults(pages)) == []
    if role in (Role.COORDINATOR, Role.ADMIN):
        assert "s:recap" in pages
