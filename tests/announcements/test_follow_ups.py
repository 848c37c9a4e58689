"""Whoever has not confirmed is reminded by itself: only they, once, in their working hours, and never too late."""

import json
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from db.models import Holiday, OutboxMessage, Person, Reader
from db.vocabulary import HolidayKind, Lane, OutboxState, Policy, ReaderState
from tests import stage
from tests.announcements.newsroom import Newsroom
from tests.papers.sheets import printed, sheets

WIB = ZoneInfo("Asia/Jakarta")
MONDAY = datetime(2026, 11, 16, 9, tzinfo=WIB)


@pytest.fixture(autouse=True)
def monday(newsroom: Newsroom) -> None:
    """Monday at nine, WIB."""
    newsroom.town.now = MONDAY.astimezone(UTC)


def reminders(newsroom: Newsroom) -> list[OutboxMessage]:
    keys = OutboxMessage.unique_key.contains(":follow:")
    return list(newsroom.town.session.scalars(select(OutboxMessage).where(keys).order_by(OutboxMessage.id)))


def chooses(newsroom: Newsroom, days: int) -> None:
    """Press until the draft says so."""
    for before in ("No reminder", "day 1", "day 2", "day 3")[: (0, 1, 2, 3, 5).index(days)]:
        newsroom.coordinator.presses(before)


def announces(newsroom: Newsroom, *, days: int = 1, until: str = "") -> None:
    """An announcement to the officials that asks for a confirmation, sent and arrived."""
    newsroom.drafts()
    chooses(newsroom, days)
    if until:
        newsroom.coordinator.presses("Valid until").writes(until)
    newsroom.chooses("official of the region")
    newsroom.sends()
    newsroom.arrive()


def invites(newsroom: Newsroom, when: str, *, days: int = 1) -> None:
    newsroom.drafts("Undangan bimtek.")
    newsroom.coordinator.presses("I have read it").presses("Session time").writes(when)
    chooses(newsroom, days)
    newsroom.chooses("official of the region")
    newsroom.sends()
    newsroom.arrive()


def test_only_those_who_have_not_confirmed_are_reminded_and_only_once(newsroom: Newsroom) -> None:
    siti, ratna = newsroom.reader("Siti Rahma"), newsroom.reader("Ratna Dewi", stage.KATINGAN)
    announces(newsroom)
    siti.presses_letter("I have read it")

    newsroom.town.later(days=1, minutes=5)
    newsroom.follows_up()
    assert newsroom.arrive() == 1
    newsroom.follows_up()
    newsroom.town.later(days=1)
    newsroom.follows_up()

    assert newsroom.arrive() == 0
    assert len(siti.told()) == 1
    assert "have not confirmed the announcement “Rapat koordinasi" in ratna.told()[-1]
    (row,) = reminders(newsroom)
    assert (row.lane, row.policy) == (Lane.BULK, Policy.AT_MOST_ONCE)


def test_after_a_correction_that_asks_anew_the_days_are_counted_anew_for_everybody(newsroom: Newsroom) -> None:
    siti, ratna = newsroom.reader("Siti Rahma"), newsroom.reader("Ratna Dewi", stage.KATINGAN)
    announces(newsroom)
    siti.presses_letter("I have read it")
    newsroom.town.later(days=1, minutes=5)
    newsroom.follows_up()
    newsroom.arrive()
    newsroom.follows_up()
    newsroom.coordinator.presses("Refresh").presses("Correct it").writes("Rapat pukul 10.00.").presses(
        "Confirm once more"
    )
    told = len(siti.told()), len(ratna.told())

    newsroom.town.later(hours=1)
    newsroom.follows_up()
    assert (len(siti.told()), len(ratna.told())) == told

    newsroom.town.later(days=1)
    newsroom.follows_up()
    newsroom.follows_up()
    assert (len(siti.told()), len(ratna.told())) == (told[0] + 1, told[1] + 1)
    assert "have not confirmed" in siti.told()[-1]


def test_the_reminder_reaches_exactly_the_list_of_those_missing(newsroom: Newsroom) -> None:
    phones = [newsroom.reader(f"Pejabat {letter}") for letter in "ABCDE"]
    announces(newsroom)
    for phone in phones[:2]:
        phone.presses_letter("I have read it").presses_letter("I have read it")
    newsroom.coordinator.presses("Refresh")
    assert "Confirmed as read: 2" in newsroom.coordinator.text
    newsroom.coordinator.presses("Not confirmed (3)")
    listed = {phone.name for phone in phones if phone.name in newsroom.coordinator.text}
    silent = select(Person.name).join(Reader, Reader.person_id == Person.id).where(Reader.read_at.is_(None))
    assert listed == set(newsroom.town.session.scalars(silent)) == {"Pejabat C", "Pejabat D", "Pejabat E"}

    newsroom.town.later(days=1, minutes=5)
    newsroom.follows_up()

    assert {row.chat_id for row in reminders(newsroom)} == {phone.account for phone in phones[2:]}


