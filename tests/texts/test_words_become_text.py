from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.texts import Texts
from bot.words import (
    Clock,
    Code,
    Day,
    Moment,
    Plain,
    Refusal,
    Say,
    ShortDay,
    Size,
    Words,
    _,
    _n,
    _p,
    lines,
    listed,
    paragraphs,
)
from tests.texts.markup import parsed

NINE_IN_MAKASSAR = datetime(2022, 12, 1, 1, 0, tzinfo=UTC)
HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Plural-Forms: {plurals};\\n"\n\n'


@pytest.fixture(scope="module")
def texts() -> Texts:
    return Texts.load()


@pytest.fixture
def small(tmp_path: Path) -> Texts:
    """A catalog of its own, so that these tests do not hang on the sentences of the day."""
    bodies = {
        "id": 'msgid "Saved: {item}"\nmsgstr "Tersimpan: {item}"\n\n'
        'msgid "{count} file"\nmsgid_plural "{count} files"\nmsgstr[0] "{count} berkas"\n\n'
        'msgctxt "button"\nmsgid "Accept"\nmsgstr "Terima"\n\n'
        'msgid "Accept"\nmsgstr "Diterima"\n',
        "en": "",
    }
    for language, plurals in (("id", "nplurals=1; plural=0"), ("en", "nplurals=2; plural=(n != 1)")):
        path = tmp_path / language / "LC_MESSAGES" / "pandu.po"
        path.parent.mkdir(parents=True)
        path.write_text(HEADER.format(plurals=plurals) + bodies[language], encoding="utf-8")
    return Texts.load(tmp_path)


def show(texts: Texts, say: Say) -> str:
    return texts.html(say, "id")


def test_a_sentence_is_said_in_the_language_of_the_reader(small: Texts) -> None:
    saved = _("Saved: {item}", item="Perwali")

    assert small.html(saved, "id") == "Tersimpan: Perwali"
    assert small.html(saved, "en") == "Saved: Perwali"


def test_a_language_we_do_not_speak_is_answered_in_indonesian(small: Texts) -> None:
    assert small.html(_("Saved: {item}", item="x"), "jv") == "Tersimpan: x"


def test_the_same_key_differs_by_where_it_stands(small: Texts) -> None:
    assert show(small, _("Accept")) == "Diterima"
    assert show(small, _p("button", "Accept")) == "Terima"


@pytest.mark.parametrize(("count", "indonesian", "english"), [(1, "1 berkas", "1 file"), (2, "2 berkas", "2 files")])
def test_a_count_chooses_the_form_of_its_language(small: Texts, count: int, indonesian: str, english: str) -> None:
    words = _n("{count} file", "{count} files", count)

    assert (small.html(words, "id"), small.html(words, "en")) == (indonesian, english)


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("Asia/Jakarta", "Kamis, 1 Desember 2022 pukul 08.00 WIB"),
        ("Asia/Makassar", "Kamis, 1 Desember 2022 pukul 09.00 WITA"),
        ("Asia/Jayapura", "Kamis, 1 Desember 2022 pukul 10.00 WIT"),
        ("WITA", "Kamis, 1 Desember 2022 pukul 09.00 WITA"),
    ],
)
def test_one_instant_is_shown_in_the_zone_of_the_region(texts: Texts, zone: str, shown: str) -> None:
    assert show(texts, _("{at}", at=Moment(NINE_IN_MAKASSAR, zone))) == shown


def test_a_day_changes_where_midnight_has_passed(texts: Texts) -> None:
    late = datetime(2022, 11, 30, 16, 30, tzinfo=UTC)

    assert show(texts, _("{at}", at=Moment(late, "Asia/Jakarta"))) == "Rabu, 30 November 2022 pukul 23.30 WIB"
    assert show(texts, _("{at}", at=Moment(late, "Asia/Jayapura"))) == "Kamis, 1 Desember 2022 pukul 01.30 WIT"


def test_an_unknown_zone_is_shown_in_wib_and_logged(texts: Texts, caplog: pytest.LogCaptureFixture) -> None:
    assert show(texts, _("{at}", at=Clock(NINE_IN_MAKASSAR, "Asia/Atlantis"))) == "08.00 WIB"
    assert "Unknown time zone" in caplog.text


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        Moment(datetime(2022, 12, 1), "Asia/Jakarta")  # noqa: DTZ001


