"""Finds what was asked before: the edition's frequent questions, articles, and answers that a region shares."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.program.regions import Regions
from bot.services import likeness
from bot.services.likeness import Asked, Sought
from bot.services.work import Work
from bot.texts.stems import Stems, Word, bodies, is_familiar, is_nearly_silent, one_slip, slips
from db import search
from db.models import Search
from db.search import Entry

# Of a long message, so many telling words are looked for; the question usually stands at its beginning.
WORDS = 32
# A word of fewer letters is not taken for a mistyped one, and for one of those that are left out at most.
SHORTEST_MISTYPED = 4
SHORTEST_CORRECTED = 5
# `searches.words`.
_NOTED = 200


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that answers. `key` is `faq:<key>`, `article:<id>` or `question:<id>`; `score` from 0 to 1."""

    key: str
    title: str
    score: float


@lru_cache(maxsize=2)
def stems(regions: Regions) -> Stems:
    """Stems that leave the names of these regions whole."""
    return Stems(frozenset(word for region in regions for word in region.name.casefold().split()))


def similar(work: Work, text: str, pillar: str | None = None, limit: int = 3, *, staff: bool = False) -> list[Hit]:
    """The nearest first, those of the pillar before others that are about as near; none for an unrelated text.

    `staff` also finds what only mentors and coordinators may read.
    """
    asked = _asked(work, text)
    entries = search.holding(work.session, likeness.telling(asked), staff=staff)
    scored = ((_score(entry, asked), entry) for entry in entries)
    found = [(score + _bonus(entry, pillar), score, entry) for score, entry in scored if score]
    found.sort(key=lambda one: (-one[0], one[2].key))
    return [Hit(entry.key, entry.title, score) for _rank, score, entry in found[:limit]]


def _bonus(entry: Entry, pillar: str | None) -> float:
    return likeness.SAME_PILLAR if pillar and entry.pillar == pillar else 0.0


def _score(entry: Entry, asked: Asked) -> float:
    return likeness.likeness(asked, entry.terms[: entry.leading], entry.terms[entry.leading :])


def _asked(work: Work, text: str) -> Asked:
    """What is looked for, mistyped words corrected, and how telling each word is."""
    words = _first(stems(work.programme.regions).telling(text))
    if not words:
        return Asked(())
    total, found = search.counts(work.session, [word.stem for word in words])
    mistyped = [word for word in words if not found[word.stem] and _may_be_mistyped(word)]
    meant = _corrected(work, mistyped)
    fresh = sorted({stem for one in meant.values() for stem in one} - found.keys())
    counts = {**found, **(search.counts(work.session, fresh)[1] if fresh else {})}
    known = [word for word in words if meant.get(word) or word not in mistyped or not is_nearly_silent(word.written)]
    return Asked(tuple(_sought(meant.get(word, ()), word, counts, total) for word in known))


def _sought(meant: tuple[str, ...], word: Word, counts: Mapping[str, int], total: int) -> Sought:
    wanted = meant or (word.stem,)
    return Sought(wanted, likeness.weight(wanted, counts, total), corrected=bool(meant))


def _first(words: Iterable[Word]) -> list[Word]:
    """Each stem once, as many as are looked for."""
    once = {word.stem: word for word in reversed(list(words))}
    return list(reversed(once.values()))[:WORDS]


def _may_be_mistyped(word: Word) -> bool:
    return len(word.written) >= SHORTEST_MISTYPED and not is_familiar(word.written)


def _corrected(work: Work, mistyped: Sequence[Word]) -> dict[Word, tuple[str, ...]]:
    """For each of these the stems of words one slip away."""
    long = [word for word in mistyped if len(word.written) >= SHORTEST_CORRECTED]
    spelled = {word: {word.written, *bodies(word.written)} for word in long}
    forms = {form for bodies_of in spelled.values() for body in bodies_of for form in slips(body)}
    near = search.words_near(work.session, forms)
    known = stems(work.programme.regions)
    return {
        word: tuple(sorted({known.of(other) for other in near if any(one_slip(body, other) for body in spelled[word])}))
        for word in long
    }


def note(work: Work, text: str, hits: Sequence[Hit], *, answered: bool = False) -> None:
    """Keep what was looked for, without who did: searches without result tell what is missing."""
    words = " ".join(_noted_words(text))[:_NOTED]
    if words:
        work.session.add(
            Search(edition_id=work.edition_id, words=words, results=len(hits), answered=answered, at=work.now)
        )


def _noted_words(text: str) -> Iterator[str]:
    """Without numbers: telephone and identity numbers are nobody's report."""
    return (word for word in text.casefold().split() if not any(letter.isdecimal() for letter in word))
