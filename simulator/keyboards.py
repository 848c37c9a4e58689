"""Inline keyboards: what Telegram accepts as one, and which of its buttons a person can press."""

import re
from typing import Any

from simulator.errors import bad_request

Json = dict[str, Any]

MOST_BUTTONS = 100
LONGEST_DATA = 64
"""Bytes, not characters."""

ACTIONS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
)


def inline(markup: Json | None) -> Json | None:
    """The keyboard as it stands under a message; None for none, for an empty one and for other markups."""
    if not markup or "inline_keyboard" not in markup:
        return None
    rows = [[_button(button) for button in row] for row in markup["inline_keyboard"] if row]
    if sum(map(len, rows)) > MOST_BUTTONS:
        raise bad_request("REPLY_MARKUP_TOO_LONG")
    return {"inline_keyboard": rows} if rows else None


def buttons(message: Json) -> list[Json]:
    """All inline buttons under a message, in reading order."""
    markup = message.get("reply_markup") or {}
    return [button for row in markup.get("inline_keyboard", []) for button in row]


def _button(button: Json) -> Json:
    if not button.get("text", "").strip():
        raise _cannot_parse('Field "text" must be non-empty' if "text" in button else 'Can\'t find field "text"')
    action = next((name for name in ACTIONS if button.get(name) not in (None, "")), None)
    if action is None:
        raise _cannot_parse("Text buttons are unallowed in the inline keyboard")
    if action == "callback_data" and len(button["callback_data"].encode()) > LONGEST_DATA:
        raise bad_request("BUTTON_DATA_INVALID")
    if action == "url":
        _check_url(button["url"])
    return button


def _check_url(url: str) -> None:
    if not re.match(r"(?:(?:https?|tg|tonsite)://)?[^\s/.:]+(?:[.:/?=][^\s]*)?$", url):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    if re.match(r"[a-z]+://", url) and not re.match(r"(?:https?|tg|tonsite)://", url):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Unsupported URL protocol")


def _cannot_parse(why: str) -> Exception:
    return bad_request(f"can't parse inline keyboard button: {why}")
