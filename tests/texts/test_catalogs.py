import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TypeGuard

import pytest

from bot.texts import Texts
from bot.words import Words
from locales.catalogs import LANGUAGES, ROOT, SOURCES, TEMPLATE, as_text, extracted, place, read, renewed
from tests.texts.markup import ALLOWED, parsed
from tests.texts.sentences import Sentence, bare, catalog, fields, tags

BANNED_WORDS = Path(__file__).parents[1] / "data" / "bahasa.tsv"
HOSTILE = ("<b>", "</b>", "</i></code>", "&", '"><a href="x', "<!--", "{count}", "\u202e", "&lt;", "<script>")
EMOJI_IN_FRONT = re.compile(r"^[^\w{]+ ")
BUTTON_LENGTH, TOAST_LENGTH = 20, 200
MARKS = ("_", "_n", "_p")
SAME_EVERYWHERE = {
    "Accept": "Terima",
    "Add a note": "Tambah catatan",
    "Announcements": "Pengumuman",
    "Approve": "Setujui",
    "Ask a mentor": "Tanya tim ahli",
    "Ask for an extension": "Minta perpanjangan",
    "Attach evidence": "Lampirkan bukti",
    "Ask back": "Minta penjelasan",
    "Back": "Kembali",
    "Cancel": "Batalkan",
    "Continue": "Lanjutkan",
    "Hand back": "Kembalikan",
    "Home": "Beranda",
    "Make it a question": "Jadikan pertanyaan",
    "Milestones": "Tahapan",
    "My tasks": "Tugas saya",
    "Preview": "Pratinjau",
    "Progress": "Kemajuan",
    "Reject": "Tolak",
    "Save": "Simpan",
    "Send": "Kirim",
    "Submit": "Ajukan",
    "Take the question": "Ambil pertanyaan",
    "That answers it": "Sudah terjawab",
    "Turn down": "Tolak",
    "Transfer": "Alihkan",
    "Undo": "Urungkan",
    "Work on it": "Kerjakan",
}


@pytest.fixture(scope="module")
def texts() -> Texts:
    return Texts.load()


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def whole(language: str) -> list[Sentence]:
    return catalog(language)


@pytest.fixture(scope="module")
def indonesian() -> list[Sentence]:
    return catalog("id")


def test_the_catalogs_hold_exactly_the_sentences_of_the_code() -> None:
    template = extracted()

    assert (ROOT / TEMPLATE).read_bytes() == as_text(template), "run: python -m locales update"
    for name in LANGUAGES:
        path = place(ROOT, name)
        assert path.read_bytes() == as_text(renewed(template, path, name), name), "run: python -m locales update"


def test_every_sentence_is_translated_and_none_by_a_guess(whole: list[Sentence]) -> None:
    waiting = [str(each) for each in whole if each.fuzzy or not each.forms or not all(each.forms)]

    assert waiting == []


def test_a_translation_shows_the_same_fields(whole: list[Sentence]) -> None:
    different = [
        str(each)
        for each in whole
        for form in each.forms
        if form and fields(form) != fields(*each.keys) and len(each.forms) == 1
    ]
    foreign = [str(each) for each in whole if not fields(*each.forms) <= fields(*each.keys)]

    assert (different, foreign) == ([], [])


def test_a_field_is_a_plain_name(whole: list[Sentence]) -> None:
    assert [name for each in whole for name in fields(*each.keys, *each.forms) if not name.isidentifier()] == []


def test_a_translation_carries_the_same_tags_well_nested(whole: list[Sentence]) -> None:
    different = [str(each) for each in whole for form in each.forms if form and tags(form) != tags(each.keys[0])]

    assert different == []
    for each in whole:
        for text in (*each.keys, *each.forms):
            assert set(parsed(text.replace("&", "&amp;")).tags) <= ALLOWED


def test_a_translation_begins_and_ends_like_its_sentence(indonesian: list[Sentence]) -> None:
    def edges(text: str) -> tuple[bool, bool, bool]:
        return text.startswith((" ", "\n")), text.endswith((" ", "\n")), text.endswith(":")

    assert [str(each) for each in indonesian if each.forms[0] and edges(each.keys[-1]) != edges(each.forms[0])] == []


def test_indonesian_has_one_form_for_every_number() -> None:
    header = place(ROOT, "id").read_text(encoding="utf-8")

    assert '"Plural-Forms: nplurals=1; plural=0;\\n"' in header
    assert read(place(ROOT, "id"), "id").num_plurals == 1


def test_english_repeats_the_sentences_of_the_code() -> None:
    assert [str(each) for each in catalog("en") if each.forms != each.keys] == []


def test_a_catalog_names_neither_lines_nor_machines_nor_days() -> None:
    for path in [ROOT / TEMPLATE, *(place(ROOT, name) for name in LANGUAGES)]:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"^#: .*:\d+|^#: .*/home/|POT-Creation-Date|^#~|^#, fuzzy", text, re.MULTILINE), path


def test_hostile_values_never_change_the_markup(texts: Texts, language: str, whole: list[Sentence]) -> None:
    for each in whole:
        expected = None
        for value in HOSTILE:
            pairs = tuple((name, value) for name in sorted(fields(*each.keys)))
            plural = each.keys[1] if len(each.keys) == 2 else None
            said = Words(each.keys[0], pairs, each.context, plural, 2 if plural else None)
            found = parsed(texts.html(said, language)).tags
            expected = expected or found
            assert found == expected, str(each)


