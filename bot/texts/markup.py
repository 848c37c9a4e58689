"""Telegram's HTML: escaping, and the way back to bare words."""

from __future__ import annotations

import html
import re

_TAG = re.compile(r"</?[a-z][^<>]*>")
_ANY_TAG = re.compile(r"<(/?)([a-z-]+)[^<>]*>")
# Bot API, "HTML style".
_KNOWN = frozenset(
    {"b", "strong", "i", "em", "u", "ins", "s", "strike", "del"}
    | {"span", "tg-spoiler", "a", "tg-emoji", "code", "pre", "blockquote"}
)
_LINK = re.compile(r'<a href="([^"<>]*)">(.*?)</a>', re.DOTALL)


def escape(text: str) -> str:
    """Safe between tags and inside a double-quoted attribute of Telegram's HTML."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def unescape(text: str) -> str:
    """The reverse of `escape`."""
    return text.replace("&quot;", '"').replace("&gt;", ">").replace("&lt;", "<").replace("&amp;", "&")


def without_tags(markup: str) -> str:
    """The words of our HTML without its tags; a link keeps its address in brackets."""
    return unescape(_untagged(markup))


def bare(markup: str) -> str:
    """The same for HTML that Telegram's library made, with every entity that HTML knows."""
    return html.unescape(_untagged(markup))


def seen(markup: str) -> str:
    """The words that Telegram shows, and tells of a message that is replied to: links without their addresses."""
    return html.unescape(_TAG.sub("", markup))


def is_whole(markup: str) -> bool:
    """Whether Telegram can read it: only tags it knows, each closed in turn, and no other "<"."""
    waiting: list[str] = []
    for close, name in _ANY_TAG.findall(markup):
        if name not in _KNOWN or (close and (not waiting or waiting.pop() != name)):
            return False
        if not close:
            waiting.append(name)
    return not waiting and "<" not in _ANY_TAG.sub("", markup)


def _untagged(markup: str) -> str:
    return _TAG.sub("", _LINK.sub(r"\2 (\1)", markup))
