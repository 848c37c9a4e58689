import random, collections
from datetime import date
import pytest
from tests.reminders.season import CODES, Season
from tests.reminders.test_season import _equal, AFTERWARDS


@pytest.mark.parametrize("seed", [13, 14, 16, *range(20, 28)])
def test_x(alarm, seed):
    s = Season(alarm, random.Random(seed), CODES[:3], date(2026, 11, 2), AFTERWARDS)
    s.passes()
    n = collections.Counter()
    for p, l in s.oracle.said.items():
        for d, k, e in l:
            n["digests"] += 1
            n["extra"] += k == 2
            for a, o in e:
                n[o.split(":")[0] if not o.startswith(("+", "-")) else o] += 1
    print("N", seed, dict(n))
    _equal(s)