def test_while_nobody_can_be_reminded_the_clock_finds_nothing_to_do(newsroom: Newsroom) -> None:
    siti, ratna = newsroom.reader("Siti Rahma"), newsroom.reader("Ratna Dewi")
    announces(newsroom, days=2)
    newsroom.loses(siti)
    newsroom.town.later(days=1, hours=23)
    assert not newsroom.finds_somebody_to_remind()

    newsroom.town.later(hours=2)
    assert newsroom.finds_somebody_to_remind()
    ratna.presses_letter("I have read it")

    assert not newsroom.finds_somebody_to_remind()


def test_outside_everybodys_working_hours_the_clock_finds_nothing_to_do(newsroom: Newsroom) -> None:
    newsroom.reader("Siti Rahma")
    announces(newsroom)

    def is_looked_for(day: int, hour: int, minute: int = 0) -> bool:
        newsroom.town.now = datetime(2026, 11, day, hour, minute, tzinfo=WIB).astimezone(UTC)
        return newsroom.finds_somebody_to_remind()

    assert is_looked_for(17, 16, 59)
    assert not is_looked_for(17, 17)
    assert not is_looked_for(17, 23)
    assert not is_looked_for(18, 5, 59)
    assert is_looked_for(18, 6)
    assert not is_looked_for(21, 9)


def test_a_working_day_of_one_region_alone_is_looked_at_too(newsroom: Newsroom) -> None:
    newsroom.reader("Siti Rahma")
    newsroom.reader("Ratna Dewi", stage.BANGGAI)
    worked = {"day": date(2026, 11, 21), "kind": HolidayKind.WORKING, "name": "Masuk", "region_code": stage.BANGGAI}
    work = newsroom.town.work()
    work.session.add(Holiday(edition_id=work.edition_id, **worked))
    announces(newsroom)
    newsroom.town.now = datetime(2026, 11, 21, 9, 5, tzinfo=WIB).astimezone(UTC)

    newsroom.follows_up()

    assert len(reminders(newsroom)) == 1


def test_at_night_what_became_of_a_reminder_is_still_written_down(newsroom: Newsroom) -> None:
    newsroom.reader("Siti Rahma")
    announces(newsroom)
    newsroom.town.later(days=1, minutes=5)
    newsroom.follows_up()
    newsroom.arrive()
    newsroom.town.later(hours=12)

    newsroom.follows_up()

    assert newsroom.town.session.scalars(select(Reader.followed)).all() == [ReaderState.SENT]
    assert not newsroom.finds_somebody_to_remind()


def test_a_word_given_before_the_reminder_leaves_calls_it_back(newsroom: Newsroom) -> None:
    siti = newsroom.reader("Siti Rahma")
    announces(newsroom)
    newsroom.town.later(days=1, minutes=5)
    newsroom.follows_up()

    siti.presses_letter("I have read it")

    assert newsroom.arrive() == 0
    assert [row.state for row in reminders(newsroom)] == [OutboxState.CANCELLED]
    newsroom.follows_up()
    newsroom.coordinator.writes("/siarkan").presses("1. Rapat")
    assert "Reminded" not in newsroom.coordinator.text + "".join(newsroom.coordinator.buttons)


def test_the_buttons_of_the_reminder_confirm_the_announcement_itself(newsroom: Newsroom) -> None:
    siti = newsroom.reader("Siti Rahma")
    announces(newsroom)
    newsroom.town.later(days=1, minutes=5)
    newsroom.follows_up()
    newsroom.arrive()
    labels = [
        button["text"]
        for row in json.loads(reminders(newsroom)[0].body)["reply_markup"]["inline_keyboard"]
        for button in row
    ]
    assert labels == ["✅ I have read it", "📢 Read it again"]

    siti.presses_letter("Read it again")
    assert "Rapat koordinasi Senin" in siti.text
    siti.presses_letter("I have read it")

    newsroom.coordinator.presses("Refresh")
    assert "Confirmed as read: 1" in newsroom.coordinator.text


