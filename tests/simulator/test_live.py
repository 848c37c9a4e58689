"""The page's WebSocket: hello with everything, then each thing as it happens."""

from typing import Any

import aiohttp
import pytest

from tests.simulator.wire import SARI, Wire, keyboard


async def heard(page: aiohttp.ClientWebSocketResponse, kind: str) -> dict[str, Any]:
    """The next event of this kind."""
    while True:
        event: dict[str, Any] = await page.receive_json(timeout=5)
        if event["type"] == kind:
            return event


async def test_hello_has_people_chats_clock_and_faults(wire: Wire) -> None:
    await wire.do("/sim/people", id=7, first_name="Budi", order=-1, label="Mentor")
    await wire.ok("sendMessage", chat_id=SARI, text="Halo")
    async with wire.http.ws_connect(f"{wire.sim.url}/live") as page:
        hello = await page.receive_json()
    assert [one["id"] for one in hello["people"]] == hello["phones"] == [7, SARI]
    assert hello["bot"] == {"id": 1, "username": "pandu_demo_bot", "first_name": "Pandu"}
    chat = hello["chats"][str(SARI)]
    assert (chat["unread"], chat["blocked"], chat["messages"][0]["outgoing"]) == (1, False, False)
    assert hello["clock"]["now"].endswith("Z")
    assert hello["faults"]["limits"] is False


async def test_everything_that_happens_is_told(wire: Wire) -> None:
    async with wire.http.ws_connect(f"{wire.sim.url}/live") as page:
        await wire.ok("sendChatAction", chat_id=SARI, action="typing")
        assert (await heard(page, "typing"))["seconds"] == 5
        sent = await wire.ok("sendMessage", chat_id=SARI, text="Halo", reply_markup=keyboard("y"))
        assert (await heard(page, "unread"))["unread"] == 1
        assert (await heard(page, "message"))["edited"] is False
        query = await wire.press(sent["message_id"])
        await wire.ok("answerCallbackQuery", callback_query_id=query, text="Sudah", show_alert=True)
        answered = await heard(page, "callback_answer")
        assert (answered["text"], answered["show_alert"], answered["callback_query_id"]) == ("Sudah", True, query)
        await wire.ok("editMessageText", chat_id=SARI, message_id=sent["message_id"], text="Baru")
        edited = await heard(page, "message")
        assert (edited["edited"], edited["message"]["text"]) == (True, "Baru")
        await wire.ok("deleteMessage", chat_id=SARI, message_id=sent["message_id"])
        assert (await heard(page, "deleted"))["message_ids"] == [sent["message_id"]]
        await wire.do(f"/sim/people/{SARI}/text", text="hai")
        assert (await heard(page, "message"))["message"]["outgoing"] is True
        await wire.do(f"/sim/people/{SARI}/read")
        assert (await heard(page, "unread"))["unread"] == 0
        await wire.do(f"/sim/people/{SARI}/block")
        assert (await heard(page, "person"))["blocked"] is True
        await wire.do("/sim/clock", next_working_morning=True)
        assert (await heard(page, "clock"))["now"].endswith("T02:00:00Z")
        await wire.ok("setMyCommands", commands=[{"command": "a", "description": "A"}])
        assert (await heard(page, "commands"))["commands"][0]["command"] == "a"
        await wire.do("/sim/faults", preset="slow")
        assert (await heard(page, "faults"))["slow"] == 1


async def test_earlier_messages_are_read_page_by_page(wire: Wire) -> None:
    for number in range(5):
        await wire.ok("sendMessage", chat_id=SARI, text=str(number))
    last = await wire.get(f"/sim/people/{SARI}/messages?limit=2")
    assert [message["text"] for message in last] == ["3", "4"]
    before = await wire.get(f"/sim/people/{SARI}/messages?limit=2&before={last[0]['message_id']}")
    assert [message["text"] for message in before] == ["1", "2"]


async def test_nonsense_on_a_control_path_is_a_reason_and_no_crash(wire: Wire) -> None:
    for path, body in (
        ("/sim/people/99/text", {"text": "x"}),
        (f"/sim/people/{SARI}/text", {}),
        (f"/sim/people/{SARI}/text", {"text": ""}),
        (f"/sim/people/{SARI}/press", {"message_id": "x"}),
        ("/sim/clock", {"to": "yesterday"}),
        ("/sim/clock", {}),
        ("/sim/groups/-5/kick", {}),
    ):
        async with wire.http.post(wire.sim.url + path, json=body) as response:
            assert (response.status, "error" in await response.json()) == (400, True)


async def test_a_page_of_another_site_may_neither_act_nor_listen(wire: Wire) -> None:
    strange, own = {"Origin": "http://example.com"}, {"Origin": wire.sim.url}
    for headers, status in ((strange, 403), (own, 200)):
        async with wire.http.post(wire.sim.url + "/sim/people", json={}, headers=headers) as response:
            assert response.status == status
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await wire.http.ws_connect(f"{wire.sim.url}/live", headers=strange)


async def test_a_stop_says_goodbye_to_the_pages(wire: Wire) -> None:
    async with wire.http.ws_connect(f"{wire.sim.url}/live") as page:
        await page.receive_json()
        await wire.sim.hang_up()
        assert (await page.receive()).data == aiohttp.WSCloseCode.GOING_AWAY


async def test_the_page_serves_its_own_files_only(wire: Wire) -> None:
    for path in ("/../server.py", "/%2e%2e/server.py", "/nowhere.js"):
        async with wire.http.get(wire.sim.url + path) as response:
            assert response.status == 404
