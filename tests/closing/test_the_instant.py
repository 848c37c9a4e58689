"""The closing is one instant in three zones: what was sent before it counts, however late it is handled."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.services import closing
from db.models import AuditEntry, Extension, Reminder
from db.vocabulary import ItemState, ReminderState, Role
from tests import stage
from tests.items.evidence import Desk, pdf
from tests.people.phone import TEXTS, Phone, Town
from tests.reminders.alarm import Alarm
from tests.stage import HALMAHERA_SELATAN, TEBING_TINGGI

# 24.00 WIB of 1 December 2026: the minute 23.59 is the last one.
CLOSED = datetime(2026, 12, 1, 17, 0, tzinfo=UTC)
BEFORE, AFTER = CLOSED - timedelta(minutes=10), CLOSED + timedelta(minutes=10)
SECOND = timedelta(seconds=1)
# Due on the day of the closing itself.
ITEM = "pn-hadir"
LATER_ITEM = "tl-forum"
# The end of the closing day in each zone.
MIDNIGHTS = {
    TEBING_TINGGI: CLOSED,
    stage.BANGGAI: CLOSED - timedelta(hours=1),
    HALMAHERA_SELATAN: CLOSED - timedelta(hours=2),
}


def at(town: Town, moment: datetime) -> Town:
    town.now = moment
    return town


def test_the_minute_that_the_closing_is_named_after_still_belongs_to_the_programme() -> None:
    edition = stage.content()

    assert closing.instant(edition) == CLOSED
    assert not closing.is_over(edition, CLOSED - SECOND)
    assert closing.is_over(edition, CLOSED)


def test_its_hour_is_named_in_three_zones_with_the_right_days() -> None:
    said = TEXTS.plain(closing.when(stage.content()), "id")

    assert said == (
        "Selasa, 1 Desember 2026 pukul 23.59 WIB, yaitu Rabu, 2 Desember 2026 pukul 00.59 WITA dan 01.59 WIT"
    )


@pytest.mark.parametrize("region", MIDNIGHTS)
@pytest.mark.parametrize("delay", [timedelta(), timedelta(minutes=3), timedelta(hours=23)])
def test_what_was_sent_before_it_counts_whenever_it_is_handled(town: Town, region: str, delay: timedelta) -> None:
    lead = town.member(Role.LEAD, region)
    stage.region(town.work(), region)
    offsets = [-7261, -7260, -7200, -7199, -3601, -3600, -3599, -61, -60, -59, -2, -1, 0, 1, 59, 60, 61, 3600]
    for offset in offsets:
        sent = CLOSED + offset * SECOND
        at(town, sent + delay)
        lead.sent_at = None
        lead.sends_data(f"a:work:{_number(town, ITEM, region)}:0")
        lead.sent_at = sent

        lead.sends(**pdf(unique=f"u{offset}"))

        is_taken = sent < datetime(2026, 12, 1, 17, 0, tzinfo=UTC)
        assert ("Saved" in lead.text) is is_taken, (offset, lead.text)
        assert ("after the deadline" in lead.text) is (is_taken and sent >= MIDNIGHTS[region]), (offset, lead.text)


def _number(town: Town, key: str, region: str) -> int:
    return stage.region(town.work(), region)[key].id


def test_a_draft_sent_in_time_is_submitted_by_a_press_within_a_day_and_counts_as_in_time(desk: Desk) -> None:
    at(desk.town, BEFORE)
    desk.attaches(key=ITEM)
    at(desk.town, BEFORE + timedelta(hours=23))
    assert "submit it until" in desk.opens(desk.lead, ITEM).text

    desk.works(key=ITEM).presses("Check and submit").presses("Submit")

    assert desk.item(ITEM).state is ItemState.SUBMITTED
    assert desk.submission(ITEM).submitted_at == BEFORE


def test_after_that_day_a_draft_can_only_be_read(desk: Desk) -> None:
    at(desk.town, BEFORE)
    desk.attaches(key=ITEM).presses("Check and submit")
    at(desk.town, BEFORE + timedelta(hours=24, minutes=1))

    desk.lead.presses("Submit")

    assert "can only be read now" in desk.lead.text
    assert desk.item(ITEM).state is ItemState.STARTED


def test_the_card_says_so_and_offers_nothing_to_be_done(desk: Desk) -> None:
    at(desk.town, AFTER)

    card = desk.opens(desk.lead, ITEM)

    assert "closed on Tuesday, 1 December 2026 at 23.59 WIB" in card.text
    assert not {"✏️ Work on it", "👤 Entrust", "⛔ Not applicable"} & card.buttons.keys()
    assert "🕘 History" in card.buttons


def test_what_is_handed_back_after_the_closing_offers_no_repair(desk: Desk) -> None:
    at(desk.town, BEFORE)
    desk.submits(key=ITEM)
    at(desk.town, AFTER)
    desk.returns("SK belum ditandatangani.", key=ITEM)

    letter = desk.lead.letters[-1]

    assert "was handed back" in desk.lead.told()[-1]
    assert [button.data.partition(":")[0] for row in letter.rows for button in row] == ["s"] * 2


def test_tasks_say_that_the_programme_has_closed_rather_than_praise(desk: Desk) -> None:
    at(desk.town, AFTER)

    desk.lead.writes("/tugas")

    assert "The programme has closed; no task waits for you any more." in desk.lead.text
    assert "👍" not in desk.lead.text


@pytest.mark.parametrize("deed", ["waive", "work"])
def test_an_old_button_answers_with_the_closing(desk: Desk, deed: str) -> None:
    number = desk.item(ITEM).id
    at(desk.town, CLOSED + timedelta(days=2))

    desk.lead.sends_data(f"a:{deed}:{number}:0")

    assert "can only be read now" in desk.lead.toast
    assert desk.acts(ITEM) == []


def test_neither_notes_nor_delegation_nor_reasons_change_an_item_any_more(desk: Desk) -> None:
    colleague = desk.town.member(Role.OFFICIAL, TEBING_TINGGI, "Rudi Hartono")
    item, seat = desk.item(ITEM), colleague.visit().seats[0]
    at(desk.town, BEFORE)
    desk.works(key=ITEM).presses("Add a note")
    at(desk.town, AFTER)

    desk.lead.writes("Undangan sudah diterima.")
    assert "can only be read now" in desk.lead.text
    desk.lead.sends_data(f"a:assign:{item.id}-{seat.id}:{item.version}")
    assert "can only be read now" in desk.lead.text + desk.lead.toast
    desk.lead.sends_data(f"a:waive:{item.id}:0").writes("Kegiatan dibatalkan panitia.")

    assert desk.item(ITEM).note == ""
    assert desk.acts(ITEM) == []


def test_an_item_that_did_not_apply_stays_so(desk: Desk) -> None:
    item = stage.put(desk.town.work(), desk.item(ITEM), ItemState.WAIVED)
    at(desk.town, AFTER)
    assert "✏️ Applies after all" not in desk.opens(desk.lead, ITEM).buttons

    desk.lead.sends_data(f"a:reopen:{item.id}:{item.version}")

    assert desk.item(ITEM).state is ItemState.WAIVED


def test_nothing_is_declared_done_after_it(desk: Desk) -> None:
    at(desk.town, BEFORE)
    desk.lead.sends_data("a:declare:0:0").presses("2.")
    at(desk.town, AFTER)

    desk.lead.presses("Declare done")

    assert "nothing can be declared done any more" in desk.lead.text
    assert desk.item("nk-teken").declared_at is None
    assert "nothing can be declared done any more" in desk.lead.sends_data("a:declare:0:0").toast
    assert "☑️ Declare done" not in desk.lead.sends_data("s:stages").buttons


def test_a_submission_cannot_be_taken_back_after_it_but_a_verdict_can(desk: Desk) -> None:
    at(desk.town, CLOSED - timedelta(minutes=2))
    desk.submits(key=ITEM)
    desk.submits(key="pn-laporan")
    at(desk.town, CLOSED + timedelta(minutes=2))
    assert "↩️ Undo" not in desk.opens(desk.lead, ITEM).buttons

    desk.accepts(key=ITEM)

    assert "↩️ Undo" in desk.opens(desk.mentor, ITEM).buttons


def test_reviews_of_what_came_in_time_go_on(desk: Desk) -> None:
    at(desk.town, BEFORE)
    desk.submits(key=ITEM)
    at(desk.town, CLOSED + timedelta(days=3))

    desk.accepts(key=ITEM)

    assert desk.item(ITEM).state is ItemState.ACCEPTED


@pytest.mark.parametrize("key", [LATER_ITEM, "rg-rancangan", "rg-renja"])
def test_stages_that_are_due_later_go_on(desk: Desk, key: str) -> None:
    at(desk.town, CLOSED + timedelta(days=5))

    desk.submits(key=key)

    assert desk.item(key).state is ItemState.SUBMITTED


def test_questions_can_still_be_asked(desk: Desk) -> None:
    at(desk.town, AFTER)

    desk.lead.sends_data("a:ask:0:0").writes("Bagaimana cara mengunduh piagam penghargaan?")

    assert "Bagaimana cara mengunduh piagam penghargaan?" in desk.lead.text


def test_a_delegates_home_counts_only_what_the_closing_still_lets_them_do(desk: Desk) -> None:
    delegate = desk.town.member(Role.CONTRIBUTOR, TEBING_TINGGI, "Dewi Anggraini")
    for key in (ITEM, LATER_ITEM):
        desk.item(key).assignee_id = delegate.visit().seats[0].id
    desk.town.session.flush()

    at(desk.town, BEFORE)
    assert "2 items wait for you." in delegate.sends_data("s:home").text
    at(desk.town, AFTER)
    assert "1 item waits for you." in delegate.sends_data("s:home").text


# --- Corrections


def opened_again(desk: Desk, key: str = ITEM, until: str = "10 Desember") -> Phone:
    coordinator = desk.town.member(Role.COORDINATOR, None, "Sari Wulandari")
    desk.opens(coordinator, key).presses("🔓 Open again").writes(until).writes("Lampiran tertukar dengan dokumen lain.")
    return coordinator.presses("✅ Extend")


def test_a_coordinator_opens_one_item_again_until_a_day_with_a_reason_that_stays(desk: Desk) -> None:
    at(desk.town, CLOSED + timedelta(days=2))
    opened_again(desk)

    card = desk.opens(desk.lead, ITEM)
    assert "Lampiran tertukar dengan dokumen lain." in card.text
    assert "Thursday, 10 December 2026" in card.text
    assert any("It can be worked on again" in told and "Lampiran tertukar" in told for told in desk.lead.told())
    desk.submits(key=ITEM)

    assert desk.item(ITEM).state is ItemState.SUBMITTED
    entry = desk.town.session.scalars(select(AuditEntry).where(AuditEntry.act == "grant_extension")).one()
    assert entry.region_code == TEBING_TINGGI


def test_officials_may_ask_for_a_correction_and_a_coordinator_decides(desk: Desk) -> None:
    coordinator = desk.town.member(Role.COORDINATOR, None, "Sari Wulandari")
    at(desk.town, CLOSED + timedelta(days=2))
    desk.opens(desk.lead, ITEM).presses("Ask for more time").writes("10 Desember").writes("Lampiran tertukar.")
    desk.lead.presses("Send the request")

    coordinator.presses_letter("Open the request").presses("Grant")

    assert "✏️ Work on it" in desk.opens(desk.lead, ITEM).buttons


def test_what_was_accepted_can_be_corrected_and_stays_accepted_until_then(desk: Desk) -> None:
    at(desk.town, BEFORE)
    desk.submits(key=ITEM)
    desk.accepts(key=ITEM)
    at(desk.town, CLOSED + timedelta(days=2))
    assert "✏️ Work on it" not in desk.opens(desk.lead, ITEM).buttons
    opened_again(desk)
    assert desk.item(ITEM).state is ItemState.ACCEPTED
    assert any("Lampiran tertukar" in letter for letter in desk.lead.told())

    desk.submits(key=ITEM)

    assert desk.item(ITEM).state is ItemState.SUBMITTED
    assert desk.submission(ITEM).number == 2


def test_a_correction_ends_with_its_day(desk: Desk) -> None:
    at(desk.town, CLOSED + timedelta(days=2))
    opened_again(desk)
    at(desk.town, datetime(2026, 12, 10, 16, 59, 59, tzinfo=UTC))
    desk.works(key=ITEM)
    at(desk.town, datetime(2026, 12, 10, 17, 0, 1, tzinfo=UTC))

    desk.lead.sends(**pdf())

    assert "can only be read now" in desk.lead.text
    assert desk.drafts(ITEM) == []


def test_other_items_and_other_regions_stay_closed(desk: Desk) -> None:
    katingan = desk.town.member(Role.LEAD, stage.KATINGAN)
    other = stage.region(desk.town.work(), stage.KATINGAN)[ITEM]
    at(desk.town, CLOSED + timedelta(days=2))
    opened_again(desk)

    assert "Work on it" not in str(desk.opens(desk.lead, "pn-laporan").buttons)
    assert "Work on it" not in str(katingan.sends_data(f"s:item-id:{other.id}").buttons)


def test_before_the_closing_nothing_is_moved_beyond_it(desk: Desk) -> None:
    coordinator = desk.town.member(Role.COORDINATOR, None)
    desk.opens(coordinator, ITEM).presses("⏳ Extend").writes("10 Desember")

    assert "after the closing of the programme" in coordinator.text
    assert desk.town.session.scalars(select(Extension)).all() == []


# --- Reminders and home


def reminded(phone: Phone) -> list[Reminder]:
    """What a person was told by the clock, oldest first."""
    rows = select(Reminder).where(Reminder.person_id == phone.person.id, Reminder.state == ReminderState.SENT)
    return list(phone.town.session.scalars(rows.order_by(Reminder.at)))


def test_reminders_of_what_has_closed_fall_silent(desk: Desk, alarm: Alarm) -> None:
    alarm.runs("2026-12-02", "2026-12-09")

    assert reminded(desk.lead) == []
    assert alarm.digests() == []


def test_what_was_opened_again_is_reminded_of(desk: Desk, alarm: Alarm) -> None:
    at(desk.town, CLOSED + timedelta(days=2))
    opened_again(desk)

    alarm.runs("2026-12-07", "2026-12-10")

    assert {entry.subject for entry in reminded(desk.lead)} == {f"item:{desk.item(ITEM).id}"}


def test_home_counts_down_in_all_zones_in_the_last_week(desk: Desk) -> None:
    at(desk.town, CLOSED - timedelta(days=10))
    assert "WITA" not in desk.lead.sends_data("s:home").text
    at(desk.town, CLOSED - timedelta(days=6))
    assert "7 days" not in desk.lead.sends_data("s:home").text
    assert "at 23:59 WIB, that is Wednesday, 2 December 2026 at 00:59 WITA and 01:59 WIT" in desk.lead.text
    at(desk.town, CLOSED - timedelta(hours=5))
    assert "The closing is today: Tuesday, 1 December 2026 at 23:59 WIB" in desk.lead.sends_data("s:home").text


def test_in_the_east_the_closing_is_still_ahead_after_midnight(town: Town) -> None:
    eastern = town.member(Role.LEAD, HALMAHERA_SELATAN)
    stage.region(town.work(), HALMAHERA_SELATAN)
    at(town, CLOSED - timedelta(minutes=30))
    assert "The closing is today" in eastern.sends_data("s:home").text
    at(town, CLOSED)
    assert "The programme closed on" in eastern.sends_data("s:home").text


def test_the_digest_of_the_closing_day_names_its_hour_in_three_zones(desk: Desk, alarm: Alarm) -> None:
    alarm.rings(datetime(2026, 11, 30, 3, 0, tzinfo=UTC))
    alarm.rings(datetime(2026, 12, 1, 3, 0, tzinfo=UTC))

    assert "00:59 WITA and 01:59 WIT" in desk.lead.told()[-1]
