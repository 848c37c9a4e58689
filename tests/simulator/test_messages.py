"""Sending, editing, deleting, answering: Telegram's hard limits and its very words."""

from typing import Any

import aiohttp
import pytest

from tests.simulator.wire import PNG, SARI, Wire, keyboard

SAYING = {"chat_id": SARI, "text": "Halo"}


async def test_a_message_returns_as_telegram_returns_it(wire: Wire) -> None:
    message = await wire.ok("sendMessage", **SAYING, reply_markup=keyboard("y"))

    assert message["from"] == {"id": 1, "is_bot": True, "first_name": "Pandu", "username": "pandu_demo_bot"}
    assert message["chat"] == {"id": SARI, "first_name": "Sari", "type": "private"}
    assert (message["text"], message["reply_markup"]) == ("Halo", keyboard("y"))


@pytest.mark.parametrize("as_form", [True, False])
async def test_form_and_json_bodies_are_one(wire: Wire, as_form: bool) -> None:
    params = {"chat_id": str(SARI), "text": "Halo", "reply_markup": '{"inline_keyboard": []}'}
    how: dict[str, Any] = {"data": params} if as_form else {"json": params}
    async with wire.http.post(f"{wire.sim.url}/bot1:demo/sendmessage", **how) as response:
        assert (await response.json())["result"]["text"] == "Halo"


async def test_parameters_in_the_address_count_too(wire: Wire) -> None:
    address = f"{wire.sim.url}/bot1:demo/sendMessage"
    async with wire.http.get(address, params={"chat_id": SARI, "text": "Halo"}) as response:
        assert (await response.json())["ok"]


async def test_wrong_token_unknown_method_and_nonsense_paths(wire: Wire) -> None:
    found = []
    for path in ("/bot1:other/getMe", "/bot1:demo/sendRocket", "/botnonsense/getMe", "/bot1:demo/sendPoll"):
        async with wire.http.post(wire.sim.url + path) as response:
            found.append((await response.json())["description"])
    assert found == ["Unauthorized", "Not Found", "Not Found", "Not Found"]