def test_the_page_says_who_was_reminded_and_when(newsroom: Newsroom) -> None:
    newsroom.reader("Siti Rahma")
    announces(newsroom)
    newsroom.coordinator.presses("Refresh")
    assert "reminded once, 1 working day after" in newsroom.coordinator.text
    newsroom.town.later(days=1, minutes=5)
    newsroom.follows_up()
    newsroom.arrive()
    newsroom.follows_up()

    newsroom.coordinator.presses("Refresh")
    assert "Reminded: 1" in newsroom.coordinator.text
    newsroom.coordinator.presses("🔔 Reminded (1)")

    newsroom.coordinator.presses("Back").presses("Report (Excel)")
    readers = sheets(printed(newsroom.coordinator).content)["Readers"]
    assert readers[0][-1] == "Reminded (WIB)"
    assert float(readers[1][-1]) > 40000
    newsroom.coordinator.presses("🔔 Reminded (1)")
    assert "Siti Rahma" in newsroom.coordinator.text
    assert "reminded on Tuesday, 17 November 2026" in newsroom.coordinator.text


@pytest.mark.parametrize(
    ("state", "followed", "says"),
    [
        (OutboxState.IN_DOUBT, ReaderState.IN_DOUBT, "uncertain whether the reminder arrived"),
        (OutboxState.DEAD, ReaderState.FAILED, "the reminder could not be delivered"),
    ],
)
def test_a_reminder_that_may_have_arrived_or_failed_is_not_written_again(
    newsroom: Newsroom, state: OutboxState, followed: ReaderState, says: str
) -> None:
    newsroom.reader("Siti Rahma")
    announces(newsroom)
    newsroom.town.later(days=1, minutes=5)
    newsroom.follows_up()
    newsroom.arrive(state)
    newsroom.follows_up()
    newsroom.follows_up()

    assert newsroom.town.session.scalars(select(Reader.followed)).all() == [followed]
    assert len(reminders(newsroom)) == 1
    newsroom.coordinator.presses("Refresh").presses("🔔 Reminded (1)")
    assert says in newsroom.coordinator.text


def test_days_are_working_days_of_the_region_and_hours_are_its_own(newsroom: Newsroom) -> None:
    newsroom.reader("Siti Rahma")
    newsroom.reader("Ratna Dewi", stage.BANGGAI)
    closed = {"day": date(2026, 11, 18), "kind": HolidayKind.HOLIDAY, "name": "Hari jadi", "region_code": stage.BANGGAI}
    work = newsroom.town.work()
    work.session.add(Holiday(edition_id=work.edition_id, **closed))
    announces(newsroom, days=5)

    def reminded_at(day: int, hour: int, minute: int = 0) -> int:
        newsroom.town.now = datetime(2026, 11, day, hour, minute, tzinfo=WIB).astimezone(UTC)
        newsroom.follows_up()
        return len(reminders(newsroom))

    assert reminded_at(20, 9, 5) == 0
    assert reminded_at(23, 7) == 0
    assert reminded_at(23, 9, 5) == 1
    assert reminded_at(23, 20) == 1
    assert reminded_at(24, 7, 30) == 1
    assert reminded_at(24, 9, 5) == 2


def test_a_reminder_that_did_not_leave_in_working_hours_leaves_in_the_next_ones(newsroom: Newsroom) -> None:
    newsroom.reader("Siti Rahma")
    announces(newsroom)
    newsroom.town.later(days=1, minutes=5)
    newsroom.follows_up()
    (row,) = reminders(newsroom)
    assert row.expires_at == datetime(2026, 11, 17, 17, tzinfo=WIB)

    row.state = OutboxState.CANCELLED
    newsroom.town.session.flush()
    newsroom.town.later(hours=12)
    newsroom.follows_up()
    assert len(reminders(newsroom)) == 1
    newsroom.town.later(hours=12)
    newsroom.follows_up()
    assert [row.state for row in reminders(newsroom)] == [OutboxState.CANCELLED, OutboxState.WAITING]


def test_after_it_has_expired_nobody_is_reminded(newsroom: Newsroom) -> None:
    newsroom.reader("Siti Rahma")
    announces(newsroom, until="16 November 20.00")
    newsroom.town.later(days=1, minutes=5)
    newsroom.follows_up()

    assert reminders(newsroom) == []


