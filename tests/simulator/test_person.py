"""The test driver: a play between a person and a small bot that polls the stand-in by HTTP."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from simulator.person import NotSeenError, Person
from simulator.play import PlayError, perform
from tests.simulator.wire import PNG, SARI, Wire


async def echo(wire: Wire) -> None:
    """Says back what it hears; a press edits the message."""
    offset = 0
    while True:
        for update in await wire.updates(offset, timeout=30):
            offset = update["update_id"] + 1
            await answer(wire, update)


async def answer(wire: Wire, update: dict[str, Any]) -> None:
    match update:
        case {"message": message}:
            markup = {"inline_keyboard": [[{"text": "✅ Setuju", "callback_data": "ok"}], [BACK, BACK | {"text": "?"}]]}
            said = message.get("text", "berkas")
            await wire.ok("sendMessage", chat_id=message["chat"]["id"], text=f"Anda: {said}", reply_markup=markup)
        case {"callback_query": query}:
            which = {"chat_id": query["from"]["id"], "message_id": query["message"]["message_id"]}
            await wire.ok("editMessageText", **which, text=f"Ditekan: {query['data']}")
            await wire.ok("answerCallbackQuery", callback_query_id=query["id"], text="Tersimpan")


BACK = {"text": "Kembali", "callback_data": "back"}


@pytest_asyncio.fixture
async def sari(wire: Wire) -> AsyncIterator[Person]:
    bot = asyncio.create_task(echo(wire))
    person = Person(wire.sim, SARI, "Sari")
    yield person
    person.leaves()
    bot.cancel()
    await asyncio.gather(bot, return_exceptions=True)


async def test_a_play_of_saying_pressing_and_seeing(sari: Person) -> None:
    await sari.start("i_kode")
    await sari.sees("Anda: /start i_kode")
    await sari.says("halo")
    await sari.sees("Anda: halo", "Setuju")
    assert sari.screen() == "Anda: halo\n[✅ Setuju]\n[Kembali] [?]"

    assert await sari.presses("Setuju") == "Tersimpan"
    await sari.sees("Ditekan: ok")
    assert sari.toasts == ["Tersimpan"]
    assert await sari.sees_toast("simpan")
    assert sari.play().endswith("you:  halo\nbot:  Ditekan: ok")


async def test_an_older_button_can_be_meant_by_its_message(sari: Person) -> None:
    await sari.says("satu")
    first = await sari.sees("Anda: satu")
    await sari.says("dua")
    await sari.sees("Anda: dua")
    await sari.presses("back", first)
    assert (await sari.sees("Ditekan"))["message_id"] == first["message_id"]


async def test_files_albums_and_the_rest(sari: Person) -> None:
    photo = await sari.sends_photo(PNG, caption="bukti")
    await sari.sees_next(photo, "berkas")
    album = await sari.sends_album([PNG, PNG + b"x"])
    document = await sari.sends_document("buku.pdf", b"%PDF")
    await sari.sends("contact")
    await sari.sees_next(document, "berkas")
    assert (photo["caption"], len({one["media_group_id"] for one in album})) == ("bukti", 1)
    assert document["document"]["mime_type"] == "application/pdf"


PLAY = """
# A conversation as the programme's people read it
— Sari —
you:  halo
bot:  Anda: halo
      [✅ Setuju]
      [Kembali] …
you:  [Setuju]
bot:  Ditekan: …
you:  (foto.png) bukti
bot:  Anda: berkas…
time: +2 days
you:  /start i_kode
bot:  …i_kode…
"""


async def test_a_play_kept_as_text_is_performed(sari: Person) -> None:
    before = sari.sim.clock.time()
    await perform(PLAY, {"Sari": sari}, {"foto.png": PNG})
    assert sari.sim.clock.time() - before > 2 * 86400
    assert "you:  (photo)\n      bukti" in sari.play()


@pytest.mark.parametrize(
    ("play", "complaint"),
    [
        ("you:  halo\nbot:  Anda: hola", "line 2: bot: Anda: hola"),
        ("you:  [Hapus]", "line 1: you: \\[Hapus\\]"),
        ("he:  halo", "line 1: expected you:"),
        ("— Budi —", "line 1: nobody here is called 'Budi'"),
        ("you:  (a.pdf)", "line 1: no file 'a.pdf'"),
        ("time: soon", "line 1: expected like"),
    ],
)
async def test_a_play_that_is_not_as_written_names_the_line(
    sari: Person, play: str, complaint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("simulator.person.PATIENCE", 0.2)
    with pytest.raises(PlayError, match=complaint):
        await perform(play, {"Sari": sari})


async def test_what_does_not_come_shows_the_screen_instead(sari: Person) -> None:
    await sari.says("halo")
    await sari.sees("Anda: halo")
    with pytest.raises(NotSeenError, match="you:  halo"):
        await sari.sees("selamat tinggal", within=0.05)
    with pytest.raises(NotSeenError, match="no button 'Hapus'"):
        await sari.presses("Hapus")
