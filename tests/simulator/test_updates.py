"""Long poll: order, confirmation, retention, and the conflict of two pollers."""

import asyncio
from typing import Any

from tests.simulator.wire import SARI, Wire, keyboard


async def write(wire: Wire, *texts: str) -> None:
    for text in texts:
        await wire.do(f"/sim/people/{SARI}/text", text=text)


def texts(updates: list[dict[str, Any]]) -> list[str]:
    return [update["message"]["text"] for update in updates]


async def test_updates_are_repeated_until_a_higher_offset_confirms_them(wire: Wire) -> None:
    await write(wire, "satu", "dua")
    first = await wire.updates()
    assert texts(first) == texts(await wire.updates()) == ["satu", "dua"]
    assert first[1]["update_id"] == first[0]["update_id"] + 1

    assert texts(await wire.updates(first[1]["update_id"])) == ["dua"]
    assert texts(await wire.updates()) == ["dua"]


async def test_a_negative_offset_forgets_all_but_the_last(wire: Wire) -> None:
    await write(wire, "satu", "dua", "tiga")
    assert texts(await wire.updates(-1)) == ["tiga"]
    assert texts(await wire.updates()) == ["tiga"]


async def test_the_limit_is_between_1_and_100(wire: Wire) -> None:
    await write(wire, *map(str, range(103)))
    assert len(await wire.updates(limit=2)) == 2
    assert len(await wire.updates(limit=0)) == 100
    assert len(await wire.updates(limit=500)) == 100


async def test_a_long_poll_is_answered_the_moment_something_comes(wire: Wire) -> None:
    poll = asyncio.create_task(wire.updates(timeout=30))
    await asyncio.sleep(0.05)
    await write(wire, "satu")
    assert texts(await asyncio.wait_for(poll, 5)) == ["satu"]


async def test_a_long_poll_ends_empty_when_its_time_is_over(wire: Wire) -> None:
    assert await wire.updates(timeout=1) == []


async def test_the_older_of_two_pollers_gets_the_conflict(wire: Wire) -> None:
    older = asyncio.create_task(wire.call("getUpdates", timeout=30))
    await asyncio.sleep(0.05)
    assert await wire.updates() == []
    assert not older.done()
    assert await wire.updates(timeout=1) == []
    answer = await asyncio.wait_for(older, 5)
    assert answer == {
        "ok": False,
        "error_code": 409,
        "description": "Conflict: terminated by other getUpdates request; "
        "make sure that only one bot instance is running",
    }


async def test_setting_a_webhook_ends_the_poll_and_forbids_the_next(wire: Wire) -> None:
    poll = asyncio.create_task(wire.call("getUpdates", timeout=30))
    await asyncio.sleep(0.05)
    await wire.ok("setWebhook", url="http://127.0.0.1:9/")
    assert (await poll)["description"] == "Conflict: terminated by setWebhook request"
    assert (await wire.refused("getUpdates")).startswith("Conflict: can't use getUpdates method while webhook")
    await wire.ok("deleteWebhook")
    assert await wire.updates() == []


async def test_allowed_updates_are_remembered(wire: Wire) -> None:
    await wire.updates(allowed_updates=["callback_query"])
    await write(wire, "satu")
    assert await wire.updates() == []
    await wire.updates(allowed_updates=[])
    await write(wire, "dua")
    assert texts(await wire.updates()) == ["dua"]


async def test_presses_live_for_150_seconds_and_messages_for_a_day(wire: Wire) -> None:
    sent = await wire.ok("sendMessage", chat_id=SARI, text="x", reply_markup=keyboard("y"))
    await write(wire, "satu")
    await wire.press(sent["message_id"])

    await wire.do("/sim/clock", advance=149)
    assert len(await wire.updates()) == 2
    await wire.do("/sim/clock", advance=2)
    assert texts(await wire.updates()) == ["satu"]
    await wire.do("/sim/clock", advance=24 * 3600)
    assert await wire.updates() == []


