"""What Telegram's answer to a message means: one pure decision, by cause.

Rules: `docs` of the Bot API for codes and texts; what each class asks of us is the table in `verdict`.
"""

import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.transport import Accepted, Answer, NotSent, Refused, Unknown
from db.outbox import DOUBT_WAITS, Claimed, Outgoing, Settled, says_gone
from db.vocabulary import OutboxState, Policy

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
LONGEST_NOT_SENT_SECONDS = 30

# Lower-case parts of Telegram's descriptions. They are no contract, but stable for years.
_ALREADY_SO = ("message is not modified", "message to delete not found")
_CANNOT_EDIT = ("message to edit not found", "message can't be edited", "message_id_invalid")
# A message of ours that is older than 48 hours, or that somebody took away meanwhile: nothing is wrong with us.
_PAST_CHANGING = (*_CANNOT_EDIT, "message can't be deleted")
_TOO_LATE = ("query is too old", "query_id_invalid")
_BAD_LINK = ("button_url_invalid", "inline keyboard button url")
_BAD_FORM = (
    "can't parse entities",
    "can't parse message caption entities",
    "message is too long",
    "message caption is too long",
    "button_data_invalid",
    *_BAD_LINK,
    "can't parse inline keyboard button",
    "can't parse reply keyboard markup",
)
_BAD_KEYBOARD = ("button", "keyboard")
_TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is written down about a message, and what else follows.

    chat_gone: why nothing more goes to this chat. moved_to: the chat's new number. retry_after: seconds that
    Telegram wants us silent. not_sent: counts towards the breaker. halted: the token itself is refused.
    anew: the panel cannot be edited, send it as a new message now. parts: the rest of a text that was too long.
    """

    settled: Settled
    chat_gone: str | None = None
    moved_to: int | None = None
    retry_after: int | None = None
    not_sent: bool = False
    halted: bool = False
    anew: bool = False
    alarm: str | None = None
    parts: tuple[Outgoing, ...] = ()


def verdict(answer: Answer, claimed: Claimed, now: datetime, *, streak: int = 0, chance: float = 0.5) -> Outcome:
    """Decide about one message. `streak` counts the calls in a row that did not get out; `chance` (0–1) is jitter."""
    match answer:
        case Accepted(result):
            return _sent(claimed, result)
        case NotSent(why):
            wait = min(LONGEST_NOT_SENT_SECONDS, 2 ** min(streak, 10))
            return Outcome(_again(claimed, now, wait, why), not_sent=True)
        case Unknown(why):
            return _in_doubt(claimed, now, why, chance)
        case Refused():
            return _refused(answer, claimed, now, chance)


def _sent(claimed: Claimed, result: Any) -> Outcome:
    made = [one["message_id"] for one in (result if isinstance(result, list) else [result]) if _is_message(one)]
    message_id, album = (made[-1] if made else None), (" ".join(map(str, made)) if len(made) > 1 else None)
    new = message_id is not None and not _is_edit(claimed)
    return Outcome(Settled(claimed, OutboxState.SENT, message_id=message_id, album=album, new_message=new))


def _is_message(result: Any) -> bool:
    return isinstance(result, Mapping) and "message_id" in result


def _is_edit(claimed: Claimed) -> bool:
    return claimed.panel_id is not None if claimed.panel else not claimed.method.startswith(("send", "copy", "forward"))


def _again(claimed: Claimed, now: datetime, seconds: float, why: str) -> Settled:
    due = now + timedelta(seconds=seconds)
    return Settled(claimed, OutboxState.WAITING, error=why, due_at=due, attempted=False)


def _in_doubt(claimed: Claimed, now: datetime, why: str, chance: float) -> Outcome:
    if claimed.policy is Policy.AT_MOST_ONCE:
        return Outcome(Settled(claimed, OutboxState.IN_DOUBT, error=why, doubted=True))
    if claimed.attempts + 1 >= len(DOUBT_WAITS):
        return Outcome(
            Settled(claimed, OutboxState.DEAD, error=why, doubted=True), alarm=f"gave up after doubts: {why}"
        )
    wait = DOUBT_WAITS[claimed.attempts] * (0.8 + 0.4 * chance)
    return Outcome(Settled(claimed, OutboxState.WAITING, error=why, due_at=now + wait, doubted=True))


def _refused(answer: Refused, claimed: Claimed, now: datetime, chance: float) -> Outcome:
    text = answer.description.lower()
    why = f"{answer.code}: {answer.description}"[:300]
    if answer.retry_after is not None or answer.code == 429:
        seconds = answer.retry_after or 1
        return Outcome(_again(claimed, now, seconds + chance, why), retry_after=seconds)
    if answer.migrate_to is not None and _is_group(claimed.chat_id):
        return Outcome(_again(claimed, now, 0, why), moved_to=answer.migrate_to)
    if answer.code in (401, 404):
        return Outcome(_again(claimed, now, LONGEST_NOT_SENT_SECONDS, why), halted=True, alarm=why)
    if answer.code == 409:
        return Outcome(_again(claimed, now, 1, why))
    return _bad_request(text, why, claimed, now)


def _is_group(chat_id: int) -> bool:
    """Groups have negative numbers. What was meant for one person never goes to a group instead."""
    return chat_id < 0


def _bad_request(text: str, why: str, claimed: Claimed, now: datetime) -> Outcome:
    if _says(text, _ALREADY_SO):
        return Outcome(Settled(claimed, OutboxState.SENT, message_id=claimed.panel_id))
    if claimed.panel_id is not None and _says(text, _CANNOT_EDIT):
        return Outcome(_again(claimed, now, 0, why), anew=True)
    if _says(text, _TOO_LATE + _PAST_CHANGING):
        return Outcome(Settled(claimed, OutboxState.CANCELLED, error=why))
    if says_gone(why):
        return Outcome(Settled(claimed, OutboxState.DEAD, error=why), chat_gone=why)
    if _says(text, _BAD_FORM):
        return _plainer(text, why, claimed, now)
    return Outcome(Settled(claimed, OutboxState.DEAD, error=why), alarm=why)


def _says(text: str, parts: tuple[str, ...]) -> bool:
    return any(part in text for part in parts)


def _plainer(text: str, why: str, claimed: Claimed, now: datetime) -> Outcome:
    """Our own fault in the form: the words still go out once more, split where they are too long. A link that Telegram
    refuses takes only the links along, anything else the formatting."""
    before = json.loads(claimed.body)
    linkless = _without_links(before) if _says(text, _BAD_LINK) else before
    first, *rest = [linkless] if linkless != before else plain(before, without_keyboard=_says(text, _BAD_KEYBOARD))
    body = json.dumps(first, ensure_ascii=False, separators=(",", ":"))
    if before == first:
        return Outcome(Settled(claimed, OutboxState.DEAD, error=why), alarm=why)
    parts = tuple(
        Outgoing(f"part:{claimed.id}:{number}", claimed.chat_id, "sendMessage", part, claimed.lane, claimed.policy)
        for number, part in enumerate(rest, start=2)
    )
    again = Settled(claimed, OutboxState.WAITING, error=why, due_at=now, body=body)
    return Outcome(again, alarm=why, parts=parts)


def _without_links(body: Mapping[str, Any]) -> dict[str, Any]:
    """The same message; of its buttons those that do something stay."""
    markup = body.get("reply_markup", {})
    rows = [[button for button in row if "url" not in button] for row in markup.get("inline_keyboard", [])]
    return {**body, "reply_markup": {**markup, "inline_keyboard": [row for row in rows if row]}}


def plain(body: Mapping[str, Any], *, without_keyboard: bool = False) -> list[dict[str, Any]]:
    """The same words without markup, as one body or, where too long for one message, several."""
    dropped = {"parse_mode", "entities", "caption_entities"} | ({"reply_markup"} if without_keyboard else set())
    kept = {name: value for name, value in body.items() if name not in dropped}
    marked = "parse_mode" in body
    if "caption" in kept:
        kept["caption"] = _cut(_bare(kept["caption"], marked), LONGEST_CAPTION)[0]
    if "text" not in kept:
        return [kept]
    first, *rest = _cut(_bare(kept["text"], marked), LONGEST_TEXT)
    return [{**kept, "text": first}, *({"chat_id": body.get("chat_id"), "text": part} for part in rest)]


def _bare(text: str, marked: bool) -> str:
    return html.unescape(_TAG.sub("", text)) if marked else text


def _cut(text: str, longest: int) -> list[str]:
    """Cut into pieces of at most so many UTF-16 units, which is how Telegram counts."""
    encoded = text.encode("utf-16-le", "surrogatepass")
    pieces: list[str] = []
    while encoded:
        end = min(len(encoded), longest * 2)
        # A piece must not end between the halves of one character.
        if end < len(encoded) and 0xD8 <= encoded[end - 1] <= 0xDB:
            end -= 2
        pieces.append(encoded[:end].decode("utf-16-le", "surrogatepass"))
        encoded = encoded[end:]
    return pieces or [""]
