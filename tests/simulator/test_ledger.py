"""The ledger: everything accepted, in order, once; and what was refused, with the reason."""

import json

from tests.simulator.wire import PNG, SARI, Wire


async def test_accepted_calls_are_numbered_with_their_parameters(wire: Wire) -> None:
    sent = await wire.ok("sendMessage", chat_id=SARI, text="satu")
    await wire.ok("editMessageText", chat_id=SARI, message_id=sent["message_id"], text="dua")
    await wire.refused("sendMessage", chat_id=4, text="x")
    await wire.updates()

    first, second = await wire.get("/sim/ledger")
    assert (first["n"], first["method"], first["chat_id"]) == (1, "sendMessage", SARI)
    assert (first["message_id"], first["params"], first["faulted"]) == (
        sent["message_id"],
        {"chat_id": SARI, "text": "satu"},
        None,
    )
    assert (second["n"], second["method"], second["message_id"]) == (2, "editMessageText", sent["message_id"])
    assert await wire.get("/sim/ledger?since=1") == [second]


async def test_refused_calls_have_code_and_words(wire: Wire) -> None:
    await wire.refused("sendMessage", chat_id=4, text="x")
    await wire.refused("sendMessage", chat_id=SARI, text="x", colour="red")
    async with wire.http.post(f"{wire.sim.url}/bot1:demo/sendRocket") as response:
        assert response.status == 404
    refused = (await wire.get("/sim/ledger?refused=1"))["refused"]
    assert [(one["method"], one["code"], one["description"]) for one in refused] == [
        ("sendMessage", 400, "Bad Request: chat not found"),
        ("sendMessage", 400, 'Bad Request: unknown parameter "colour"'),
        ("sendRocket", 404, "Not Found"),
    ]


async def test_uploads_stand_there_without_their_content(wire: Wire) -> None:
    await wire.upload("sendPhoto", {"photo": ("a.png", PNG)}, chat_id=str(SARI))
    entry = (await wire.get("/sim/ledger"))[0]
    assert entry["params"]["photo"]["size"] == len(PNG)
    assert len(json.dumps(entry)) < 1000


async def test_forgetting_empties_all_but_the_ids_given_out(wire: Wire) -> None:
    before = await wire.ok("sendMessage", chat_id=SARI, text="satu")
    async with wire.http.delete(f"{wire.sim.url}/sim") as response:
        assert response.status == 200
    assert await wire.get("/sim/ledger") == []
    assert await wire.get("/sim/people") == []
    await wire.do("/sim/people", id=SARI, first_name="Sari", started=True)
    after = await wire.ok("sendMessage", chat_id=SARI, text="satu")
    assert after["message_id"] > before["message_id"]
