"""Whatever order people write, send and press in, nothing they wrote for an item is lost and nothing is kept twice."""

from hypothesis import given
from hypothesis import strategies as st

from bot.flows.turns import Event, Other, Pressed, Sent, Wrote
from bot.flows.working import LONGEST, Collecting, Noting, Removing, Step, Writing, advance, is_readable, question
from bot.flows.working_wishes import AttachFile, AttachLink, AttachText, NoteItem, SubmitItem
from db.vocabulary import EvidenceKind
from tests.flows.specimens import AT, specimen
from tests.flows.test_every_step import sent, wrote

texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)
presses = st.builds(
    Pressed, st.sampled_from(["note", "date", "remove", "check", "done", "as_note", "later", "back", "submit", "x"])
)
anything = st.one_of(
    texts.map(wrote), presses, st.sampled_from(EvidenceKind).map(sent), st.sampled_from(["sticker", "poll"]).map(Other)
)


def kept(wishes: list[object]) -> str:
    """Every word that was handed on, in its order."""
    said = [wish.text for wish in wishes if isinstance(wish, AttachText | NoteItem)]
    return "\n".join([*said, *(wish.link for wish in wishes if isinstance(wish, AttachLink))])


@given(st.lists(anything, max_size=14))
def test_no_order_of_events_breaks_the_flow(events: list[Event]) -> None:
    state: Step | None = specimen(Collecting)
    for event in events:
        if state is not None:
            state = advance(state, event).state
            assert state is None or question(state).rows


@given(st.lists(texts, min_size=1, max_size=8), st.sampled_from(["done", "as_note", "later", "cancel", "file"]))
def test_a_text_of_several_messages_is_handed_on_whole_whichever_way_it_ends(parts: list[str], end: str) -> None:
    state: Step = Writing(card=specimen(Collecting).card, parts=(), key="1:1", at=AT)
    for part in parts:
        state = advance(state, wrote(part)).state or state

    turn = advance(state, sent() if end == "file" else Pressed(end))

    assert kept(list(turn.wishes)) == "\n".join(parts)
    assert not isinstance(turn.state, Writing)


@given(st.lists(st.integers(1, 4096), min_size=1, max_size=30))
def test_a_text_never_grows_beyond_what_one_piece_holds(lengths: list[int]) -> None:
    state: Step = Writing(card=specimen(Collecting).card, parts=(), key="1:1", at=AT)
    for length in lengths:
        turn = advance(state, wrote("x" * length))
        before, state = state, turn.state or state
        assert isinstance(state, Writing)
        assert turn.heard or state == before
        assert sum(map(len, state.parts)) <= LONGEST


@given(texts)
def test_a_note_is_any_text_that_can_be_seen_as_it_was_written(text: str) -> None:
    turn = advance(Noting(card=specimen(Collecting).card), wrote(text))

    assert turn.heard is is_readable(text)
    assert [wish.text for wish in turn.wishes if isinstance(wish, NoteItem)] == [text.strip()] * is_readable(text)


@given(st.text())
def test_only_evidence_that_is_shown_can_be_removed(value: str) -> None:
    state = specimen(Removing)
    shown = {str(piece.id) for piece in state.card.pieces}

    assert bool(advance(state, Pressed("drop", value)).wishes) is (value in shown)


@given(anything)
def test_nothing_but_the_button_submits(event: Event) -> None:
    for step in (Collecting, Noting, Writing):
        assert not any(isinstance(wish, SubmitItem) for wish in advance(specimen(step), event).wishes)


def test_a_file_is_handed_on_as_it_came_and_a_text_before_it_is_not_lost() -> None:
    file: Sent = sent(name="SK.pdf")
    state = Writing(card=specimen(Collecting).card, parts=("Satu", "dua"), key="1:1", at=AT)

    wishes = advance(state, file).wishes

    assert [type(wish) for wish in wishes] == [AttachText, AttachFile]
    assert isinstance(wishes[1], AttachFile)
    assert wishes[1].file is file


def test_blanks_alone_are_no_evidence() -> None:
    for blank in (" ", "\u200b", "\u2060\ufeff", "\n\t"):
        assert not advance(specimen(Collecting), Wrote(blank, "1:1", AT, AT.date())).heard
