"""Telegram's HTML, read as strictly as Telegram reads it; offsets and lengths are UTF-16 units."""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NoReturn

from simulator.errors import bad_request

Json = dict[str, Any]

SPACES = " \t\r\n\0\v"
TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
}
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
"""The only names Telegram knows; any other `&name;` stays as it is written."""

CHARACTER_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|([a-z]+));?")
FOUND_IN_TEXT = re.compile(
    r"(?P<url>\b(?:https?://|tg://|t\.me/)[^\s<>\"]*[^\s<>\".,;:!?)\]}'])"
    r"|(?<![\w/@<])(?P<bot_command>/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?)(?![\w/])"
    r"|(?<![\w/@])(?P<mention>@[A-Za-z0-9_]{4,32})\b"
    r"|(?<![\w/#])(?P<hashtag>#(?=\w*[^\W\d])\w{1,256})\b"
)


def units(text: str) -> int:
    """Length as Telegram counts it."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def plain(text: str) -> tuple[str, list[Json]]:
    """Text without markup: trimmed, and what Telegram finds in it by itself (links, commands, mentions)."""
    return finished(text, [])


def parse_html(text: str) -> tuple[str, list[Json]]:
    """The text without its tags, and its entities; raises Telegram's "can't parse entities: …"."""
    plain_text, entities = _parsed(text)
    return plain_text, [dict(entity) for entity in entities]


@lru_cache(maxsize=4096)
def _parsed(text: str) -> tuple[str, list[Json]]:
    reader = _Reader(text)
    reader.read()
    return finished("".join(reader.out), reader.entities)


