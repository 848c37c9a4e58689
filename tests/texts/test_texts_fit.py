import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.texts import cut, escape, split_html, utf16_len
from tests.texts.markup import parsed

WORDS = st.text("ab &<é😀👨‍👩‍👧\n ", max_size=120)
HTML = st.recursive(
    WORDS.map(escape),
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(["b", "i", "blockquote"]), inner).map(lambda pair: "<{0}>{1}</{0}>".format(*pair)),
        inner.map(lambda text: f'<a href="https://x.id/?a&amp;b">{text}</a>'),
        st.tuples(inner, inner).map("".join),
    ),
    max_leaves=8,
)


def test_emoji_count_twice_as_telegram_counts_them() -> None:
    assert utf16_len("a😀") == 3


@pytest.mark.parametrize(
    ("text", "limit", "shown"),
    [
        ("Perwali", 20, "Perwali"),
        ("Peraturan Wali Kota tentang smart city", 21, "Peraturan Wali Kota…"),
        ("Peraturanwalikotatentang", 10, "Peraturan…"),
        ("😀😀😀", 4, "😀…"),
        ("ab👨\u200d👩\u200d👧", 6, "ab…"),
        ("abc", 0, ""),
    ],
)
def test_a_long_text_is_cut_at_a_word_and_says_so(text: str, limit: int, shown: str) -> None:
    assert cut(text, limit) == shown


@given(st.text(), st.integers(1, 30))
def test_a_cut_text_fits(text: str, limit: int) -> None:
    assert utf16_len(cut(text, limit)) <= limit


def test_a_message_is_parted_at_a_paragraph_rather_than_a_line_or_word() -> None:
    assert split_html("satu dua\n\ntiga empat\nlima", 20) == ["satu dua\n\ntiga empat", "lima"]
    assert split_html("satu dua tiga\n\nempat lima enam", 20) == ["satu dua tiga", "empat lima enam"]
    assert split_html("satu dua tiga\nempat lima enam", 20) == ["satu dua tiga", "empat lima enam"]
    assert split_html("satu dua tiga empat", 10) == ["satu dua", "tiga empat"]


def test_open_tags_are_closed_and_opened_again() -> None:
    assert split_html('<b>satu <a href="u">dua tiga</a></b> x', 9) == [
        '<b>satu <a href="u">dua</a></b>',
        '<b><a href="u">tiga</a></b> x',
    ]


def test_markup_does_not_count() -> None:
    assert split_html("<b>&lt;&lt;&lt;</b>", 3) == ["<b>&lt;&lt;&lt;</b>"]


def test_nothing_to_see_is_no_message() -> None:
    assert split_html("<b> \n</b>", 10) == []


@given(HTML, st.integers(4, 60))
def test_every_piece_is_whole_and_fits_and_nothing_seen_is_lost(html: str, limit: int) -> None:
    pieces = [parsed(piece) for piece in split_html(html, limit)]

    assert all(0 < utf16_len(piece.seen.strip()) <= limit for piece in pieces)
    together = "".join(piece.seen for piece in pieces)
    assert "".join(together.split()) == "".join(parsed(html).seen.split())


@given(HTML)
def test_with_room_or_without_to_spare_the_message_is_the_same(html: str) -> None:
    assert split_html(html, max(1, utf16_len(parsed(html).seen))) == split_html(html, 100_000)