@pytest.mark.parametrize(
    ("method", "params", "words"),
    [
        ("sendMessage", {"text": "x"}, "chat_id is empty"),
        ("sendMessage", {"chat_id": SARI}, "message text is empty"),
        ("sendMessage", {"chat_id": SARI, "text": " \n "}, "message text is empty"),
        ("sendMessage", {"chat_id": SARI, "text": "<b></b>", "parse_mode": "HTML"}, "message text is empty"),
        ("sendMessage", {"chat_id": 4, "text": "x"}, "chat not found"),
        ("sendMessage", {"chat_id": "@nobody", "text": "x"}, "chat not found"),
        ("sendMessage", {**SAYING, "parse_mode": "Fancy"}, "unsupported parse_mode"),
        ("sendMessage", {**SAYING, "reply_parameters": {"message_id": 99}}, "message to be replied not found"),
        ("sendMessage", {**SAYING, "shout": True}, 'unknown parameter "shout"'),
        ("sendMessage", {**SAYING, "reply_markup": "{"}, "can't parse reply_markup JSON object"),
        ("sendMessage", {**SAYING, "reply_markup": "[]"}, "object expected as reply_markup"),
        ("editMessageText", {"chat_id": SARI, "text": "x"}, "message identifier is not specified"),
        ("editMessageText", {"chat_id": SARI, "message_id": 99, "text": "x"}, "message to edit not found"),
        ("deleteMessage", {"chat_id": SARI, "message_id": 99}, "message to delete not found"),
        ("copyMessage", {"chat_id": SARI, "from_chat_id": SARI, "message_id": 99}, "message to copy not found"),
        ("sendChatAction", {"chat_id": SARI, "action": "dance"}, "wrong parameter action in request"),
        ("sendPhoto", {"chat_id": SARI}, "there is no photo in the request"),
        ("sendDocument", {"chat_id": SARI}, "there is no document in the request"),
        ("sendVoice", {"chat_id": SARI}, "there is no voice in the request"),
        ("sendVideo", {"chat_id": SARI}, "there is no video in the request"),
        ("sendDocument", {"chat_id": SARI, "document": "no"}, "wrong file identifier/HTTP URL specified"),
        ("getFile", {"file_id": "no"}, "invalid file_id"),
        ("setMyCommands", {"commands": [{"command": "A B", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ("pinChatMessage", {"chat_id": SARI, "message_id": 99}, "message to pin not found"),
        ("leaveChat", {"chat_id": SARI}, "chat member status can't be changed in private chats"),
    ],
)
async def test_a_bad_request_hears_telegrams_words(
    wire: Wire, method: str, params: dict[str, object], words: str
) -> None:
    assert await wire.refused(method, **params) == f"Bad Request: {words}"


@pytest.mark.parametrize(
    ("button", "words"),
    [
        ({"text": "x", "callback_data": "é" * 33}, "BUTTON_DATA_INVALID"),
        (
            {"text": "x", "callback_data": ""},
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        ({"callback_data": "x"}, "can't parse reply_markup.inline_keyboard: Can't find field \"text\""),
        (
            {"text": "x", "url": "ftp://example.com"},
            "inline keyboard button URL 'ftp://example.com' is invalid: Unsupported URL protocol",
        ),
        ({"text": "x", "url": "no link"}, "inline keyboard button URL 'no link' is invalid: Wrong HTTP URL"),
        (
            {"text": "x", "callback_data": "y", "colour": 1},
            'unknown parameter "reply_markup.inline_keyboard.colour"',
        ),
    ],
)
async def test_a_bad_button_is_refused(wire: Wire, button: dict[str, object], words: str) -> None:
    markup = {"inline_keyboard": [[button]]}
    assert await wire.refused("sendMessage", **SAYING, reply_markup=markup) == f"Bad Request: {words}"


async def test_button_data_is_counted_in_bytes(wire: Wire) -> None:
    assert await wire.ok("sendMessage", **SAYING, reply_markup=keyboard("é" * 32))


async def test_a_hundred_buttons_and_no_more(wire: Wire) -> None:
    assert await wire.ok("sendMessage", **SAYING, reply_markup=keyboard(*map(str, range(100))))
    words = await wire.refused("sendMessage", **SAYING, reply_markup=keyboard(*map(str, range(101))))
    assert words == "Bad Request: REPLY_MARKUP_TOO_LONG"


async def test_text_is_counted_in_utf16_units_after_parsing(wire: Wire) -> None:
    html = {"chat_id": SARI, "parse_mode": "HTML"}
    longest = await wire.ok("sendMessage", **html, text=f"<b>{'😀' * 2048}</b>")
    assert longest["entities"] == [{"type": "bold", "offset": 0, "length": 4096}]

    too_long = f"<b>{'😀' * 2048}x</b>"
    assert await wire.refused("sendMessage", **html, text=too_long) == "Bad Request: message is too long"
    edit = {**html, "message_id": longest["message_id"], "text": too_long}
    assert await wire.refused("editMessageText", **edit) == "Bad Request: MESSAGE_TOO_LONG"


async def test_a_caption_has_1024_units(wire: Wire) -> None:
    part = {"photo": ("a.png", PNG)}
    fits = await wire.upload("sendPhoto", part, chat_id=str(SARI), caption="😀" * 512)
    assert fits["ok"]
    refused = await wire.upload("sendPhoto", part, chat_id=str(SARI), caption="😀" * 512 + "x")
    assert refused["description"] == "Bad Request: message caption is too long"


async def test_an_answer_to_a_press_has_200_units(wire: Wire) -> None:
    message = await wire.ok("sendMessage", **SAYING, reply_markup=keyboard("y"))
    query = await wire.press(message["message_id"])

    assert await wire.refused("answerCallbackQuery", callback_query_id=query, text="x" * 201) == (
        "Bad Request: MESSAGE_TOO_LONG"
    )
    assert await wire.ok("answerCallbackQuery", callback_query_id=query, text="😀" * 100)


async def test_a_press_is_answered_once_and_in_time(wire: Wire) -> None:
    too_old = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    message = await wire.ok("sendMessage", **SAYING, reply_markup=keyboard("y"))
    first, second = await wire.press(message["message_id"]), await wire.press(message["message_id"])

    assert await wire.ok("answerCallbackQuery", callback_query_id=first)
    assert await wire.refused("answerCallbackQuery", callback_query_id=first) == too_old
    wire.sim.clock.advance(61)
    assert await wire.refused("answerCallbackQuery", callback_query_id=second) == too_old
    assert await wire.refused("answerCallbackQuery", callback_query_id="12") == too_old


async def test_an_edit_changes_text_and_takes_an_unnamed_keyboard_away(wire: Wire) -> None:
    sent = await wire.ok("sendMessage", **SAYING, reply_markup=keyboard("y"))
    edited = await wire.ok("editMessageText", chat_id=SARI, message_id=sent["message_id"], text="Baru")
    assert (edited["text"], "reply_markup" in edited, "edit_date" in edited) == ("Baru", False, True)


async def test_an_edit_to_the_same_is_refused(wire: Wire) -> None:
    sent = await wire.ok("sendMessage", **SAYING, reply_markup=keyboard("y"))
    edit = {**SAYING, "message_id": sent["message_id"]}
    same = await wire.refused("editMessageText", **edit, reply_markup=keyboard("y"))
    assert same.startswith("Bad Request: message is not modified: specified new message content")
    assert (await wire.ok("editMessageText", **edit, reply_markup=keyboard("n")))["reply_markup"]


async def test_only_the_bots_own_messages_are_edited(wire: Wire) -> None:
    theirs = await wire.do(f"/sim/people/{SARI}/text", text="hai")
    edit = {"chat_id": SARI, "message_id": theirs["message_id"], "text": "x"}
    assert await wire.refused("editMessageText", **edit) == "Bad Request: message can't be edited"


async def test_text_and_caption_are_not_mixed_up(wire: Wire) -> None:
    text = await wire.ok("sendMessage", **SAYING)
    answer = await wire.upload("sendPhoto", {"photo": ("a.png", PNG)}, chat_id=str(SARI))
    photo = answer["result"]

    on_text = {"chat_id": SARI, "message_id": text["message_id"], "caption": "x"}
    on_photo = {"chat_id": SARI, "message_id": photo["message_id"]}
    assert "there is no caption in the message to edit" in await wire.refused("editMessageCaption", **on_text)
    assert "there is no text in the message to edit" in await wire.refused("editMessageText", **on_photo, text="x")
    assert (await wire.ok("editMessageCaption", **on_photo, caption="baru"))["caption"] == "baru"


async def test_a_keyboard_alone_is_changed_and_removed(wire: Wire) -> None:
    sent = await wire.ok("sendMessage", **SAYING, reply_markup=keyboard("y"))
    which = {"chat_id": SARI, "message_id": sent["message_id"]}
    changed = await wire.ok("editMessageReplyMarkup", **which, reply_markup=keyboard("n"))
    assert changed["reply_markup"] == keyboard("n")
    assert "reply_markup" not in await wire.ok("editMessageReplyMarkup", **which)
    assert "not modified" in await wire.refused("editMessageReplyMarkup", **which)


async def test_nothing_older_than_48_hours_is_deleted(wire: Wire) -> None:
    old = await wire.ok("sendMessage", **SAYING)
    wire.sim.clock.advance(48 * 3600 + 1)
    young = await wire.ok("sendMessage", **SAYING)

    which = {"chat_id": SARI, "message_id": old["message_id"]}
    assert await wire.refused("deleteMessage", **which) == "Bad Request: message can't be deleted for everyone"
    assert await wire.ok("deleteMessage", chat_id=SARI, message_id=young["message_id"]) is True


async def test_many_are_deleted_at_once_and_missing_ones_skipped(wire: Wire) -> None:
    ids = [(await wire.ok("sendMessage", **SAYING))["message_id"] for _ in range(3)]
    assert await wire.ok("deleteMessages", chat_id=SARI, message_ids=[*ids, 999])
    assert await wire.get(f"/sim/people/{SARI}/messages") == []
    words = await wire.refused("deleteMessages", chat_id=SARI, message_ids=list(range(1, 102)))
    assert words == "Bad Request: too many message identifiers specified"


async def test_a_copy_has_the_content_and_its_own_keyboard(wire: Wire) -> None:
    theirs = await wire.do(f"/sim/people/{SARI}/text", text="hai https://contoh.go.id")
    copy = {"chat_id": SARI, "from_chat_id": SARI, "message_id": theirs["message_id"]}
    made = await wire.ok("copyMessage", **copy, reply_markup=keyboard("y"))
    last = (await wire.get(f"/sim/people/{SARI}/messages"))[-1]
    assert set(made) == {"message_id"}
    assert (last["message_id"], last["text"], last["reply_markup"]) == (
        made["message_id"],
        theirs["text"],
        keyboard("y"),
    )


async def test_a_reply_shows_what_it_answers(wire: Wire) -> None:
    theirs = await wire.do(f"/sim/people/{SARI}/text", text="hai")
    reply = {"message_id": theirs["message_id"]}
    sent = await wire.ok("sendMessage", **SAYING, reply_parameters=reply)
    assert sent["reply_to_message"]["text"] == "hai"
    lenient = {"message_id": 999, "allow_sending_without_reply": True}
    assert "reply_to_message" not in await wire.ok("sendMessage", **SAYING, reply_parameters=lenient)


async def test_who_cannot_be_written_to(wire: Wire) -> None:
    await wire.do("/sim/people", id=7, first_name="Baru")
    await wire.do("/sim/people", id=8, first_name="Hapus", deactivated=True, started=True)
    await wire.do(f"/sim/people/{SARI}/block")

    words = {who: await wire.refused("sendMessage", chat_id=who, text="x") for who in (SARI, 7, 8)}
    assert words == {
        SARI: "Forbidden: bot was blocked by the user",
        7: "Forbidden: bot can't initiate conversation with a user",
        8: "Forbidden: user is deactivated",
    }


async def test_pressing_start_unblocks(wire: Wire) -> None:
    await wire.do(f"/sim/people/{SARI}/block")
    await wire.do(f"/sim/people/{SARI}/start", payload="i_kode")
    kinds = [min(set(update) - {"update_id"}) for update in await wire.updates()]
    assert kinds == ["my_chat_member", "my_chat_member", "message"]
    assert await wire.ok("sendMessage", **SAYING)


async def test_the_date_header_and_the_messages_follow_the_simulated_clock(wire: Wire) -> None:
    await wire.do("/sim/clock", to="2026-12-01T16:59:00Z")
    sent = await wire.ok("sendMessage", **SAYING)
    async with wire.http.post(f"{wire.sim.url}/bot1:demo/getMe") as response:
        assert response.headers.getall("Date")[0].startswith("Tue, 01 Dec 2026 16:59:0")
    assert 0 <= sent["date"] - 1796144340 < 5


async def test_lone_surrogates_do_not_bring_it_down(wire: Wire) -> None:
    body = b'{"chat_id": %d, "text": "a\\ud800b"}' % SARI
    headers = {"Content-Type": "application/json"}
    async with wire.http.post(f"{wire.sim.url}/bot1:demo/sendMessage", data=body, headers=headers) as response:
        assert response.status in (200, 400)
    assert await wire.ok("getMe")


async def test_a_body_that_is_no_object_is_refused(wire: Wire) -> None:
    headers = {"Content-Type": "application/json"}
    async with wire.http.post(f"{wire.sim.url}/bot1:demo/getMe", data=b"[1", headers=headers) as response:
        assert response.status == 400


async def test_what_is_not_documented_passes_when_it_need_not_be_strict() -> None:
    from simulator.server import Simulator

    async with Simulator(strict=False) as sim, aiohttp.ClientSession() as http:
        lenient = Wire(sim, http)
        assert await lenient.ok("getMe", shout=1)
        assert sim.ledger.refusals[0]["description"] == 'unknown parameter "shout"'
