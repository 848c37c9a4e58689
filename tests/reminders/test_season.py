"""A season of a whole edition, told twice: what Pandu said to each person equals an independent calculation."""

import random
from datetime import date

import pytest

from bot.program.regions import load_regions
from tests.reminders.alarm import Alarm
from tests.reminders.season import CODES, Season

# The edition closes on 1 December 2026.
AFTERWARDS = date(2026, 12, 4)


def _equal(season: Season) -> None:
    said, expected = season.said(), dict(season.oracle.said)
    for person in season.oracle.people.values():
        assert said.get(person.id, []) == expected.get(person.id, []), person
    keys = [row.unique_key for row in season.alarm.digests()]
    assert len(keys) == sum(map(len, expected.values()))
    assert len(keys) > len(season.oracle.people)


@pytest.mark.parametrize("seed", [1, 2])
def test_in_a_short_season_everybody_is_told_what_a_second_calculation_says(alarm: Alarm, seed: int) -> None:
    chance = random.Random(seed)
    season = Season(alarm, chance, CODES[:3], date(2026, 11, 12), AFTERWARDS)
    season.passes()
    _equal(season)


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(3))
def test_in_ninety_days_with_fifty_regions_everybody_is_told_what_a_second_calculation_says(
    alarm: Alarm, seed: int
) -> None:
    chance = random.Random(seed)
    codes = (*CODES, *chance.sample(sorted({*load_regions().by_code} - {*CODES}), 45))
    season = Season(alarm, chance, codes, date(2026, 9, 6), AFTERWARDS)
    season.passes()
    _equal(season)
