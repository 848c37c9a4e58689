"""Texts within Telegram's limits, which count UTF-16 units of what is seen, not of the markup."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import Final

MESSAGE_LIMIT: Final = 4096

_TAG = r"<(/?)([a-z][a-z-]*)[^<>]*>"
_ENTITY = r"&(?:#\d+|#x[0-9a-fA-F]+|[a-z]+);"
_TOKEN = re.compile(rf"{_TAG}|{_ENTITY}|\n+| +|[^<&\n ]+|.", re.DOTALL)
# Something seen comes first, behind tags at most.
_BEGINS = re.compile(r"(?:<[^<>]*>)*[^<\s]")
_JOINERS: Final = frozenset("\u200d\ufe0e\ufe0f")


def utf16_len(text: str) -> int:
    """The length as Telegram counts it: characters outside the basic plane count twice."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, utf16_limit: int) -> str:
    """At most this long, ending with "…" where something was left out, and at a word if one ends near."""
    if utf16_len(text) <= utf16_limit:
        return text
    if utf16_limit < 1:
        return ""
    end = _whole(text, _fitting(text, utf16_limit - 1))
    space = text.rfind(" ", 0, end + 1)
    if space > end * 2 // 3:
        end = space
    return text[:end].rstrip() + "…"


def split_html(html: str, limit: int = MESSAGE_LIMIT) -> list[str]:
    """Messages of at most this many seen units: cut at a paragraph, else a line, else a word.

    Open tags are closed at the end of a message and opened again in the next.
    """
    if _plainly_fits(html, limit):
        return [html.rstrip(" \n")]
    pieces: list[str] = []
    page = _Page()
    for token in _tokens(html, limit):
        while page.units + token.units > limit:
            piece, page = page.turned(token.gap)
            if piece:
                pieces.append(piece)
        page.add(token)
    last = page.whole()
    return [*pieces, last] if last else pieces


def _plainly_fits(html: str, limit: int) -> bool:
    """Nearly every message: short even with its markup, which is closed, so that no token need be looked at."""
    return utf16_len(html) <= limit and html.count("<") == 2 * html.count("</") and _BEGINS.match(html) is not None


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    units: int
    opens: str = ""
    closes: str = ""

    @property
    def gap(self) -> int:
        """How good a place to part this is: 3 paragraph, 2 line, 1 word, 0 none."""
        if self.text.startswith("\n"):
            return 3 if len(self.text) > 1 else 2
        return 1 if self.text.startswith(" ") else 0


@dataclass(slots=True)
class _Page:
    """What goes into one message, with the tags open at its start."""

    inherited: tuple[_Token, ...] = ()
    tokens: list[_Token] = field(default_factory=list)
    units: int = 0

    def add(self, token: _Token) -> None:
        if token.gap and not self.units:
            return  # a message never begins with empty space
        self.tokens.append(token)
        self.units += token.units

    def turned(self, next_gap: int) -> tuple[str, _Page]:
        """This page up to its best gap, and a new one with the rest."""
        end = self._end(next_gap)
        after = end
        while after < len(self.tokens) and (self.tokens[after].gap or self.tokens[after].closes):
            after += 1
        kept = [*self.tokens[:end], *(token for token in self.tokens[end:after] if token.closes)]
        rest = _Page(_open(self.inherited, kept))
        for token in self.tokens[after:]:
            rest.add(token)
        return self._closed(kept), rest

    def whole(self) -> str:
        """All of it as HTML of its own; empty if nothing could be seen."""
        return self._closed(self.tokens)

    def _closed(self, tokens: list[_Token]) -> str:
        kept = list(tokens)
        while kept and kept[-1].gap:
            kept.pop()
        if not any(token.units for token in kept):
            return ""
        body = "".join(token.text for token in (*self.inherited, *kept))
        return body + "".join(f"</{token.opens}>" for token in reversed(_open(self.inherited, kept)))

    def _end(self, next_gap: int) -> int:
        """The last of the best gaps: paragraphs and lines count behind half a page, words anywhere."""
        seen, best, best_gap = 0, 0, 0
        gaps = [*((token.gap, token.units) for token in self.tokens), (next_gap, 0)]
        for place, (gap, units) in enumerate(gaps):
            if gap >= max(best_gap, 1) and (gap == 1 or seen * 2 >= self.units):
                best, best_gap = place, gap
            seen += units
        return best or len(self.tokens)


def _open(inherited: tuple[_Token, ...], tokens: list[_Token]) -> tuple[_Token, ...]:
    """The tags that are open after these tokens, outermost first."""
    stack = list(inherited)
    for token in tokens:
        if token.opens:
            stack.append(token)
        elif token.closes and stack and stack[-1].opens == token.closes:
            stack.pop()
    return tuple(stack)


def _tokens(html: str, limit: int) -> Iterator[_Token]:
    for match in _TOKEN.finditer(html):
        text, name = match.group(), match.group(2)
        if name:
            yield _Token(text, 0, closes=name) if match.group(1) else _Token(text, 0, opens=name)
        elif text.startswith("&"):
            yield _Token(text, utf16_len(unescape(text)))
        else:
            yield from (_Token(part, utf16_len(part)) for part in _fragments(text, limit))


def _fragments(text: str, limit: int) -> Iterator[str]:
    while utf16_len(text) > limit:
        end = max(_whole(text, _fitting(text, limit)), 1)
        yield text[:end]
        text = text[end:]
    yield text


def _fitting(text: str, limit: int) -> int:
    """How many leading characters fit into this many units."""
    units = 0
    for place, character in enumerate(text):
        units += 2 if ord(character) > 0xFFFF else 1
        if units > limit:
            return place
    return len(text)


def _whole(text: str, end: int) -> int:
    """The last place up to `end` that parts no letter from its marks and no emoji from its parts."""
    start = end
    while 0 < end < len(text) and (_clings(text[end]) or text[end - 1] == "\u200d"):
        end -= 1
    return end or start


def _clings(character: str) -> bool:
    return character in _JOINERS or unicodedata.combining(character) > 0
