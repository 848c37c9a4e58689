"""Commands by scope and language, menu button, descriptions, membership, groups that move."""

from typing import Any

import pytest

from tests.simulator.wire import SARI, Wire


def menu(*names: str) -> list[dict[str, str]]:
    return [{"command": name, "description": name.title()} for name in names]


async def shown(wire: Wire) -> list[str]:
    async with wire.http.ws_connect(f"{wire.sim.url}/live") as page:
        chat = (await page.receive_json())["chats"][str(SARI)]
    return [one["command"] for one in chat["commands"]]


async def test_the_narrowest_scope_and_the_own_language_win(wire: Wire) -> None:
    assert await shown(wire) == []
    for expected, params in (
        ("a", {}),
        ("b", {"language_code": "id"}),
        ("c", {"scope": {"type": "all_private_chats"}}),
        ("d", {"scope": {"type": "chat", "chat_id": SARI}}),
        ("e", {"scope": {"type": "chat", "chat_id": SARI}, "language_code": "id"}),
    ):
        await wire.ok("setMyCommands", commands=menu(expected), **params)
        assert await shown(wire) == [expected]
    assert await wire.ok("getMyCommands") == menu("a")
    await wire.ok("deleteMyCommands", scope={"type": "chat", "chat_id": SARI}, language_code="id")
    assert await shown(wire) == ["d"]


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"scope": {"type": "chat", "chat_id": 4}}, "chat not found"),
        ({"scope": {"type": "street"}}, "can't parse BotCommandScope: Unsupported type specified"),
        ({"language_code": "indonesia"}, "invalid language code specified"),
        ({"commands": menu(*[f"c{n}" for n in range(101)])}, "BOT_COMMANDS_TOO_MUCH"),
        ({"commands": [{"command": "a", "description": ""}]}, "BOT_COMMAND_DESCRIPTION_INVALID"),
    ],
)
async def test_commands_that_telegram_does_not_take(wire: Wire, params: dict[str, Any], words: str) -> None:
    assert await wire.refused("setMyCommands", **{"commands": menu("a"), **params}) == f"Bad Request: {words}"


async def test_a_menu_button_of_ones_own_or_for_all(wire: Wire) -> None:
    assert await wire.ok("getChatMenuButton", chat_id=SARI) == {"type": "commands"}
    await wire.ok("setChatMenuButton", menu_button={"type": "default"})
    await wire.ok("setChatMenuButton", chat_id=SARI, menu_button={"type": "commands"})
    assert await wire.ok("getChatMenuButton") == {"type": "default"}
    assert await wire.ok("getChatMenuButton", chat_id=SARI) == {"type": "commands"}


async def test_descriptions_have_their_length(wire: Wire) -> None:
    assert await wire.ok("setMyDescription", description="x" * 512)
    assert await wire.ok("setMyShortDescription", short_description="x" * 120)
    assert "too long" in await wire.refused("setMyShortDescription", short_description="x" * 121)


async def test_a_chat_and_its_members(wire: Wire) -> None:
    pinned = await wire.ok("sendMessage", chat_id=SARI, text="penting")
    await wire.ok("pinChatMessage", chat_id=SARI, message_id=pinned["message_id"])
    chat = await wire.ok("getChat", chat_id=SARI)
    assert (chat["type"], chat["first_name"], chat["pinned_message"]["text"]) == ("private", "Sari", "penting")
    await wire.ok("unpinChatMessage", chat_id=SARI)
    assert "pinned_message" not in await wire.ok("getChat", chat_id=SARI)

    group = (await wire.do("/sim/groups", title="Tim", members=[SARI]))["id"]
    await wire.do("/sim/people", id=7, first_name="Budi")
    found = {who: (await wire.ok("getChatMember", chat_id=group, user_id=who))["status"] for who in (1, SARI, 7)}
    assert found == {1: "member", SARI: "member", 7: "left"}


async def test_in_a_group_people_write_and_the_bot_can_be_thrown_out(wire: Wire) -> None:
    group = (await wire.do("/sim/groups", title="Tim", members=[SARI]))["id"]
    await wire.do(f"/sim/groups/{group}/text", **{"from": SARI, "text": "halo"})
    await wire.do(f"/sim/groups/{group}/kick")
    added, said, kicked = await wire.updates()
    assert added["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert (said["message"]["chat"]["id"], said["message"]["from"]["id"]) == (group, SARI)
    assert kicked["my_chat_member"]["new_chat_member"]["status"] == "kicked"
    words = await wire.refused("sendMessage", chat_id=group, text="x")
    assert words == "Forbidden: bot was kicked from the group chat"


async def test_the_bot_leaves_a_group(wire: Wire) -> None:
    group = (await wire.do("/sim/groups", title="Tim", members=[SARI]))["id"]
    await wire.ok("leaveChat", chat_id=group)
    assert (await wire.updates())[-1]["my_chat_member"]["new_chat_member"]["status"] == "left"


async def test_a_group_that_moved_says_where_to(wire: Wire) -> None:
    group = (await wire.do("/sim/groups", title="Tim", members=[SARI]))["id"]
    moved = (await wire.do(f"/sim/groups/{group}/migrate"))["id"]
    answer = await wire.call("sendMessage", chat_id=group, text="x")
    assert answer == {
        "ok": False,
        "error_code": 400,
        "description": "Bad Request: group chat was upgraded to a supergroup chat",
        "parameters": {"migrate_to_chat_id": moved},
    }
    assert (await wire.ok("sendMessage", chat_id=moved, text="x"))["chat"]["type"] == "supergroup"
    notes = [update["message"] for update in (await wire.updates())[1:]]
    assert [notes[0]["migrate_to_chat_id"], notes[1]["migrate_from_chat_id"]] == [moved, group]