async def test_a_press_tells_who_pressed_what_where(wire: Wire) -> None:
    sent = await wire.ok("sendMessage", chat_id=SARI, text="x", reply_markup=keyboard("y"))
    query = await wire.press(sent["message_id"])
    pressed = (await wire.updates())[0]["callback_query"]
    assert (pressed["id"], pressed["from"]["id"], pressed["data"]) == (query, SARI, "y")
    assert pressed["message"] == sent


async def test_a_press_on_a_deleted_message_brings_an_inaccessible_one(wire: Wire) -> None:
    sent = await wire.ok("sendMessage", chat_id=SARI, text="x", reply_markup=keyboard("y"))
    await wire.ok("deleteMessage", chat_id=SARI, message_id=sent["message_id"])
    await wire.press(sent["message_id"])
    message = (await wire.updates())[0]["callback_query"]["message"]
    assert (message["message_id"], message["date"]) == (sent["message_id"], 0)


async def test_what_people_edit_block_and_send_besides_text(wire: Wire) -> None:
    message = await wire.do(f"/sim/people/{SARI}/text", text="hai")
    await wire.do(f"/sim/people/{SARI}/edit", message_id=message["message_id"], text="halo")
    for kind in ("contact", "location", "sticker", "poll"):
        await wire.do(f"/sim/people/{SARI}/{kind}")
    await wire.do(f"/sim/people/{SARI}/forward", message_id=message["message_id"])
    await wire.do(f"/sim/people/{SARI}/block")

    updates = (await wire.updates())[1:]
    assert updates[0]["edited_message"]["text"] == "halo"
    assert all(kind in updates[n]["message"] for n, kind in enumerate(("contact", "location", "sticker", "poll"), 1))
    assert updates[5]["message"]["forward_origin"]["sender_user"]["id"] == SARI
    assert updates[6]["my_chat_member"]["new_chat_member"]["status"] == "kicked"


async def test_raw_updates_pass_as_they_are_even_with_a_lower_id(wire: Wire) -> None:
    await write(wire, "satu")
    known = (await wire.updates())[0]["update_id"]
    await wire.do("/sim/updates", update_id=7, message={"date": 10**18})
    await wire.do("/sim/updates", nonsense=[None])

    found = await wire.updates(known + 1)
    assert found == [{"update_id": 7, "message": {"date": 10**18}}, {"update_id": known + 1, "nonsense": [None]}]
    assert await wire.updates(known + 2) == []
    assert (await wire.do("/sim/updates", update_id=900_000_000, message={}))["update_id"] == 900_000_000
    await write(wire, "dua")
    assert [update["update_id"] for update in await wire.updates()] == [900_000_000, 900_000_001]


async def test_a_duplicate_comes_again_though_it_was_confirmed(wire: Wire) -> None:
    await wire.do("/sim/faults", duplicate_update=1, slow_seconds=0.05)
    await write(wire, "satu")
    first = await wire.updates()
    again = await wire.updates(first[0]["update_id"] + 1, timeout=5)
    assert again == first


async def test_a_late_update_comes_after_those_that_followed_it(wire: Wire) -> None:
    await wire.do("/sim/faults", late_update=1, slow_seconds=0.1)
    await write(wire, "satu")
    await wire.do("/sim/faults", preset="normal")
    await write(wire, "dua")
    first = await wire.updates()
    second = await wire.updates(first[-1]["update_id"] + 1, timeout=5)
    assert texts(first + second) == ["dua", "satu"]


async def test_a_person_who_blocked_cannot_write_or_press(wire: Wire) -> None:
    await wire.do(f"/sim/people/{SARI}/block")
    async with wire.http.post(f"{wire.sim.url}/sim/people/{SARI}/text", json={"text": "hai"}) as response:
        assert (response.status, await response.json()) == (400, {"error": "this person has blocked the bot"})
