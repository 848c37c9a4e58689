from pathlib import Path

import pytest

from locales.catalogs import place, update

CODE = """
from bot.words import _, _n, _p

def greet(n):
    return _("Good morning, {name}", name="x"), _n("{count} day", "{count} days", n), _p("button", "Back")
"""


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    sources = tmp_path / "bot"
    sources.mkdir()
    (sources / "greeting.py").write_text(CODE, encoding="utf-8")
    return sources


def translate(path: Path, **by_key: str) -> None:
    text = path.read_text(encoding="utf-8")
    for key, string in by_key.items():
        text = text.replace(f'"{key}"\nmsgstr ""', f'"{key}"\nmsgstr "{string}"')
    path.write_text(text, encoding="utf-8")


def test_what_waits_for_a_translation_is_listed_and_english_fills_itself(tmp_path: Path, sources: Path) -> None:
    said = list(update(tmp_path, sources))

    assert said[0] == "pandu.pot: 3 sentences"
    assert said[1] == "id: 3 without a translation"
    assert said[-1] == "en: 0 without a translation"
    assert 'msgstr[1] "{count} days"' in place(tmp_path, "en").read_text(encoding="utf-8")


def test_a_translation_stays_when_its_sentence_moves_to_another_file(tmp_path: Path, sources: Path) -> None:
    list(update(tmp_path, sources))
    translate(place(tmp_path, "id"), Back="Kembali")
    (sources / "greeting.py").rename(sources / "welcome.py")

    assert list(update(tmp_path, sources))[1] == "id: 2 without a translation"
    text = place(tmp_path, "id").read_text(encoding="utf-8")
    assert 'msgstr "Kembali"' in text
    assert "#: bot/welcome.py\n" in text


def test_a_changed_sentence_is_never_filled_by_a_guess(tmp_path: Path, sources: Path) -> None:
    list(update(tmp_path, sources))
    translate(place(tmp_path, "id"), Back="Kembali")
    (sources / "greeting.py").write_text(CODE.replace('"Back"', '"Back up"'), encoding="utf-8")

    assert list(update(tmp_path, sources))[1] == "id: 3 without a translation"
    assert "Kembali" not in place(tmp_path, "id").read_text(encoding="utf-8")


def test_an_update_without_news_changes_no_byte(tmp_path: Path, sources: Path) -> None:
    list(update(tmp_path, sources))
    before = place(tmp_path, "id").read_bytes()

    list(update(tmp_path, sources))
    assert place(tmp_path, "id").read_bytes() == before
