"""Whatever a person may send: seeded, so that a finding can be found again."""

import random
from collections.abc import Callable, Mapping
from typing import Any

from tests import stage

Content = dict[str, Any]
COMMANDS = ("/tidakada", "/start@orang_lain_bot", "/1", "/ menu", "/\u200b", "/MENU_LAMA 5", "/" + "x" * 300)
WORDS = (
    "Selesai", "Batal", "tolong dibantu", "<b>tebal</b> & <a href='x'>", "{name} %s %d", "👍🏽" * 40, "\u202egnp.exe",
    "'; DROP TABLE items; --", "{{7*7}}", "3276010101900001", "1.234,5", "\u200b", "🇮🇩", "a\u0301" * 60, "0",
    "https://contoh.test/berkas", "http://", "file:///etc/passwd", "31/02/2022", "\u0000", "Ω≈ç√∫", "\ufeffhalo",
)  # fmt: skip


def text(chance: random.Random) -> Content:
    return {"text": chance.choice((*WORDS, _sentence(chance), _sentence(chance)))}


def _sentence(chance: random.Random) -> str:
    letters = "abcdefghijklmnopqrstuvwxyz"
    return " ".join("".join(chance.choices(letters, k=chance.randint(6, 12))) for _ in range(chance.randint(2, 9)))


def longest(chance: random.Random) -> Content:
    return {"text": _sentence(chance) * 200}


def clipped(content: Content) -> Content:
    return {"text": content["text"][:4096]} if "text" in content else content


def sticker(_chance: random.Random) -> Content:
    flags = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
    return {"sticker": {"file_id": "s", "file_unique_id": "s", **flags}}


def voice(chance: random.Random) -> Content:
    return {"voice": {"file_id": "v", "file_unique_id": "v", "duration": chance.randint(1, 900)}}


def contact(chance: random.Random) -> Content:
    return {"contact": {"phone_number": "+62", "first_name": "Orang lain", "user_id": chance.randint(1, 9**9)}}


def location(_chance: random.Random) -> Content:
    return {"location": {"latitude": -6.2, "longitude": 106.8}}


def poll(_chance: random.Random) -> Content:
    flags = {"is_closed": False, "is_anonymous": True, "allows_multiple_answers": False, "type": "regular"}
    return {"poll": {"id": "1", "question": "?", "options": [], "total_voter_count": 0, **flags}}


def forwarded(chance: random.Random) -> Content:
    user = {"id": 5, "is_bot": False, "first_name": "Orang lain"}
    origin = {"type": "user", "date": int(stage.NOW.timestamp()), "sender_user": user}
    return {**text(chance), "forward_origin": origin}


def unknown_command(chance: random.Random) -> Content:
    return {"text": chance.choice(COMMANDS)}


def album_part(chance: random.Random) -> Content:
    sizes = [{"file_id": "p", "file_unique_id": "p", "width": 9, "height": 9, "file_size": chance.randint(1, 10**6)}]
    return {"photo": sizes, "media_group_id": str(chance.randint(1, 10**9))}


def document(chance: random.Random) -> Content:
    name = chance.choice(("a.pdf", "../../etc/passwd", "\u202efdp.exe", "", "x" * 300 + ".pdf"))
    about = {"file_id": "d", "file_unique_id": "d", "file_name": name, "mime_type": "application/x-" + "y" * 200}
    return {"document": {**about, "file_size": chance.choice((0, 1, 10**6, 25 * 2**20, 2**40))}}


def strange(chance: random.Random) -> Content:
    dice = {"dice": {"emoji": "🎲", "value": 3}}
    venue = {"venue": {"location": {"latitude": 0, "longitude": 0}, "title": "x", "address": "y"}}
    return chance.choice((dice, venue, {"game": {"title": "g", "description": "d", "photo": []}}, {}))


KINDS: Mapping[str, Callable[[random.Random], Content]] = {
    "text": text,
    "4,096 characters": longest,
    "sticker": sticker,
    "voice": voice,
    "contact": contact,
    "location": location,
    "poll": poll,
    "forwarded": forwarded,
    "edited": text,
    "unknown command": unknown_command,
    "album without caption": album_part,
    "document": document,
    "strange": strange,
}


def message(kind: str, chance: random.Random, user: Mapping[str, Any]) -> tuple[str, Content]:
    """An update's kind and content."""
    said = clipped(KINDS[kind](chance))
    head = {"message_id": chance.randint(100, 10**6), "date": int(stage.NOW.timestamp()), "from": user}
    chat = {"id": user["id"], "type": "private", "first_name": user["first_name"]}
    if kind == "edited":
        return "edited_message", {**head, "chat": chat, "edit_date": head["date"], **said}
    return "message", {**head, "chat": chat, **said}
