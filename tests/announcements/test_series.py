"""Announcements that repeat: each time once, to those who are meant then, never more than a second person let go."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import IntegrityError

from bot.program.calendar import DayOverride, Holiday, WorkingCalendar
from bot.services import announcing, series
from bot.services.repetitions import Repetition, days, words
from bot.texts import Texts
from db.models import Announcement, Series
from db.vocabulary import AnnouncementState
from tests import stage
from tests.announcements.newsroom import Newsroom
from tests.people.phone import Phone

MONDAY, TUESDAY, THURSDAY = date(2026, 11, 16), date(2026, 11, 17), date(2026, 11, 19)
FRIDAY, NEXT_MONDAY = date(2026, 11, 20), date(2026, 11, 23)
CLOSING = date(2026, 12, 1)


def nine(day: date, minute: int = 0) -> datetime:
    """09.00 WIB of a day."""
    return datetime(day.year, day.month, day.day, 2, minute, tzinfo=UTC)


def at(newsroom: Newsroom, moment: datetime) -> int:
    """Move the clock; what is due is made, leaves and arrives. Returns how many messages."""
    newsroom.town.now = moment
    newsroom.ticks()
    return newsroom.arrive()


def made(newsroom: Newsroom) -> dict[date | None, AnnouncementState]:
    rows = newsroom.town.session.scalars(
        select(Announcement).order_by(Announcement.id).execution_options(populate_existing=True)
    )
    return {row.occurrence: row.state for row in rows}


def repeats(newsroom: Newsroom, *labels: str, hour: str = "09.00") -> Phone:
    """A draft for officials that leaves on Monday and repeats on what these buttons say."""
    newsroom.drafts()
    phone = newsroom.coordinator
    newsroom.chooses("official of the region")
    phone.presses("Schedule").writes(f"16 November {hour}").presses("🔁 Repeat")
    for label in labels:
        phone.presses(label)
    return phone.presses("Back")


def confirms(newsroom: Newsroom) -> Phone:
    return newsroom.coordinator.presses("Check and send").presses("Send to")


# --- The days


@pytest.mark.parametrize(("every", "said"), [(1, "setiap hari kerja"), (2, "setiap 2 hari kerja")])
def test_a_repetition_of_working_days_reads_well_where_the_language_knows_no_plural(every: int, said: str) -> None:
    repetition = words(Repetition(every=every), CLOSING)

    assert Texts.load().plain(repetition, "id") == f"{said} sampai Selasa, 1 Desember 2026"


@pytest.mark.parametrize(
    ("repetition", "holidays", "expected"),
    [
        (Repetition(weekdays=(0, 3)), (), ["19", "23", "26", "30"]),
        (Repetition(weekdays=(3,)), (THURSDAY,), ["18", "26"]),
        (Repetition(weekdays=(2, 3)), (THURSDAY,), ["18", "25", "26"]),
        (Repetition(weekdays=(0,)), (NEXT_MONDAY,), ["20", "30"]),
        (Repetition(every=3), (), ["19", "24", "27"]),
        (Repetition(every=3), (THURSDAY,), ["20", "25", "30"]),
        (Repetition(every=1), (THURSDAY,), ["17", "18", "20", "23", "24", "25", "26", "27", "30"]),
        (Repetition(), (), []),
    ],
)
def test_a_day_off_moves_it_to_the_working_day_before_and_never_doubles_it(
    repetition: Repetition, holidays: tuple[date, ...], expected: list[str]
) -> None:
    calendar = WorkingCalendar([2026], [DayOverride(day, Holiday("Libur")) for day in holidays])

    found = list(days(repetition, calendar, MONDAY, date(2026, 11, 30)))

    assert [f"{day.day}" for day in found] == expected
    assert all(calendar.is_working(day) for day in found)


# --- From the draft to the last time


def test_each_time_is_an_announcement_of_its_own_with_its_number_and_its_readers(newsroom: Newsroom) -> None:
    newsroom.reader("Siti Rahma")
    phone = repeats(newsroom, "Thursday")
    assert "It repeats every Thursday until Tuesday, 1 December 2026" in phone.text
    assert "Next: 19 Nov and 26 Nov" in phone.text
    confirms(newsroom)
    assert at(newsroom, nine(MONDAY)) == 1

    ratna = newsroom.reader("Ratna Dewi", stage.KATINGAN)
    assert at(newsroom, nine(THURSDAY) - timedelta(minutes=1)) == 0
    assert at(newsroom, nine(THURSDAY)) == 2
    assert "with 2 of 2 readers" in newsroom.coordinator.told()[-1]
    assert len(ratna.told()) == 1

    assert at(newsroom, nine(date(2026, 11, 26))) == 2
    assert made(newsroom) == dict.fromkeys((MONDAY, THURSDAY, date(2026, 11, 26)), AnnouncementState.DONE)
    rows = newsroom.town.session.scalars(select(Announcement.number).order_by(Announcement.id))
    assert list(rows) == [1, 2, 3]
    assert at(newsroom, nine(date(2026, 12, 3))) == 0
    assert newsroom.town.session.scalars(select(Series)).one().ended_at is not None


def test_the_series_is_seen_and_can_be_ended(newsroom: Newsroom) -> None:
    newsroom.reader("Siti Rahma")
    repeats(newsroom, "Every working day")
    confirms(newsroom)
    at(newsroom, nine(MONDAY))
    at(newsroom, nine(TUESDAY))

    phone = newsroom.coordinator.presses("Refresh").presses("The series")
    assert "✅ Tuesday, 17 November 2026: sent to 1 of 1 reader" in phone.text
    assert "Next: 18 Nov" in phone.text
    phone.presses("End the series")
    assert "Next: 18 Nov" in phone.text
    assert at(newsroom, nine(TUESDAY)) == 0
    assert newsroom.town.session.scalars(select(Series)).one().ended_at is None
    end = next(data for label, data in phone.buttons.items() if "⏹ End it" in label)
    phone.sends_data(end).sends_data(end)

    assert "It repeats no more: Sari Wulandari ended it on Tuesday, 17 November 2026 at 09:00 WIB" in phone.text
    assert at(newsroom, nine(THURSDAY)) == 0
    assert set(made(newsroom)) == {MONDAY, TUESDAY}


def test_the_page_of_a_series_says_what_became_of_each_time_in_as_many_statements_as_for_one(
    newsroom: Newsroom,
) -> None:
    newsroom.reader("Siti Rahma")
    repeats(newsroom, "Every working day")
    confirms(newsroom)
    row = newsroom.town.session.scalars(select(Series)).one()
    assert "⏳ Monday, 16 November 2026: scheduled" in newsroom.coordinator.sends_data(f"s:ann-series:{row.id}").text
    once = statements(newsroom, row.id)

    at(newsroom, nine(MONDAY))
    at(newsroom, nine(TUESDAY))
    at(newsroom, nine(THURSDAY))

    assert statements(newsroom, row.id) == once
    assert "⏭ Wednesday, 18 November 2026: left out" in newsroom.coordinator.text


def statements(newsroom: Newsroom, number: int) -> int:
    """How many statements it takes to show the page of a series."""
    asked: list[str] = []

    def note(*said: Any) -> None:
        asked.append(said[2])

    engine = newsroom.town.session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    newsroom.coordinator.sends_data(f"s:ann-series:{number}")
    event.remove(engine, "before_cursor_execute", note)
    return len(asked)


def test_everybodys_own_hour_holds_each_time(newsroom: Newsroom) -> None:
    newsroom.reader("Amir Hasan", stage.HALMAHERA_SELATAN)
    newsroom.reader("Siti Rahma")
    repeats(newsroom, "Tuesday", hour="09.00 setempat")
    confirms(newsroom)
    at(newsroom, nine(MONDAY))

    assert at(newsroom, nine(TUESDAY) - timedelta(hours=2, minutes=1)) == 0
    assert at(newsroom, nine(TUESDAY) - timedelta(hours=2)) == 1
    assert at(newsroom, nine(TUESDAY)) == 1


def test_leave_decreed_on_the_eve_moves_the_next_time_earlier(newsroom: Newsroom) -> None:
    newsroom.reader("Siti Rahma")
    repeats(newsroom, "Thursday")
    confirms(newsroom)
    at(newsroom, nine(MONDAY))
    leave = newsroom.coordinator.writes("/libur").presses("Own days").presses("Add days")
    leave.writes("19 November Cuti bersama").presses("Save")

    assert at(newsroom, nine(date(2026, 11, 18))) == 1
    assert at(newsroom, nine(THURSDAY)) == 0


def test_an_outage_sends_the_newest_once_late_and_records_the_others(newsroom: Newsroom) -> None:
    newsroom.reader("Siti Rahma")
    repeats(newsroom, "Every working day")
    confirms(newsroom)
    at(newsroom, nine(MONDAY))

    assert at(newsroom, nine(THURSDAY) + timedelta(hours=3)) == 1
    assert at(newsroom, nine(THURSDAY) + timedelta(hours=3)) == 0

    skipped, done = AnnouncementState.SKIPPED, AnnouncementState.DONE
    assert made(newsroom) == {MONDAY: done, TUESDAY: skipped, date(2026, 11, 18): skipped, THURSDAY: done}
    assert any("Pandu was not running then" in told for told in newsroom.coordinator.told())


def test_what_is_no_longer_valid_after_an_outage_is_left_out(newsroom: Newsroom) -> None:
    newsroom.reader("Siti Rahma")
    repeats(newsroom, "Every working day").presses("Valid until").writes("16 November 10.00")
    confirms(newsroom)
    at(newsroom, nine(MONDAY))

    assert at(newsroom, nine(TUESDAY) + timedelta(hours=1)) == 0
    assert made(newsroom)[TUESDAY] is AnnouncementState.SKIPPED
    assert at(newsroom, nine(date(2026, 11, 18))) == 1
    assert newsroom.newest().valid_until == nine(date(2026, 11, 18)) + timedelta(hours=1)


def test_without_a_validity_of_its_own_it_is_not_sent_late_at_night(newsroom: Newsroom) -> None:
    newsroom.reader("Siti Rahma")
    repeats(newsroom, "Every working day")
    confirms(newsroom)
    at(newsroom, nine(MONDAY))

    assert at(newsroom, nine(TUESDAY) + timedelta(hours=13)) == 0
    assert made(newsroom)[TUESDAY] is AnnouncementState.SKIPPED


def test_two_leaders_make_an_occurrence_once(newsroom: Newsroom) -> None:
    siti = newsroom.reader("Siti Rahma")
    repeats(newsroom, "Tuesday")
    confirms(newsroom)
    at(newsroom, nine(MONDAY))
    at(newsroom, nine(TUESDAY))
    session = newsroom.town.session
    row = session.scalars(select(Series)).one()
    row.done_until = MONDAY
    session.flush()

    assert at(newsroom, nine(TUESDAY)) == 0
    assert len(siti.told()) == 2
    found = newsroom.newest()
    copy = {"edition_id": found.edition_id, "author_id": found.author_id, "created_at": found.created_at}
    session.add(Announcement(series_id=row.id, occurrence=TUESDAY, **copy))
    with pytest.raises(IntegrityError):
        session.flush()


def test_between_two_days_the_clock_finds_nothing_to_do(newsroom: Newsroom) -> None:
    newsroom.reader("Siti Rahma")
    repeats(newsroom, "Thursday")
    confirms(newsroom)
    session = newsroom.town.session
    assert series.is_due(session, nine(MONDAY))

    at(newsroom, nine(MONDAY))
    assert not series.is_due(session, nine(THURSDAY) - timedelta(seconds=1))
    assert series.is_due(session, nine(THURSDAY))

    at(newsroom, nine(THURSDAY))
    at(newsroom, nine(date(2026, 11, 26)))
    assert not series.is_due(session, nine(CLOSING) + timedelta(days=300))


# --- Afterwards


def test_calling_off_the_first_takes_the_series_along(newsroom: Newsroom) -> None:
    newsroom.reader("Siti Rahma")
    repeats(newsroom, "Tuesday")
    confirms(newsroom).presses("Call off")

    assert at(newsroom, nine(TUESDAY)) == 0
    assert newsroom.newest().state is AnnouncementState.DRAFT
    assert newsroom.town.session.scalars(select(Series)).all() == []


def test_after_a_restore_nothing_of_that_day_or_before_is_sent_again(newsroom: Newsroom) -> None:
    newsroom.reader("Siti Rahma")
    repeats(newsroom, "Every working day")
    confirms(newsroom)
    at(newsroom, nine(MONDAY))
    series.after_restore(newsroom.town.session, THURSDAY)

    assert at(newsroom, nine(THURSDAY)) == 0
    assert at(newsroom, nine(FRIDAY)) == 1


def test_a_correction_holds_for_every_later_time(newsroom: Newsroom) -> None:
    siti = newsroom.reader("Siti Rahma")
    repeats(newsroom, "Every working day")
    confirms(newsroom)
    at(newsroom, nine(MONDAY))
    phone = newsroom.coordinator.presses("Refresh").presses("Correct it")
    phone.writes("Rapat pukul 10.00.").presses("Only wording")
    at(newsroom, nine(TUESDAY))

    unmarked = [told for told in siti.told() if "Corrected" not in told]
    assert len(unmarked) == 2
    assert "Rapat pukul 10.00." in unmarked[-1]


def test_what_was_recalled_repeats_no_more(newsroom: Newsroom) -> None:
    newsroom.reader("Siti Rahma")
    repeats(newsroom, "Every working day")
    confirms(newsroom)
    at(newsroom, nine(MONDAY))
    newsroom.newest().state = AnnouncementState.RECALLED
    newsroom.town.session.flush()

    assert at(newsroom, nine(TUESDAY)) == 0
    assert "It was recalled" in newsroom.coordinator.told()[-1]
    assert set(made(newsroom)) == {MONDAY}


# --- What cannot be


def test_it_needs_a_first_moment(newsroom: Newsroom) -> None:
    newsroom.reader("Siti Rahma")
    newsroom.drafts()
    newsroom.coordinator.presses("🔁 Repeat").presses("Monday").presses("Back").presses("Check and send").presses(
        "Send to"
    )

    assert "when it leaves the first time" in newsroom.coordinator.toast
    assert newsroom.newest().state is AnnouncementState.DRAFT


def test_an_invitation_cannot_repeat(newsroom: Newsroom) -> None:
    newsroom.reader("Siti Rahma")
    repeats(newsroom, "Tuesday").presses("I have read it")
    newsroom.coordinator.presses("Session time").writes("25 November 09.00")
    confirms(newsroom)

    assert "An invitation cannot repeat" in newsroom.coordinator.toast


@pytest.mark.parametrize(
    ("typed", "told"),
    [("25 Desember", "after the closing"), ("31 Februari", "could not be read"), ("entah", "could not be read")],
)
def test_a_last_day_that_cannot_be_has_its_sentence(newsroom: Newsroom, typed: str, told: str) -> None:
    repeats(newsroom, "Tuesday").presses("🔁 Repeat").presses("Last day").writes(typed)

    assert told in newsroom.coordinator.text


def test_a_last_day_before_the_first_repetition_is_refused(newsroom: Newsroom) -> None:
    newsroom.reader("Siti Rahma")
    repeats(newsroom, "Friday").presses("🔁 Repeat").presses("Last day").writes("18 November")
    confirms(newsroom)

    assert "It would never repeat" in newsroom.coordinator.toast


def test_forged_buttons_and_other_roles_change_no_series(newsroom: Newsroom) -> None:
    siti = newsroom.reader("Siti Rahma")
    repeats(newsroom, "Tuesday")
    draft = newsroom.newest()
    for data in (f"a:ann-repeat:{draft.id}-day-9:{draft.version}", f"a:ann-repeat:{draft.id}-often-1:{draft.version}"):
        newsroom.coordinator.sends_data(data)
    assert newsroom.newest().repeats == {"weekdays": [1]}
    confirms(newsroom)
    number = newsroom.newest().series_id
    siti.sends_data(f"s:ann-series:{number}")
    assert "Rapat" not in siti.text
    siti.sends_data(f"a:ann-series-end:{number}:0")
    newsroom.coordinator.sends_data("a:ann-series-end:9999:0")

    assert newsroom.town.session.scalars(select(Series)).one().ended_at is None
    assert not announcing.is_due(newsroom.town.session, newsroom.town.now)