def finished(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Trimmed text, entities cut to it, with those found by Telegram itself, in their order."""
    left = len(text) - len(text.lstrip())
    trimmed = text.strip()
    kept = _cut(entities, units(text[:left]), units(trimmed))
    kept += _found(trimmed, kept)
    kept.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    return trimmed, kept


def _cut(entities: list[Json], left: int, length: int) -> list[Json]:
    kept = []
    for entity in entities:
        begin = max(entity["offset"] - left, 0)
        end = min(entity["offset"] + entity["length"] - left, length)
        if end > begin:
            kept.append({**entity, "offset": begin, "length": end - begin})
    return kept


def _found(text: str, taken: list[Json]) -> list[Json]:
    if not any(sign in text for sign in "/@#"):
        return []
    solid = [e for e in taken if e["type"] in ("code", "pre", "text_link")]
    found = []
    for match in FOUND_IN_TEXT.finditer(text):
        begin, length = units(text[: match.start()]), units(match[0])
        if not any(e["offset"] < begin + length and begin < e["offset"] + e["length"] for e in solid):
            found.append({"type": str(match.lastgroup), "offset": begin, "length": length})
    return found


@dataclass(slots=True)
class _Open:
    tag: str
    offset: int
    argument: str | None = None


@dataclass(slots=True)
class _Reader:
    """One pass over the text. Positions in error texts are bytes, as Telegram's are."""

    text: str
    at: int = 0
    offset: int = 0
    out: list[str] = field(default_factory=list)
    entities: list[Json] = field(default_factory=list)
    open: list[_Open] = field(default_factory=list)

    def read(self) -> None:
        while self.at < len(self.text):
            match self.text[self.at]:
                case "<" if self.text[self.at + 1 : self.at + 2] == "/":
                    self._end_tag()
                case "<":
                    self._start_tag()
                case "&":
                    self._write(self._reference())
                case _:
                    self._run()
        if self.open:
            raise bad_request(
                f"can't parse entities: Can't find end tag corresponding to start tag \"{self.open[-1].tag}\""
            )

    def _run(self) -> None:
        match = re.compile(r"[^<&]+").match(self.text, self.at)
        piece = match[0] if match else ""
        self.at += len(piece)
        self._write(piece)

    def _write(self, piece: str) -> None:
        self.out.append(piece)
        self.offset += units(piece)

    def _reference(self) -> str:
        """The character meant by `&…;`, or the ampersand itself."""
        match = CHARACTER_REFERENCE.match(self.text, self.at)
        meant = _character(match) if match else None
        if match is None or meant is None:
            self.at += 1
            return "&"
        self.at = match.end()
        return meant

    def _start_tag(self) -> None:
        begin = self.at
        self.at += 1
        tag = self._until(">").lower()
        if self.at >= len(self.text):
            self._fail("Unclosed start tag", begin)
        if tag not in TAGS:
            self._fail(f'Unsupported start tag "{tag}"', begin)
        opened = _Open(tag, self.offset)
        while self._skip_spaces(begin) != ">":
            self._attribute(opened, begin)
        self.at += 1
        if tag == "span" and opened.argument != "tg-spoiler":
            self._fail('Tag "span" must have class "tg-spoiler"', begin)
        self.open.append(opened)

    def _attribute(self, opened: _Open, begin: int) -> None:
        name = self._until("=>").lower()
        if not name:
            self._fail(f'Empty attribute name in the tag "{opened.tag}"', begin)
        if self._skip_spaces(begin) != "=":
            if (opened.tag, name) != ("blockquote", "expandable"):
                self._fail(f'Expected equal sign in declaration of an attribute of the tag "{opened.tag}"', begin)
            opened.argument = "expandable"
            return
        self.at += 1
        quote = self._skip_spaces(begin)
        value = self._quoted(quote, begin) if quote in "'\"" else self._token(begin)
        _note(opened, name, value)

    def _quoted(self, quote: str, begin: int) -> str:
        self.at += 1
        value: list[str] = []
        while self.at < len(self.text) and self.text[self.at] != quote:
            if self.text[self.at] == "&":
                value.append(self._reference())
            else:
                value.append(self.text[self.at])
                self.at += 1
        self.at += 1
        if self.at >= len(self.text):
            self._fail("Unclosed start tag", begin)
        return "".join(value)

    def _token(self, begin: int) -> str:
        started = self.at
        while self.at < len(self.text) and re.match(r"[A-Za-z0-9.-]", self.text[self.at]):
            self.at += 1
        if self.at >= len(self.text):
            self._fail("Unclosed start tag", begin)
        if self.text[self.at] not in SPACES + ">":
            self._fail("Unexpected end of name token", started)
        return self.text[started : self.at].lower()

    def _end_tag(self) -> None:
        begin = self.at
        if not self.open:
            self._fail("Unexpected end tag", begin)
        self.at += 2
        tag = self._until(">").lower()
        while self.at < len(self.text) and self.text[self.at] in SPACES:
            self.at += 1
        if self.text[self.at : self.at + 1] != ">":
            self._fail("Unclosed end tag", begin)
        self.at += 1
        opened = self.open.pop()
        if tag not in ("", opened.tag):
            self._fail(
                f'Unmatched end tag at byte offset {self._byte(begin)}, expected "</{opened.tag}>", found "</{tag}>"'
            )
        if self.offset > opened.offset:
            self._close(opened)

    def _close(self, opened: _Open) -> None:
        entity = {"type": TAGS[opened.tag], "offset": opened.offset, "length": self.offset - opened.offset}
        match opened:
            case _Open("a"):
                url = opened.argument or self._written_since(opened.offset)
                if not _is_link(url):
                    return
                entity |= _link(url)
            case _Open("blockquote", argument="expandable"):
                entity["type"] = "expandable_blockquote"
            case _Open("code", argument=str(language)) if self._fills_a_pre(opened):
                entity |= {"type": "pre", "language": language}
            case _Open("pre") if self._is_told_already(entity):
                return
        self.entities.append(entity)

    def _fills_a_pre(self, opened: _Open) -> bool:
        return bool(self.open) and self.open[-1].tag == "pre" and self.open[-1].offset == opened.offset

    def _is_told_already(self, entity: Json) -> bool:
        """`<pre><code class="language-…">` is one entity."""
        return (
            bool(self.entities) and "language" in self.entities[-1] and self.entities[-1] | entity == self.entities[-1]
        )

    def _written_since(self, offset: int) -> str:
        whole = "".join(self.out).encode("utf-16-le", "surrogatepass")
        return whole[offset * 2 :].decode("utf-16-le", "surrogatepass")

    def _until(self, stops: str) -> str:
        begin = self.at
        while self.at < len(self.text) and self.text[self.at] not in SPACES + stops:
            self.at += 1
        return self.text[begin : self.at]

    def _skip_spaces(self, begin: int) -> str:
        """The next character that is no space; the tag must not end before it."""
        while self.at < len(self.text) and self.text[self.at] in SPACES:
            self.at += 1
        if self.at >= len(self.text):
            self._fail("Unclosed start tag", begin)
        return self.text[self.at]

    def _byte(self, at: int) -> int:
        return len(self.text[:at].encode("utf-8", "surrogatepass"))

    def _fail(self, why: str, at: int | None = None) -> NoReturn:
        where = "" if at is None else f" at byte offset {self._byte(at)}"
        raise bad_request(f"can't parse entities: {why}{where}")


def _note(opened: _Open, name: str, value: str) -> None:
    match opened.tag, name:
        case "a", "href":
            opened.argument = value
        case "code", "class" if value.startswith("language-"):
            opened.argument = value.removeprefix("language-")
        case "span", "class":
            opened.argument = value
        case "blockquote", "expandable":
            opened.argument = "expandable"


def _character(match: re.Match[str]) -> str | None:
    hexadecimal, decimal, name = match.groups()
    if name is not None:
        return NAMED.get(name)
    code = int(hexadecimal, 16) if hexadecimal else int(decimal)
    return chr(code) if 0 < code < 0x10FFFF and not 0xD800 <= code < 0xE000 else None


def _is_link(url: str) -> bool:
    return bool(re.match(r"(?:https?|tg|tonsite)://\S+|mailto:\S+|[\w-]+(?:\.[\w-]+)+(?:[/?#:]\S*)?$", url))


def _link(url: str) -> Json:
    return {"url": url if re.match(r"[a-z]+:", url) else f"http://{url}"}
