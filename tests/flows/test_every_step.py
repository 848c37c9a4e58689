"""Every step of every flow meets every kind of event, asks its question, and survives being saved."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.buttons import answer
from bot.flows.turns import Event, Flow, Other, Pressed, Sent, State, Told, Wrote
from bot.handlers.tables import FLOWS
from bot.texts import LANGUAGES, Texts
from db.vocabulary import EvidenceKind
from tests.flows.specimens import AT, specimen, step_name, steps

TEXTS = Texts.load()
SAVED = Path(__file__).parent / "saved"
STEPS = [(flow, step) for flow in FLOWS.values() for step in steps(flow)]
NAMES = [f"{flow.name}-{step_name(step)}" for flow, step in STEPS]
each_step = pytest.mark.parametrize(("flow", "step"), STEPS, ids=NAMES)


def wrote(text: str) -> Wrote:
    return Wrote(text, "1:5", AT, AT.date())


def sent(kind: EvidenceKind = EvidenceKind.DOCUMENT, **more: Any) -> Sent:
    about: dict[str, Any] = {
        "file_id": "f",
        "unique_id": "u",
        "name": "a.pdf",
        "mime": "application/pdf",
        "size": 5,
        "caption": "",
    }
    return Sent(kind=kind, **(about | {"album": None, "key": "1:6", "at": AT} | more))


TEXT = (
    "Selesai", "Batal", "1", "0", "99", "kemarin", "30 November 2022", "31/02/2022", "https://drive.google.com/x",
    "ok", "?", " \n ", "\u200b", "👍🏽", "<b>&amp;</b>", "{name}", "%s", "x" * 4096, "3276010101900001", "\u202eabc",
    "'; DROP TABLE items; --", "/menu", "Kota Tebing Tinggi", "mojokerto", "K7QF-3M9T-XW2A",
)  # fmt: skip
OTHERS = ("sticker", "voice", "audio", "contact", "location", "poll", "dice", "video_note", "message")
PRESSES = ("", "cancel", "back", "later", "done", "check", "submit", "drop", "yes", "no", "nonsense", "stage", "item")


def events(flow: Flow[Any], state: State) -> list[Event]:
    """Every kind of event: what is offered, what is forged, what is typed, sent and told."""
    offered = [Pressed(choice.name, choice.value) for row in flow.question(state).rows for choice in row]
    forged = [Pressed(name, value) for name in PRESSES for value in ("", "1", "x", "9" * 30)]
    files = [sent(kind) for kind in EvidenceKind] + [sent(size=None), sent(name="", album="9", caption="c")]
    told: list[Event] = [Told("closed"), Told("nonsense"), Told("draft", (1,)), Told("")]
    return [*offered, *forged, *map(wrote, TEXT), *files, *map(Other, OTHERS), *told]


@each_step
def test_no_event_breaks_a_step_and_whatever_follows_can_be_asked_and_saved(flow: Flow[Any], step: type[State]) -> None:
    state = specimen(step)
    for event in events(flow, state):
        turn = flow.advance(state, event)
        if turn.state is not None:
            assert as_saved(flow, turn.state) is not None, event
            flow.question(turn.state)


@each_step
def test_every_question_can_be_read_in_every_language_with_buttons_that_fit(flow: Flow[Any], step: type[State]) -> None:
    question = flow.question(specimen(step))
    assert question.rows, "a question without a button is a dead end"
    for language in LANGUAGES:
        assert TEXTS.html(question.text, language).strip()
        labels = [TEXTS.plain(choice.label, language) for row in question.rows for choice in row]
        assert all(0 < len(label) <= 64 for label in labels)
    for row in question.rows:
        for choice in row:
            answer(choice.label, 999_999, choice.name, choice.value)


@each_step
def test_a_saved_step_is_the_same_step_again(flow: Flow[Any], step: type[State]) -> None:
    state = specimen(step)
    assert as_saved(flow, state) == state
    assert flow.question(as_saved(flow, state)) == flow.question(state)


def as_saved(flow: Flow[Any], state: State) -> Any:
    return flow.load(json.loads(json.dumps(flow.save(state))))


@pytest.mark.parametrize("path", sorted(SAVED.glob("*.json")), ids=lambda path: path.stem)
def test_what_the_first_release_saved_is_still_the_same_question(path: Path) -> None:
    document = json.loads(path.read_text())
    flow = FLOWS[document["flow"]]
    state = flow.load(document)
    assert state is not None, "the flow needs a new version with an `upgrade`, or fields with a default"
    assert step_name(type(state)) == document["state"]["step"]
    assert flow.question(state).rows


def test_every_step_of_the_first_release_was_saved() -> None:
    assert len(list(SAVED.glob("*.json"))) >= 30