def test_labels_fit_on_a_button_and_toasts_into_a_toast(whole: list[Sentence]) -> None:
    limits = {"button": BUTTON_LENGTH, "toast": TOAST_LENGTH}
    long = [
        (form, len(label))
        for each in whole
        for form in each.forms
        if each.context in limits
        and len(label := re.sub(r"\{\w+\}", "", EMOJI_IN_FRONT.sub("", form))) > limits[each.context]
    ]

    assert long == []


def test_what_is_said_as_a_toast_is_seen_whole(indonesian: list[Sentence]) -> None:
    toasts = {
        key.value
        for _, call in calls("Reply")
        for word in call.keywords
        if word.arg == "toast" and isinstance(word.value, ast.Call)
        for key in keys_of(word.value)
        if isinstance(key, ast.Constant)
    }

    assert toasts
    assert [each.forms for each in indonesian if each.keys[0] in toasts and len(each.forms[0]) > TOAST_LENGTH] == []


def test_buttons_and_toasts_carry_no_markup(whole: list[Sentence]) -> None:
    assert [str(each) for each in whole if each.context in ("button", "toast") and any(map(tags, each.keys))] == []


def test_a_button_has_the_same_word_everywhere(indonesian: list[Sentence]) -> None:
    def word(label: str) -> str:
        return re.sub(r"^[^\w{]+ | [^\w}]+$", "", label)

    other = [
        (each.keys[0], each.forms[0])
        for each in indonesian
        if each.context == "button" and each.forms[0]
        if word(each.forms[0]) != SAME_EVERYWHERE.get(word(each.keys[0]), word(each.forms[0]))
    ]

    assert other == []


def banned() -> Iterator[tuple[re.Pattern[str], str]]:
    for line in BANNED_WORDS.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            word, instead, _note = line.split("\t")
            yield re.compile(rf"(?<![\w/-]){re.escape(word)}(?![\w-])", re.IGNORECASE), instead


def test_indonesian_follows_the_spelling_and_the_fixed_terms(indonesian: list[Sentence]) -> None:
    rules = list(banned())
    faults = [
        (form, pattern.pattern, instead)
        for each in indonesian
        for form in each.forms
        for pattern, instead in rules
        if pattern.search(bare(form))
    ]

    assert len(rules) > 90
    assert faults == []


def test_anda_is_written_with_a_capital(indonesian: list[Sentence]) -> None:
    assert [form for each in indonesian for form in each.forms if re.search(r"\banda\b|\bbapak/ibu\b", form)] == []


def calls(*names: str) -> Iterator[tuple[str, ast.Call]]:
    for path in sorted(SOURCES.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in (names or MARKS):
                yield f"{path.relative_to(SOURCES)}:{node.lineno}", node


def keys_of(call: ast.Call) -> list[ast.expr]:
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    return {"_": call.args[:1], "_n": call.args[:2], "_p": call.args[:2]}.get(name, [])


def test_only_whole_sentences_are_marked() -> None:
    def literal(node: ast.expr) -> bool:
        return isinstance(node, ast.Constant) and isinstance(node.value, str)

    assert [where for where, call in calls() if not all(map(literal, keys_of(call)))] == []


def test_every_marked_sentence_is_given_its_fields() -> None:
    faults = []
    for where, call in calls():
        given = {word.arg for word in call.keywords if word.arg}
        if any(word.arg is None for word in call.keywords):
            continue  # fields handed on as a mapping are the caller's
        keys = [str(node.value) for node in keys_of(call) if isinstance(node, ast.Constant)]
        wanted = fields(*(keys[1:] if isinstance(call.func, ast.Name) and call.func.id == "_p" else keys))
        if given != wanted - ({"count"} if isinstance(call.func, ast.Name) and call.func.id == "_n" else set()):
            faults.append((where, keys, given))

    assert faults == []


def test_no_words_for_people_stand_outside_the_catalogs() -> None:
    faults = []
    for path in sorted(SOURCES.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Plain":
                faults += [(path.name, text.value) for text in node.args if _is_prose(text)]

    assert faults == []


def _is_prose(node: ast.expr) -> TypeGuard[ast.Constant]:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(re.search(r"[a-z]{2}", node.value))


def test_every_marked_sentence_of_the_code_stands_in_the_catalogs() -> None:
    """Babel does not find a sentence that stands within another one's fields."""
    known = {(entry.context, entry.id if isinstance(entry.id, str) else entry.id[0]) for entry in extracted()}

    marked = ((path.name, key) for path in SOURCES.rglob("*.py") for key in _marked(path.read_text("utf-8")))
    missing = [f"{name}: {key}" for name, key in marked if key not in known]

    assert missing == []


def _marked(source: str) -> Iterator[tuple[str | None, str]]:
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS):
            continue
        words = [given.value for given in node.args if isinstance(given, ast.Constant) and isinstance(given.value, str)]
        if node.func.id == "_p" and len(words) > 1:
            yield words[0], words[1]
        elif node.func.id != "_p" and words:
            yield None, words[0]
