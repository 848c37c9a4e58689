"""How near a stored question comes to an asked one. Pure: the same terms give the same score on every database."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.texts.lexicon import lexicon

# What is shown must carry at least this share of what was asked.
NEEDED = 0.5
# One word alone, out of several, must carry more than that.
NEEDED_ALONE = 0.52
# A word that stands only in the answer says less than one of the question.
IN_BODY = 0.6
# A corrected word says a little less than one spelled as it should be.
CORRECTED = 0.9
# A word that is nowhere in the index weighs as much as one that stands in one entry.
UNKNOWN_IN = 1
# Of the weight of a word that says little ("program", "tahun").
FAINTLY = 0.4
# How much it counts that the stored question says nothing more than the asked one.
CLOSENESS = 0.25
# A long message may hold a whole stored question among other things.
WHOLE_TITLE = 0.75
WORDS_OF_A_WHOLE_TITLE = 3
# Entries of the asker's pillar come first among those that are about as near.
SAME_PILLAR = 0.2


@dataclass(frozen=True, slots=True)
class Sought:
    """One word that is looked for: its stem, or the stems it may have meant if it was mistyped."""

    stems: tuple[str, ...]
    corrected: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """The stems of an entry: those of its question, and those of its answer alone."""

    title: frozenset[str]
    body: frozenset[str]


@dataclass(frozen=True, slots=True)
class Weights:
    """How telling each stem is: rare ones more. `total` entries, `found` how many hold a stem."""

    total: int
    found: Mapping[str, int]

    def of(self, stem: str) -> float:
        count = self.found.get(stem, 0) or UNKNOWN_IN
        weight = math.log(1 + self.total / count)
        return weight * FAINTLY if stem in lexicon().faint else weight

    def sought(self, sought: Sought) -> float:
        return max(map(self.of, sought.stems))


def telling(sought: Sequence[Sought], weights: Weights) -> list[str]:
    """The stems of which an entry must hold one to be shown: all but the commonest, which alone could never suffice.

    They could not if together they weigh less than is needed and are too few for a whole title.
    """
    light_first = sorted(sought, key=lambda one: (weights.sought(one), one.stems))
    left = NEEDED * sum(map(weights.sought, sought))
    dropped = 0
    for one in light_first[: WORDS_OF_A_WHOLE_TITLE - 1]:
        left -= weights.sought(one)
        if left <= 0:
            break
        dropped += 1
    return [stem for one in light_first[dropped:] for stem in one.stems]


def likeness(sought: Sequence[Sought], terms: Terms, weights: Weights) -> float:
    """From 0 to 1, to three places; 0 for what should not be shown."""
    covered = _covered(sought, terms, weights)
    title = _title(sought, terms, weights)
    held = sum(1 for one in sought if _fit(one, terms))
    if covered >= (NEEDED if held > 1 else NEEDED_ALONE):
        return round(covered * (1 - CLOSENESS + CLOSENESS * title), 3)
    matched = sum(1 for one in sought if not terms.title.isdisjoint(one.stems))
    if title >= WHOLE_TITLE and matched >= WORDS_OF_A_WHOLE_TITLE:
        return round(NEEDED * title, 3)
    return 0.0


def _covered(sought: Sequence[Sought], terms: Terms, weights: Weights) -> float:
    """Which share of the asked words, by weight, the entry holds."""
    whole = sum(map(weights.sought, sought))
    held = sum(weights.sought(one) * _fit(one, terms) for one in sought)
    return held / whole if whole else 0.0


def _fit(one: Sought, terms: Terms) -> float:
    spelled = CORRECTED if one.corrected else 1.0
    if not terms.title.isdisjoint(one.stems):
        return spelled
    return IN_BODY * spelled if not terms.body.isdisjoint(one.stems) else 0.0


def _title(sought: Sequence[Sought], terms: Terms, weights: Weights) -> float:
    """Which share of the stored question, by weight, was asked."""
    asked = {stem for one in sought for stem in one.stems}
    whole = sum(map(weights.of, sorted(terms.title)))
    return sum(map(weights.of, sorted(terms.title & asked))) / whole if whole else 0.0