def test_what_was_stopped_reminds_nobody(newsroom: Newsroom) -> None:
    siti = newsroom.reader("Siti Rahma")
    newsroom.reader("Ratna Dewi")
    newsroom.drafts()
    newsroom.coordinator.presses("No reminder")
    newsroom.chooses("official of the region")
    newsroom.sends()
    newsroom.arrive(only=[siti])
    newsroom.coordinator.presses("Refresh").presses("Stop").presses("Stop it")
    newsroom.town.later(days=1, minutes=5)
    newsroom.follows_up()

    assert reminders(newsroom) == []


def test_whoever_has_lost_the_seat_or_cannot_be_reached_is_not_reminded(newsroom: Newsroom) -> None:
    newsroom.reader("Siti Rahma")
    lost = newsroom.reader("Ratna Dewi")
    announces(newsroom)
    newsroom.loses(lost)
    newsroom.town.later(days=1, minutes=5)
    newsroom.follows_up()

    assert [row.chat_id for row in reminders(newsroom)] != [lost.account]
    assert len(reminders(newsroom)) == 1


def test_an_invitation_is_followed_up_with_its_time_and_place(newsroom: Newsroom) -> None:
    siti, ratna = newsroom.reader("Siti Rahma"), newsroom.reader("Ratna Dewi")
    newsroom.drafts("Undangan bimtek.")
    newsroom.coordinator.presses("I have read it").presses("Session time").writes("18 November 09.00-12.00")
    newsroom.coordinator.presses("Session place").writes("Aula Bappeda").presses("No reminder")
    newsroom.chooses("official of the region")
    newsroom.sends()
    newsroom.arrive()
    siti.presses_letter("I cannot attend")
    newsroom.town.later(days=1, minutes=5)
    newsroom.follows_up()

    assert newsroom.arrive() == 1
    assert "have not answered the invitation “Undangan bimtek" in ratna.told()[-1]
    assert "18 November 2026" in ratna.told()[-1]
    assert "📍 Aula Bappeda" in ratna.told()[-1]
    assert len(siti.told()) == 1


def test_an_invitation_is_never_followed_up_after_its_session_began(newsroom: Newsroom) -> None:
    newsroom.reader("Siti Rahma")
    invites(newsroom, "17 November 09.00-12.00")
    newsroom.town.later(days=1, minutes=5)
    newsroom.follows_up()

    assert reminders(newsroom) == []


def test_a_reminder_that_has_not_left_when_the_session_begins_never_does(newsroom: Newsroom) -> None:
    newsroom.reader("Siti Rahma")
    invites(newsroom, "17 November 10.00-12.00")
    newsroom.town.later(days=1, minutes=5)
    newsroom.follows_up()

    (row,) = reminders(newsroom)
    assert row.expires_at == datetime(2026, 11, 17, 10, tzinfo=WIB)


def test_a_coordinator_reminds_whoever_has_not_answered_an_invitation_at_once_and_nobody_twice(
    newsroom: Newsroom,
) -> None:
    siti, ratna = newsroom.reader("Siti Rahma"), newsroom.reader("Ratna Dewi")
    invites(newsroom, "17 November 09.00-12.00", days=0)
    siti.presses_letter("I will attend")

    newsroom.coordinator.presses("Refresh").presses("Remind now")
    assert "1 person is reminded" in newsroom.coordinator.toast
    newsroom.coordinator.presses("Remind now")
    assert "Nobody is left" in newsroom.coordinator.toast
    newsroom.town.delivered(ratna.letters[-1], ratna.account)
    newsroom.follows_up()

    assert "have not answered the invitation" in ratna.told()[-1]
    assert (len(siti.told()), len(ratna.told())) == (1, 2)
    newsroom.coordinator.presses("Refresh")
    assert "Reminded: 1" in newsroom.coordinator.text
    assert newsroom.town.session.scalars(select(Reader.followed).order_by(Reader.followed)).all().count("sent") == 1


def test_nobody_is_reminded_by_hand_of_a_session_that_began_or_by_somebody_else(newsroom: Newsroom) -> None:
    siti = newsroom.reader("Siti Rahma")
    invites(newsroom, "17 November 09.00-12.00", days=0)
    number = newsroom.newest().id
    siti.sends_data(f"a:ann-remind-now:{number}:0")
    assert reminders(newsroom) == []

    newsroom.town.later(days=1)
    newsroom.coordinator.sends_data(f"a:ann-remind-now:{number}:0")

    assert "still to come" in newsroom.coordinator.toast
    assert reminders(newsroom) == []
    assert "🔔 Remind now" not in newsroom.coordinator.presses("Refresh").buttons