@pytest.mark.parametrize(
    ("value", "indonesian", "english"),
    [
        (1234, "1.234", "1,234"),
        (1234.5, "1.234,5", "1,234.5"),
        (Decimal("0.25"), "0,25", "0.25"),
        (-3, "-3", "-3"),
        (Size(900), "900 B", "900 B"),
        (Size(2_500_000), "2,4 MB", "2.4 MB"),
        (Size(20 * 1024 * 1024), "20 MB", "20 MB"),
        (Day(date(2022, 12, 1)), "Kamis, 1 Desember 2022", "Thursday, 1 December 2022"),
        (ShortDay(date(2022, 12, 1)), "1 Des", "1 Dec"),
        (Clock(NINE_IN_MAKASSAR, "Asia/Makassar"), "09.00 WITA", "09:00 WITA"),
        (Moment(NINE_IN_MAKASSAR, "Asia/Jakarta"), "Kamis, 1 Desember 2022 pukul 08.00 WIB", None),
        ("2022", "2022", "2022"),
        (Code("K7QF-3M9T"), "<code>K7QF-3M9T</code>", "<code>K7QF-3M9T</code>"),
    ],
)
def test_values_are_written_the_way_of_the_language(
    texts: Texts, value: str, indonesian: str, english: str | None
) -> None:
    assert texts.html(_("{value}", value=value), "id") == indonesian
    assert texts.html(_("{value}", value=value), "en") == (english or "Thursday, 1 December 2022 at 08:00 WIB")


def test_an_enumeration_has_the_languages_own_and(texts: Texts) -> None:
    names = listed([Plain("Katingan"), Plain("Banggai"), Plain("Mojokerto")])

    assert texts.html(names, "id") == "Katingan, Banggai, dan Mojokerto"
    assert texts.html(names, "en") == "Katingan, Banggai and Mojokerto"
    assert texts.html(listed([]), "id") == ""


def test_what_is_absent_leaves_no_empty_line(texts: Texts) -> None:
    assert show(texts, lines(Plain("a"), None, Plain("b"))) == "a\nb"
    assert show(texts, paragraphs(Plain("a"), None, lines(Plain("b"), Plain("c")))) == "a\n\nb\nc"


def test_tags_of_the_sentence_pass_and_everything_from_people_is_escaped(texts: Texts) -> None:
    said = _("<b>{name}</b> in {place}", name="<i>&", place=Plain("<script>"))

    assert show(texts, said) == "<b>&lt;i&gt;&amp;</b> in &lt;script&gt;"


def test_a_field_is_never_read_as_a_pattern(texts: Texts) -> None:
    assert show(texts, _("{a} {b}", a="{b}", b="{0.__class__}")) == "{b} {0.__class__}"


def test_without_markup_a_link_keeps_its_address(texts: Texts) -> None:
    said = _('See <a href="{url}">the <b>list</b></a>: {name}', url="https://x.id/?a&b", name="<Tim>")

    assert texts.plain(said, "id") == "See the list (https://x.id/?a&b): <Tim>"


def test_a_sentence_within_a_sentence_is_translated_and_escaped_once(small: Texts) -> None:
    assert show(small, _("Saved: {item}", item=_("Saved: {item}", item="&"))) == "Tersimpan: Tersimpan: &amp;"


def test_words_are_values_that_can_be_compared_and_kept_in_a_set() -> None:
    assert len({_("Saved: {item}", item="x"), _("Saved: {item}", item="x"), _("Saved: {item}", item="y")}) == 2
    assert _("Saved: {item}", item="x").fields == {"item": "x"}
    assert isinstance(_("x"), Words)


def test_a_refusal_carries_the_words_for_the_person() -> None:
    with pytest.raises(Refusal) as refused:
        raise Refusal(_("Saved: {item}", item="x"))

    assert refused.value.words == _("Saved: {item}", item="x")


@given(st.text(), st.text())
def test_no_text_of_people_changes_the_markup(texts: Texts, name: str, url: str) -> None:
    page = parsed(show(texts, _('<b>{name}</b><a href="{url}">x</a>', name=name, url=url)))

    assert page.tags == ["b", "a"]
