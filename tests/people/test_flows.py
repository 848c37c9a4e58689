"""The conversations of people as pure functions."""

from typing import Any

import pytest

from bot.flows import inviting, joining, joining_steps, profiling, rejecting, touring
from bot.flows.notice import NOTICE_VERSION
from bot.flows.turns import Flow, Other, Pressed, Told, Wrote
from bot.texts import Texts
from db.vocabulary import Role
from tests.stage import NOW

TEXTS = Texts.load()
VISITOR = joining_steps.Visitor(name="Rina Wulandari", contact="privasi@contoh.go.id")
DOOR = joining_steps.Door(role=Role.OFFICIAL, place="Kota Tebing Tinggi", region_code="12.76", invite_id=1)
HOST = inviting.Host(roles=(Role.OFFICIAL, Role.MENTOR), pillars=(("smart-living", "Smart Living"),))
DRAFT = inviting.Draft(role=Role.OFFICIAL, region_code="12.76", place="Kota Tebing Tinggi")
FOUND = (("35.76", "Kota Mojokerto, Jawa Timur"), ("35.16", "Kabupaten Mojokerto, Jawa Timur"))
STATES: list[tuple[Flow[Any], Any]] = [
    (joining.FLOW, joining_steps.AskingCode()),
    (joining.FLOW, joining_steps.AskingRegion(visitor=VISITOR)),
    (joining.FLOW, joining_steps.ChoosingRegion(visitor=VISITOR, found=FOUND)),
    (joining.FLOW, joining_steps.ChoosingRole(visitor=VISITOR, region_code="12.76", place="Kota Tebing Tinggi")),
    (joining.FLOW, joining_steps.Confirming(visitor=VISITOR, door=DOOR)),
    (joining.FLOW, joining_steps.Naming(visitor=VISITOR, door=DOOR)),
    (joining.FLOW, joining_steps.Positioning(visitor=VISITOR, door=DOOR, name="Rina")),
    (joining.FLOW, joining_steps.Consenting(visitor=VISITOR, door=DOOR, name="Rina", position="")),
    (joining.FLOW, joining_steps.Renewing(contact="")),
    *(
        (touring.FLOW, state)
        for guest in touring.Guest
        for state in (
            touring.Greeting(guest=guest, zone="Asia/Jakarta"),
            touring.Settling(guest=guest, zone="Asia/Jakarta"),
            touring.Showing(guest=guest),
        )
    ),
    (inviting.FLOW, inviting.ChoosingRole(host=HOST)),
    (inviting.FLOW, inviting.AskingRegion(host=HOST, draft=DRAFT)),
    (inviting.FLOW, inviting.AskingRegion(host=HOST, draft=DRAFT.but(role=Role.MENTOR))),
    (inviting.FLOW, inviting.ChoosingRegion(host=HOST, draft=DRAFT, found=FOUND)),
    (inviting.FLOW, inviting.ChoosingPillar(host=HOST, draft=DRAFT)),
    (inviting.FLOW, inviting.AskingItem(draft=DRAFT)),
    (inviting.FLOW, inviting.ChoosingItem(draft=DRAFT, found=(("dewan-sk", "SK Dewan"),))),
    (inviting.FLOW, inviting.Counting(draft=DRAFT)),
    (inviting.FLOW, inviting.Naming(draft=DRAFT)),
    (inviting.FLOW, inviting.Confirming(draft=DRAFT.but(uses=5), expected_name="Rina")),
    (rejecting.FLOW, rejecting.Reasoning(request_id=1, name="Rina", role=Role.OFFICIAL, place="Kota Tebing Tinggi")),
    (rejecting.FLOW, rejecting.Checking(request_id=1, name="Rina", reason="Belum ada surat tugas.")),
    (profiling.FLOW, profiling.Naming(present="Rina")),
    (profiling.FLOW, profiling.Positioning(present="")),
]
NAMES = [f"{flow.name}-{state.step}-{number}" for number, (flow, state) in enumerate(STATES)]
every_state = pytest.mark.parametrize(("flow", "state"), STATES, ids=NAMES)


def wrote(text: str) -> Wrote:
    return Wrote(text, "1:1", NOW, NOW.date())


@every_state
def test_what_is_no_answer_leaves_state_and_question_alone(flow: Flow[Any], state: Any) -> None:
    for event in (
        Other("sticker"),
        Pressed("nothing"),
        Pressed("region", "99.99"),
        Pressed("role", "admin"),
        Told("x"),
    ):
        turn = flow.advance(state, event)
        assert (turn.state, turn.wishes, turn.heard) == (state, (), False)


@every_state
def test_every_state_survives_a_restart_and_asks_the_same(flow: Flow[Any], state: Any) -> None:
    loaded = flow.load(flow.save(state))

    assert loaded == state
    assert flow.question(loaded) == flow.question(state)


@every_state
def test_every_question_can_be_left(flow: Flow[Any], state: Any) -> None:
    turn = flow.advance(state, Pressed("cancel"))

    assert turn.note is not None
    assert turn.state is None or turn.wishes == (touring.FindFirstTask(),)


@every_state
def test_every_choice_fits_telegrams_button_and_is_understood(flow: Flow[Any], state: Any) -> None:
    for row in flow.question(state).rows:
        for choice in row:
            assert len(f"f:999999:{choice.name}:{choice.value}".encode()) <= 64
            assert flow.advance(state, Pressed(choice.name, choice.value)).heard, choice


@every_state
def test_no_question_is_longer_than_a_message(flow: Flow[Any], state: Any) -> None:
    for language in ("id", "en"):
        assert len(TEXTS.html(flow.question(state).text, language)) < 4096


@pytest.mark.parametrize("word", ["Selesai", "Batal", "/", "Lewati", "1"])
def test_words_of_control_are_literal_answers(word: str) -> None:
    name = joining.advance(joining_steps.Naming(visitor=VISITOR, door=DOOR), wrote(word))
    reason = rejecting.advance(
        rejecting.Reasoning(request_id=1, name="Rina", role=Role.OFFICIAL, place=""), wrote(word)
    )

    assert name.wishes == (joining_steps.ReadName(word),)
    assert isinstance(reason.state, rejecting.Checking)
    assert reason.state.reason == word


def test_joining_wishes_exactly_what_was_agreed_to() -> None:
    state = joining_steps.Consenting(visitor=VISITOR, door=DOOR, name="Rina", position="Sekda")

    turn = joining.advance(state, Pressed("agree"))

    assert turn.wishes == (joining_steps.Join(Role.OFFICIAL, "12.76", 1, "Rina", "Sekda", NOTICE_VERSION),)
    assert turn.state == state


def test_the_tour_asks_three_things_at_most() -> None:
    state: Any = touring.Greeting(guest=touring.Guest.REGION, zone="Asia/Makassar")
    asked = 0
    while state is not None and asked < 10:
        asked += 1
        turn = touring.advance(state, Pressed("next"))
        if touring.FindFirstTask() in turn.wishes:
            turn = touring.advance(state, Told("first_task", ("item:sk-dewan",)))
        state = turn.state

    assert asked == 3
    assert turn.then == "item:sk-dewan"
