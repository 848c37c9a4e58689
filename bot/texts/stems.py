"""The telling words of an Indonesian text: stemmed, acronyms and their long forms as one, silent words left out."""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import snowballstemmer

from bot.texts.lexicon import lexicon

_WORD = re.compile(r"[a-z0-9]+")
_ASIDE = re.compile(r"\b(mau|ingin|izin|ijin|numpang|mohon|hendak|boleh|sekadar)\s+(ber|me)?(tanya|nanya|nanyakan)\b")
_PARTICLES = ("kah", "lah", "pun", "nya", "ku", "mu")
_SUFFIXES = ("", "kan", "an", "i")
_FIRST = (
    "di",
    "ter",
    "ke",
    "se",
    "ber",
    "be",
    "per",
    "pe",
    "me",
    "memper",
    "diper",
    "keter",
    "kese",
    "berke",
    "pember",
)
# Nasal prefixes with the letters they may have swallowed.
_NASAL = (
    ("meny", "s"),
    ("peny", "s"),
    ("meng", "k"),
    ("peng", "k"),
    ("meng", ""),
    ("peng", ""),
    ("menge", ""),
    ("penge", ""),
    ("mem", "p"),
    ("pem", "p"),
    ("mem", ""),
    ("pem", ""),
    ("men", "t"),
    ("pen", "t"),
    ("men", ""),
    ("pen", ""),
    ("ber", ""),
    ("bel", ""),
    ("pel", ""),
)
_SHORTEST = 4
_LONGEST_PHRASE = 8
LONGEST = 30


@dataclass(frozen=True, slots=True)
class Word:
    """A telling word as it was written, and the stem that stands for it. A phrase is written without spaces."""

    written: str
    stem: str


@dataclass(frozen=True)
class Stems:
    """Stems of words and texts. `names` are never cut: regions are called Pemalang and Berau."""

    names: frozenset[str] = frozenset()
    _known: dict[str, str] = field(default_factory=dict, compare=False, repr=False)

    def of(self, word: str) -> str:
        """The stem of one lower-case word; words for the same thing share one."""
        if word not in self._known:
            stem = word if word in self.names else root(word)
            self._known[word] = _same_words().get(word) or _same_words().get(stem, stem)
        return self._known[word]

    def telling(self, text: str) -> list[Word]:
        """The telling words of a text in their order, each once as it is written."""
        found = (Word(written[:LONGEST], stem[:LONGEST]) for written, stem in self._read(split(text)))
        return list(dict.fromkeys(found))

    def _read(self, words: Sequence[str]) -> Iterator[tuple[str, str]]:
        start = 0
        while start < len(words):
            phrase = _phrase_at(words, start)
            if phrase:
                yield "".join(phrase.words), phrase.stem
                start += len(phrase.words)
                continue
            if not _is_silent(words[start]):
                yield words[start], self.of(words[start])
            start += 1


def split(text: str) -> list[str]:
    """Words in lower case and plain letters, without marks."""
    plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return _WORD.findall(_ASIDE.sub(" ", plain))


def _is_silent(word: str) -> bool:
    silent = lexicon().silent
    return word in silent or len(word) < 2 or word.isdecimal() or without_particles(word) in silent


def without_particles(word: str) -> str:
    """ "bagaimanakah" → "bagaimana"."""
    for particle in _PARTICLES:
        if word.endswith(particle) and len(word) - len(particle) >= _SHORTEST:
            return word.removesuffix(particle)
    return word


@lru_cache(maxsize=8192)
def root(word: str) -> str:
    """A known root where the word is an inflected form of one, else what Snowball makes of it."""
    known, bare = lexicon(), without_particles(word)
    for form in (word, bare):
        if form in known.whole or form in known.roots or len(form) < _SHORTEST:
            return form
    found = [form for form in (*_unaffixed(word), *_unaffixed(bare)) if form in known.roots]
    return max(found, key=len) if found else str(_stemmer().stemWord(word))


