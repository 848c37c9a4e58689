"""Files both ways: ids, names, sizes, albums, and what Telegram does not take."""

import io
import json
from typing import Any

import aiohttp
import pytest

from simulator import files, pictures
from tests.simulator.wire import PNG, SARI, Wire

TO_SARI = {"chat_id": str(SARI)}
MEGABYTE = 1024 * 1024
TOO_BIG_PHOTO = (
    f"Bad Request: file of size {len(PNG) + 10 * MEGABYTE} bytes is too big for a photo; "
    "the maximum size is 10485760 bytes"
)
LONG_AND_THIN = PNG[:16] + b"\0\0\x27\x10\0\0\0\x01"


async def person_sends(wire: Wire, *parts: tuple[str, bytes], **fields: str) -> list[dict[str, Any]]:
    form = aiohttp.FormData(quote_fields=False)
    for name, content in parts:
        form.add_field("files", io.BytesIO(content), filename=name)
    for key, value in fields.items():
        form.add_field(key, value)
    async with wire.http.post(f"{wire.sim.url}/sim/people/{SARI}/files", data=form) as response:
        assert response.status == 200, await response.text()
        found: list[dict[str, Any]] = (await response.json())["messages"]
    return found


async def test_a_document_keeps_name_and_type_and_comes_back_byte_for_byte(wire: Wire) -> None:
    sent = (await person_sends(wire, ("buku 1.pdf", b"%PDF-1.7 x"), caption="Buku I"))[0]
    document = sent["document"]
    assert (document["file_name"], document["mime_type"], document["file_size"], sent["caption"]) == (
        "buku 1.pdf",
        "application/pdf",
        10,
        "Buku I",
    )
    file = await wire.ok("getFile", file_id=document["file_id"])
    async with wire.http.get(f"{wire.sim.url}/file/bot1:demo/{file['file_path']}") as response:
        assert await response.read() == b"%PDF-1.7 x"
    async with wire.http.get(f"{wire.sim.url}/file/bot1:wrong/{file['file_path']}") as response:
        assert response.status == 404
    async with wire.http.get(f"{wire.sim.url}/sim/files/{document['file_id']}") as response:
        assert response.headers["Content-Type"] == "application/pdf"
        assert "buku%201.pdf" in response.headers["Content-Disposition"]


async def test_ids_come_from_the_content(wire: Wire) -> None:
    first = (await person_sends(wire, ("a.pdf", b"sama")))[0]["document"]
    second = (await person_sends(wire, ("b.pdf", b"sama")))[0]["document"]
    third = (await person_sends(wire, ("a.pdf", b"lain")))[0]["document"]
    assert first["file_unique_id"] == second["file_unique_id"] != third["file_unique_id"]
    assert second["file_name"] == "b.pdf"


async def test_a_photo_has_sizes_and_each_can_be_fetched(wire: Wire) -> None:
    photo = (await person_sends(wire, ("a.png", PNG), **{"as": "photo"}))[0]["photo"]
    assert [(size["width"], size["height"]) for size in photo] == [(90, 51), (320, 180), (640, 360)]
    for size in photo:
        file = await wire.ok("getFile", file_id=size["file_id"])
        assert file["file_unique_id"] == size["file_unique_id"]
    assert len({size["file_unique_id"] for size in photo}) == 3


async def test_a_photo_that_is_no_picture_goes_as_a_document(wire: Wire) -> None:
    assert "document" in (await person_sends(wire, ("a.jpg", b"teks"), **{"as": "photo"}))[0]


async def test_several_files_are_one_album_with_the_caption_under_the_first(wire: Wire) -> None:
    sent = await person_sends(wire, *[(f"{n}.png", PNG) for n in range(5)], **{"as": "photo"}, caption="Rapat")
    assert len({message["media_group_id"] for message in sent}) == 1
    assert [message.get("caption") for message in sent] == ["Rapat", None, None, None, None]
    assert len(await wire.updates()) == 5


async def test_the_bot_downloads_no_more_than_20_megabytes(wire: Wire) -> None:
    fits, too_big = await person_sends(wire, ("a.bin", bytes(20 * MEGABYTE)), ("b.bin", bytes(20 * MEGABYTE + 1)))
    assert await wire.ok("getFile", file_id=fits["document"]["file_id"])
    words = await wire.refused("getFile", file_id=too_big["document"]["file_id"])
    assert words == "Bad Request: file is too big"


async def test_the_bot_sends_a_document_and_sends_it_again_by_its_id(wire: Wire) -> None:
    answer = await wire.upload(
        "sendDocument", {"document": ("surat.docx", b"isi")}, **TO_SARI, caption="<b>x</b>", parse_mode="HTML"
    )
    document = answer["result"]["document"]
    assert answer["result"]["caption_entities"] == [{"type": "bold", "offset": 0, "length": 1}]
    again = await wire.ok("sendDocument", chat_id=SARI, document=document["file_id"])
    assert again["document"] == document
    words = await wire.refused("sendPhoto", chat_id=SARI, photo=document["file_id"])
    assert words == "Bad Request: can't use file of type Document as Photo"


