"""Telegram's HTML: entities in UTF-16 units, and its complaints with the byte where they arose."""

import html
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.entities import parse_html, plain, units
from simulator.errors import ApiError


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("é</b>", "Unexpected end tag at byte offset 2"),
        ("😀<p>x</p>", 'Unsupported start tag "p" at byte offset 4'),
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<a href>x</a>", 'Expected equal sign in declaration of an attribute of the tag "a" at byte offset 0'),
        ("<a =x>x</a>", 'Empty attribute name in the tag "a" at byte offset 0'),
        ('<a href="x', "Unclosed start tag at byte offset 0"),
        ("<a href=x/y>x</a>", "Unexpected end of name token at byte offset 8"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_markup_that_telegram_refuses(text: str, words: str) -> None:
    with pytest.raises(ApiError) as refused:
        parse_html(text)
    assert refused.value.description == f"Bad Request: can't parse entities: {words}"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("<b>x</b>", "bold"),
        ("<STRONG>x</STRONG>", "bold"),
        ("<em>x</em>", "italic"),
        ("<ins>x</ins>", "underline"),
        ("<del>x</>", "strikethrough"),
        ("<code>x</code>", "code"),
        ("<pre>x</pre>", "pre"),
        ("<blockquote>x</blockquote>", "blockquote"),
        ("<blockquote expandable>x</blockquote>", "expandable_blockquote"),
        ("<tg-spoiler>x</tg-spoiler>", "spoiler"),
        ('<span class="tg-spoiler">x</span>', "spoiler"),
    ],
)
def test_every_tag_has_its_entity(text: str, kind: str) -> None:
    assert parse_html(text) == ("x", [{"type": kind, "offset": 0, "length": 1}])


def test_offsets_are_utf16_units() -> None:
    assert parse_html("😀é<b>😀</b>") == ("😀é😀", [{"type": "bold", "offset": 3, "length": 2}])


def test_a_link_keeps_its_address_and_a_bad_one_is_no_link() -> None:
    link = {"type": "text_link", "offset": 0, "length": 1}
    assert parse_html('<a href="https://x.go.id/?a=1&amp;b=2">x</a>')[1] == [
        {**link, "url": "https://x.go.id/?a=1&b=2"}
    ]
    assert parse_html("<a href='t.me/bot?start=1'>x</a>")[1] == [{**link, "url": "http://t.me/bot?start=1"}]
    assert parse_html('<a href="no link">x</a>') == ("x", [])


def test_code_with_a_language_is_one_entity() -> None:
    found = parse_html('<pre><code class="language-python">x</code></pre>')[1]
    assert found == [{"type": "pre", "offset": 0, "length": 1, "language": "python"}]


@pytest.mark.parametrize(
    ("text", "meant"),
    [("&lt;&gt;&amp;&quot;", '<>&"'), ("&#65;&#x42;", "AB"), ("&nbsp;&", "&nbsp;&"), ("&#0;", "&#0;"), ("R&D", "R&D")],
)
def test_only_telegrams_own_references_are_read(text: str, meant: str) -> None:
    assert parse_html(text) == (meant, [])


def test_space_around_is_cut_and_entities_move_along() -> None:
    assert parse_html("\n <b> x </b>\n") == ("x", [{"type": "bold", "offset": 0, "length": 1}])


def test_links_commands_and_mentions_are_found_unless_they_are_code() -> None:
    kinds = [(one["type"], one["offset"], one["length"]) for one in plain("/bantuan @pandu #satu https://a.id/x.")[1]]
    assert kinds == [("bot_command", 0, 8), ("mention", 9, 6), ("hashtag", 16, 5), ("url", 22, 14)]
    assert [one["type"] for one in parse_html("<code>/bantuan</code>")[1]] == ["code"]


@dataclass(frozen=True)
class Node:
    tag: str
    children: tuple["Node | str", ...]


KINDS = {"b": "bold", "i": "italic", "u": "underline", "s": "strikethrough", "tg-spoiler": "spoiler"}
words = st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"], exclude_characters="/@#"), min_size=1, max_size=5)
trees = st.recursive(
    words,
    lambda inner: st.builds(Node, st.sampled_from(sorted(KINDS)), st.lists(inner, min_size=1, max_size=3).map(tuple)),
    max_leaves=12,
)


def written(node: Node | str) -> str:
    if isinstance(node, str):
        return html.escape(node)
    return f"<{node.tag}>{''.join(map(written, node.children))}</{node.tag}>"


def read(node: Node | str) -> str:
    return node if isinstance(node, str) else "".join(map(read, node.children))


def expected(node: Node | str, offset: int = 0) -> list[tuple[str, int, int]]:
    if isinstance(node, str):
        return []
    found = [(KINDS[node.tag], offset, units(read(node)))]
    for child in node.children:
        found += expected(child, offset)
        offset += units(read(child))
    return found


@given(trees)
def test_any_well_formed_markup_is_read_back(tree: Node | str) -> None:
    text, entities = parse_html(written(tree))
    found = sorted((one["type"], one["offset"], one["length"]) for one in entities)
    whole = read(tree)
    if whole.strip() == whole:
        assert (text, found) == (whole, sorted(expected(tree)))


def attempt(text: str) -> tuple[str, str, list[dict[str, Any]]]:
    """The refusal, or what was read."""
    try:
        return "", *parse_html(text)
    except ApiError as refused:
        return refused.description, "", []


@given(st.text(st.sampled_from("<>/b aihref='\"=&;#x1é😀\n"), max_size=30))
def test_whatever_is_written_is_read_or_refused_and_never_breaks(text: str) -> None:
    refusal, clean, entities = attempt(text)
    length = units(clean)
    assert refusal.startswith("Bad Request: can't parse entities: ") or not refusal
    assert all(0 <= one["offset"] < one["offset"] + one["length"] <= length for one in entities)


@given(st.text(max_size=60))
def test_escaped_text_comes_out_as_it_was(text: str) -> None:
    assert parse_html(html.escape(text.replace("\ud800", "")))[0] == text.strip()