def is_familiar(word: str) -> bool:
    """Whether a word is spelled as Indonesian spells it, as far as is known here."""
    known, bare = lexicon(), without_particles(word)
    listed = any(form in words for form in (word, bare) for words in (known.whole, known.roots, known.silent))
    return listed or any(form in known.roots for form in (*_unaffixed(word), *_unaffixed(bare)))


def bodies(word: str) -> Collection[str]:
    """What is left of a word without its affixes, as far as that is a word still: a mistyped root has them too."""
    return {form for form in _unaffixed(without_particles(word)) if len(form) > _SHORTEST}


def is_nearly_silent(word: str) -> bool:
    """Whether a word is a mistyped one of those that are left out ("bagaiman")."""
    return any(len(silent) > _SHORTEST and one_slip(word, silent) for silent in lexicon().silent)


def _unaffixed(word: str) -> Iterator[str]:
    """All forms that are left when affixes of Indonesian are taken away."""
    for suffix in _SUFFIXES:
        if not word.endswith(suffix):
            continue
        body = word[: len(word) - len(suffix)]
        yield body
        for once in _unprefixed(body):
            yield once
            yield from _unprefixed(once)


def _unprefixed(word: str) -> Iterator[str]:
    for prefix in _FIRST:
        if word.startswith(prefix):
            yield word[len(prefix) :]
    for prefix, swallowed in _NASAL:
        if word.startswith(prefix):
            yield swallowed + word[len(prefix) :]


@lru_cache(maxsize=1)
def _stemmer() -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer("indonesian")


@lru_cache(maxsize=1)
def _same_words() -> Mapping[str, str]:
    """Single words (and their roots) by the one that stands for them."""
    single = [(other, names[0]) for names in lexicon().same for other in names if " " not in other]
    return {root(other): first for other, first in reversed(single)} | dict(single)


@dataclass(frozen=True, slots=True)
class _Phrase:
    words: tuple[str, ...]
    stem: str

    def begins(self, words: Sequence[str]) -> bool:
        """Whether these words begin with the phrase; one of them may be mistyped."""
        pairs = list(zip(words, self.words, strict=False))
        other = [(typed, wanted) for typed, wanted in pairs if wanted not in (typed, without_particles(typed))]
        if len(pairs) < len(self.words) or len(other) > 1:
            return False
        return all(len(wanted) > _SHORTEST and one_slip(typed, wanted) for typed, wanted in other)


@lru_cache(maxsize=1)
def _phrases() -> Mapping[str, Sequence[_Phrase]]:
    """Phrases by their first word and by each form of it with a letter missing, longest first."""
    phrases: dict[str, list[_Phrase]] = {}
    for names in lexicon().same:
        for words in (tuple(other.split()) for other in names if " " in other):
            for form in slips(words[0]):
                phrases.setdefault(form, []).append(_Phrase(words, _same_words().get(names[0], names[0])))
    return {form: sorted(found, key=lambda one: (-len(one.words), one.words)) for form, found in phrases.items()}


def _phrase_at(words: Sequence[str], start: int) -> _Phrase | None:
    """The longest phrase that begins here, rather one that is spelled as it should be."""
    there = words[start : start + _LONGEST_PHRASE]
    forms = [there[0], without_particles(there[0]), *sorted(slips(there[0]))]
    found = (phrase for form in forms for phrase in _phrases().get(form, ()) if phrase.begins(there))
    return next(found, None)


def one_slip(left: str, right: str) -> bool:
    """Whether one letter was added, left out, changed or swapped with its neighbour."""
    if abs(len(left) - len(right)) > 1:
        return False
    start = 0
    while start < min(len(left), len(right)) and left[start] == right[start]:
        start += 1
    a, b = left[start:], right[start:]
    swapped = len(a) > 1 and len(b) > 1 and a[0] == b[1] and a[1] == b[0] and a[2:] == b[2:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or swapped


def slips(word: str) -> Collection[str]:
    """The word and every form of it with one letter left out: two words with a slip between them share one."""
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}