@pytest.mark.parametrize("kind", ["voice", "video"])
async def test_the_bot_passes_on_what_a_person_said_or_filmed_by_its_id(wire: Wire, kind: str) -> None:
    sent = (await person_sends(wire, ("suara.ogg", b"OggS isi"), **{"as": kind}))[0]
    again = await wire.ok(f"send{kind.title()}", chat_id=SARI, **{kind: sent[kind]["file_id"]}, caption="x")
    assert again[kind] == sent[kind]
    words = await wire.refused("sendDocument", chat_id=SARI, document=sent[kind]["file_id"])
    assert words == f"Bad Request: can't use file of type {kind.title()} as Document"


async def test_a_file_may_be_named_by_attach(wire: Wire) -> None:
    answer = await wire.upload("sendDocument", {"part": ("a.pdf", b"isi")}, **TO_SARI, document="attach://part")
    assert answer["result"]["document"]["file_name"] == "a.pdf"


@pytest.mark.parametrize(
    ("method", "kind", "head", "more", "words"),
    [
        ("sendDocument", "document", b"", 0, "Bad Request: file must be non-empty"),
        ("sendDocument", "document", b"x", 50 * MEGABYTE, "Request Entity Too Large"),
        ("sendDocument", "document", b"x", 70 * MEGABYTE, "Request Entity Too Large"),
        ("sendPhoto", "photo", PNG, 10 * MEGABYTE, TOO_BIG_PHOTO),
        ("sendPhoto", "photo", b"teks", 0, "Bad Request: IMAGE_PROCESS_FAILED"),
        ("sendPhoto", "photo", LONG_AND_THIN, 0, "Bad Request: PHOTO_INVALID_DIMENSIONS"),
    ],
)
async def test_uploads_that_telegram_does_not_take(
    wire: Wire, method: str, kind: str, head: bytes, more: int, words: str
) -> None:
    try:
        answer = await wire.upload(method, {kind: ("a", head + bytes(more))}, **TO_SARI)
    except aiohttp.ClientOSError:
        # The answer to what is far too large may be lost, since the rest of it is not read.
        assert more > files.LARGEST_UPLOAD
    else:
        assert answer["description"] == words


async def album(wire: Wire, *kinds: str) -> dict[str, Any]:
    media = [{"type": kind, "media": f"attach://f{n}", "caption": f"{n}"} for n, kind in enumerate(kinds)]
    parts = {f"f{n}": (f"{n}.png", PNG) for n in range(len(kinds))}
    return await wire.upload("sendMediaGroup", parts, **TO_SARI, media=json.dumps(media))


async def test_the_bot_sends_an_album(wire: Wire) -> None:
    sent = (await album(wire, "photo", "photo", "photo"))["result"]
    assert len({message["media_group_id"] for message in sent}) == 1
    assert [message["caption"] for message in sent] == ["0", "1", "2"]
    entry = (await wire.get("/sim/ledger"))[-1]
    assert entry["message_ids"] == [message["message_id"] for message in sent]


async def test_an_album_of_one_is_a_message_by_itself(wire: Wire) -> None:
    assert "media_group_id" not in (await album(wire, "photo"))["result"][0]


async def test_albums_that_telegram_does_not_take(wire: Wire) -> None:
    assert "too many messages" in (await album(wire, *["photo"] * 11))["description"]
    assert "can't be mixed" in (await album(wire, "photo", "document"))["description"]
    assert "is unsupported" in (await album(wire, "photo", "sticker"))["description"]
    assert "no messages to send" in await wire.refused("sendMediaGroup", chat_id=SARI, media=[])


async def test_what_somebody_sent_cannot_act_as_a_page(wire: Wire) -> None:
    sent = (await person_sends(wire, ("a.html", b"<script>alert(1)</script>")))[0]
    async with wire.http.get(f"{wire.sim.url}/sim/files/{sent['document']['file_id']}") as response:
        assert response.headers["Content-Security-Policy"] == "sandbox"


@pytest.mark.parametrize(
    ("content", "size"),
    [
        (PNG, (640, 360)),
        (b"GIF89a\x10\x00\x20\x00", (16, 32)),
        (b"\xff\xd8\xff\xe0\x00\x04\x00\x00\xff\xc0\x00\x11\x08\x00\x10\x00\x20", (32, 16)),
        (b"RIFF\0\0\0\0WEBPVP8X\0\0\0\0\0\0\0\0\x0f\0\0\x1f\0\0", (16, 32)),
        (b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f\x0f\xc0\x07\x00", (16, 32)),
        (b"RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\x9d\x01\x2a\x10\x00\x20\x00", (16, 32)),
        (b"\x89PNG\r\n\x1a\n", None),
        (b"\xff\xd8\x00", None),
        (b"%PDF", None),
    ],
)
def test_the_size_of_a_picture_is_read_from_its_beginning(content: bytes, size: tuple[int, int] | None) -> None:
    assert pictures.dimensions(content) == size
