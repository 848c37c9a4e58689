"""Faults on demand: what each does to a call, what the ledger knows of it, and that a seed repeats it."""

from typing import Any

import aiohttp
import pytest

from simulator.faults import FaultPlan
from tests.simulator.wire import SARI, Wire

SEND = {"chat_id": SARI, "text": "Halo"}
CUT = (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError, aiohttp.ClientPayloadError)


async def accepted(wire: Wire) -> list[tuple[str, Any]]:
    return [(entry["method"], entry["faulted"]) for entry in await wire.get("/sim/ledger")]


@pytest.mark.parametrize("fault", ["refuse", "drop_before"])
async def test_a_connection_closed_before_the_work_leaves_nothing(wire: Wire, fault: str) -> None:
    await wire.do("/sim/faults", **{fault: 1})
    with pytest.raises(CUT):
        await wire.call("sendMessage", **SEND)
    assert await accepted(wire) == []
    assert await wire.get(f"/sim/people/{SARI}/messages") == []
    refused = (await wire.get("/sim/ledger?refused=1"))["refused"]
    assert (refused[-1]["description"], refused[-1]["code"]) == (fault, 0)


async def test_accepted_then_dropped_stands_in_chat_and_ledger(wire: Wire) -> None:
    await wire.do("/sim/faults", accept_then_drop=1)
    with pytest.raises(CUT):
        await wire.call("sendMessage", **SEND)
    assert await accepted(wire) == [("sendMessage", "accept_then_drop")]
    assert len(await wire.get(f"/sim/people/{SARI}/messages")) == 1


async def test_sometimes_half_of_the_answer_comes_through(wire: Wire) -> None:
    await wire.do("/sim/faults", accept_then_drop=1, seed=1)
    ends = set()
    for _ in range(20):
        with pytest.raises(CUT) as cut:
            await wire.call("sendMessage", **SEND)
        ends.add(cut.type is aiohttp.ClientPayloadError)
    assert ends == {True, False}
    assert len(await accepted(wire)) == 20


async def test_a_server_error_is_sometimes_a_page_of_html_and_never_accepted(wire: Wire) -> None:
    await wire.do("/sim/faults", server_error=1, seed=1)
    kinds = set()
    for _ in range(30):
        async with wire.http.post(f"{wire.sim.url}/bot1:demo/sendMessage", json=SEND) as response:
            kinds.add((response.status, response.content_type))
    assert kinds == {
        (500, "application/json"),
        (502, "text/html"),
        (503, "application/json"),
        (504, "text/html"),
    }
    assert await accepted(wire) == []


async def test_a_flood_in_one_chat_leaves_the_others_alone(wire: Wire) -> None:
    await wire.do("/sim/faults", flood_chat=1, limits=True)
    await wire.do("/sim/people", id=7, first_name="Budi", started=True)
    answer = await wire.call("sendMessage", **SEND)
    assert answer["parameters"]["retry_after"] >= 1
    await wire.do("/sim/faults", preset="normal")
    assert (await wire.call("sendMessage", **SEND))["error_code"] == 429
    assert (await wire.call("sendMessage", chat_id=7, text="x"))["ok"]


async def test_a_global_flood_closes_everything_but_answers_to_presses(wire: Wire) -> None:
    await wire.do("/sim/faults", flood_global=1, limits=True)
    await wire.do("/sim/people", id=7, first_name="Budi", started=True)
    assert (await wire.call("sendMessage", **SEND))["error_code"] == 429
    assert (await wire.call("getMe"))["ok"]
    await wire.do("/sim/faults", preset="normal")
    assert (await wire.call("sendMessage", chat_id=7, text="x"))["error_code"] == 429


async def test_slow_waits_before_it_answers(wire: Wire) -> None:
    await wire.do("/sim/faults", slow=1, slow_seconds=0.3)
    with pytest.raises(TimeoutError):
        async with wire.http.post(
            f"{wire.sim.url}/bot1:demo/getMe", timeout=aiohttp.ClientTimeout(total=0.1)
        ) as response:
            await response.read()


async def test_only_the_named_methods_are_hit(wire: Wire) -> None:
    await wire.do("/sim/faults", server_error=1, methods=["sendMessage"])
    assert (await wire.call("getMe"))["ok"]
    async with wire.http.post(f"{wire.sim.url}/bot1:demo/sendMessage", json=SEND) as response:
        assert response.status >= 500


@pytest.mark.parametrize(
    "wish", [{"preset": "storm"}, {"slow": 2}, {"slow": "x"}, {"rain": 0.5}, {"methods": "x"}, {"limits": 1}]
)
async def test_an_impossible_wish_changes_nothing(wire: Wire, wish: dict[str, Any]) -> None:
    before = await wire.get("/sim/faults")
    async with wire.http.post(f"{wire.sim.url}/sim/faults", json=wish) as response:
        assert response.status == 400
    assert await wire.get("/sim/faults") == before


async def test_presets_set_all_chances_anew(wire: Wire) -> None:
    await wire.do("/sim/faults", server_error=0.5)
    assert (await wire.do("/sim/faults", preset="away"))["refuse"] == 1
    assert (await wire.get("/sim/faults"))["server_error"] == 0


def test_the_same_seed_draws_the_same_fates() -> None:
    def fates(seed: int) -> list[Any]:
        plan = FaultPlan(seed)
        plan.set({"preset": "lossy"})
        return [plan.draw("sendMessage") for _ in range(50)]

    assert fates(3) == fates(3) != fates(4)


async def test_a_machine_that_is_away_refuses_connections_and_comes_back(wire: Wire) -> None:
    await wire.sim.hang_up()
    async with aiohttp.ClientSession() as http:
        with pytest.raises(aiohttp.ClientConnectorError):
            await Wire(wire.sim, http).call("getMe")
    await wire.sim.listen()
    assert (await wire.call("sendMessage", **SEND))["ok"]
