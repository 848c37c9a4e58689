"""How near a stored question comes to an asked one. Pure: the same terms give the same score on every database."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

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
    """One word that is looked for: its stem, or the stems it may have meant if it was mistyped; how telling it is."""

    stems: tuple[str, ...]
    weight: float
    corrected: bool = False


@dataclass(frozen=True)
class Asked:
    """Everything that is looked for, in the order of the text."""

    words: tuple[Sought, ...]

    @cached_property
    def stems(self) -> frozenset[str]:
        return frozenset(stem for one in self.words for stem in one.stems)

    @cached_property
    def heaviest(self) -> Mapping[str, float]:
        """What each stem can add at most."""
        return {stem: one.weight for one in self.words for stem in one.stems}

    @cached_property
    def whole(self) -> float:
        """The weight of all words together."""
        return sum(one.weight for one in self.words)


def weight(stems: Sequence[str], counts: Mapping[str, int], total: int) -> float:
    """How telling a word is that stands in so many of all entries: rare ones more."""
    return max(_weight(stem, counts.get(stem, 0), total) for stem in stems)


def _weight(stem: str, count: int, total: int) -> float:
    telling = math.log(1 + total / (count or UNKNOWN_IN))
    return telling * FAINTLY if stem in lexicon().faint else telling


def telling(asked: Asked) -> list[str]:
    """The stems of which an entry must hold one to be shown: all but the commonest, which alone could never suffice.

    They could not if together they weigh less than is needed and are too few for a whole title.
    """
    light_first = sorted(asked.words, key=lambda one: (one.weight, one.stems))
    left, dropped = NEEDED * asked.whole, 0
    for one in light_first[: WORDS_OF_A_WHOLE_TITLE - 1]:
        left -= one.weight
        if left <= 0:
            break
        dropped += 1
    return [stem for one in light_first[dropped:] for stem in one.stems]


def likeness(asked: Asked, title: Sequence[str], body: Sequence[str]) -> float:
    """From 0 to 1, to three places; 0 for what should not be shown. `body` are the stems of the answer alone."""
    in_title, in_body = asked.stems.intersection(title), asked.stems.intersection(body)
    at_most = sum(map(asked.heaviest.__getitem__, in_title)) + sum(map(asked.heaviest.__getitem__, in_body))
    if at_most < NEEDED * asked.whole and len(in_title) < WORDS_OF_A_WHOLE_TITLE:
        return 0.0
    return _judged(asked, in_title, in_body, len(in_title) / len(title) if title else 0.0)


def _judged(asked: Asked, in_title: frozenset[str], in_body: frozenset[str], close: float) -> float:
    fits = [(one, _fit(one, in_title, in_body)) for one in asked.words]
    covered = sum(one.weight * fit for one, fit in fits) / asked.whole if asked.whole else 0.0
    matched = sum(1 for _one, fit in fits if fit)
    if covered >= (NEEDED if matched > 1 else NEEDED_ALONE):
        return round(covered * (1 - CLOSENESS + CLOSENESS * close), 3)
    if close >= WHOLE_TITLE and len(in_title) >= WORDS_OF_A_WHOLE_TITLE:
        return round(NEEDED * close, 3)
    return 0.0


def _fit(one: Sought, in_title: frozenset[str], in_body: frozenset[str]) -> float:
    """How well an entry holds a word: whole in its question, less in its answer."""
    spelled = CORRECTED if one.corrected else 1.0
    if not in_title.isdisjoint(one.stems):
        return spelled
    return 0.0 if in_body.isdisjoint(one.stems) else IN_BODY * spelled
