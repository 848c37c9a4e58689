"""python-telegram-bot, as it comes, finds in the stand-in what it finds at Telegram."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    LinkPreviewOptions,
    MenuButtonCommands,
    ReplyParameters,
)
from telegram.error import BadRequest, Forbidden, RetryAfter

from tests.simulator.wire import PNG, SARI, Wire


@pytest_asyncio.fixture
async def bot(wire: Wire) -> AsyncIterator[Bot]:
    base = wire.sim.url
    async with Bot(wire.sim.token, base_url=f"{base}/bot", base_file_url=f"{base}/file/bot") as bot:
        yield bot


async def test_it_knows_itself_and_its_updates(wire: Wire, bot: Bot) -> None:
    assert bot.username == "pandu_demo_bot"
    await wire.do(f"/sim/people/{SARI}/start", payload="i_kode")
    update = (await bot.get_updates())[0]
    assert update.message is not None
    assert (update.message.text, update.effective_user and update.effective_user.id) == ("/start i_kode", SARI)
    assert [entity.type for entity in update.message.entities] == ["bot_command"]


async def test_a_message_with_everything_and_an_answer_to_its_press(wire: Wire, bot: Bot) -> None:
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Ya", callback_data="y")]])
    sent = await bot.send_message(
        SARI,
        "<b>Halo</b> 😀",
        parse_mode="HTML",
        reply_markup=keyboard,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
        disable_notification=True,
        protect_content=True,
    )
    assert (sent.text_html, sent.reply_markup) == ("<b>Halo</b> 😀", keyboard)
    await wire.press(sent.message_id)
    query = (await bot.get_updates())[0].callback_query
    assert query is not None
    await query.answer("Baik", show_alert=True)
    await query.edit_message_text("Sudah", reply_markup=keyboard)
    with pytest.raises(BadRequest, match="not modified"):
        await query.edit_message_text("Sudah", reply_markup=keyboard)
    copy = await bot.copy_message(SARI, SARI, sent.message_id, reply_parameters=ReplyParameters(sent.message_id))
    assert await bot.delete_messages(SARI, [sent.message_id, copy.message_id])


async def test_files_up_and_down(wire: Wire, bot: Bot) -> None:
    sent = await bot.send_document(SARI, b"isi", filename="surat resmi.docx", caption="<i>x</i>", parse_mode="HTML")
    assert sent.document is not None
    assert sent.document.file_name == "surat resmi.docx"
    assert bytes(await (await sent.document.get_file()).download_as_bytearray()) == b"isi"
    album = await bot.send_media_group(SARI, [InputMediaPhoto(PNG), InputMediaPhoto(PNG, caption="dua")])
    assert [message.caption for message in album] == [None, "dua"]
    assert (await bot.send_photo(SARI, album[0].photo[-1])).photo == album[0].photo


async def test_commands_and_menu(bot: Bot) -> None:
    await bot.set_my_commands([BotCommand("mulai", "Mulai")], scope=BotCommandScopeChat(SARI), language_code="id")
    found = await bot.get_my_commands(BotCommandScopeChat(SARI), "id")
    assert found == (BotCommand("mulai", "Mulai"),)
    assert await bot.set_chat_menu_button(SARI, MenuButtonCommands())
    assert (await bot.get_chat(SARI)).first_name == "Sari"
    assert (await bot.get_chat_member(SARI, SARI)).status == "member"
    assert await bot.send_chat_action(SARI, "typing")
    assert (await bot.get_webhook_info()).url == ""


async def test_refusals_come_as_its_own_errors(wire: Wire, bot: Bot) -> None:
    await wire.do(f"/sim/people/{SARI}/block")
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(SARI, "x")
    await wire.do("/sim/faults", flood_global=1)
    with pytest.raises(RetryAfter):
        await bot.send_message(SARI, "x")
