"""One truth: every screen and the text for WhatsApp show the same numbers; a day ends at midnight where one lives."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from bot.services.deadlines import due_of, end_of
from db.vocabulary import ItemState, Role
from tests import stage
from tests.items.evidence import Desk
from tests.stage import BANGGAI, HALMAHERA_SELATAN, TEBING_TINGGI

AHEAD = "bp-slide"


def numbers(text: str) -> tuple[str, ...]:
    found = re.search(r"(\d+) of (\d+)\D+\((\d+)%\)", text)
    assert found, text
    return found.groups()


def test_every_screen_and_the_text_to_forward_show_the_same_completeness(desk: Desk) -> None:
    coordinator = desk.town.member(Role.COORDINATOR, None, "Sari Dewi")
    for key in ("kl-sk-dewan", "kl-sk-tim", "kl-pokja"):
        desk.submits(key=key)
        desk.accepts(key=key)

    seen = {numbers(desk.lead.sends_data(data).text) for data in ("s:home", "s:progress")}
    seen.add(numbers(coordinator.sends_data(f"s:region:{TEBING_TINGGI}").text))
    desk.lead.sends_data(f"a:share:{TEBING_TINGGI}:0")
    seen.add(numbers(desk.lead.told()[-1]))

    assert seen == {("3", "42", "7")}
    assert "7%" in coordinator.sends_data("s:regions").text


def test_on_time_counts_what_was_sent_before_the_deadline_then_valid(desk: Desk) -> None:
    late = desk.lead.sends_data("s:progress").text
    assert re.search(r"On time: 0 of (\d+) items due so far", late)
    work = desk.town.work()
    desk.town.now = due_of(work, TEBING_TINGGI, AHEAD).at - timedelta(seconds=1)
    desk.submits(key=AHEAD)
    desk.accepts(key=AHEAD)
    desk.town.later(seconds=1)

    assert re.search(r"On time: 1 of (\d+) items due so far", desk.lead.sends_data("s:progress").text)


@pytest.mark.parametrize(
    ("region", "zone", "hours"),
    [(TEBING_TINGGI, "WIB", 7), (BANGGAI, "WITA", 8), (HALMAHERA_SELATAN, "WIT", 9)],
)
def test_a_day_ends_at_midnight_of_the_region(desk: Desk, region: str, zone: str, hours: int) -> None:
    items = stage.region(desk.town.work(), region)
    official = desk.town.member(Role.LEAD, region, f"Ketua {zone}")
    due = due_of(desk.town.work(), region, AHEAD)
    midnight = datetime.combine(due.day + timedelta(days=1), datetime.min.time(), UTC) - timedelta(hours=hours)
    assert due.at == midnight == end_of(due.day, due.zone)

    desk.town.now = midnight - timedelta(seconds=1)
    official.sends_data(f"s:item-id:{items[AHEAD].id}")
    assert "today until 24.00" in official.text
    official.sends_data(f"a:work:{items[AHEAD].id}:0").writes("Tautan menyusul.").presses("Done, as evidence")
    assert f"23:59 {zone}" in official.text
    assert "after the deadline" not in official.text

    desk.town.later(seconds=1)
    official.writes("Terlambat sedetik.").presses("Done, as evidence")
    assert "after the deadline" in official.text


def test_a_text_counts_by_when_it_was_sent_not_by_when_it_was_finished(desk: Desk) -> None:
    due = due_of(desk.town.work(), TEBING_TINGGI, AHEAD)
    desk.town.now = due.at - timedelta(seconds=2)
    desk.works(key=AHEAD).writes("Bahan paparan terlampir pada tautan.")
    desk.town.now = due.at + timedelta(hours=1)

    desk.lead.presses("Done, as evidence")
    assert "that time counts, so it is in time" in desk.lead.text
    desk.lead.presses("Check and submit").presses("Submit")

    submission = desk.submission(AHEAD)
    assert submission.submitted_at < submission.due_at
    assert desk.item(AHEAD).state is ItemState.SUBMITTED


def test_many_late_items_are_met_with_the_offer_to_declare_them(desk: Desk) -> None:
    desk.lead.sends_data("s:tasks")

    assert "can be declared done at once" in desk.lead.text
    desk.lead.presses("Done already")
    assert "Up to which stage is everything done?" in desk.lead.text
