"""The code of an invitation: how it is made, read from what people type, kept, and protected from guessing."""

import hashlib
import json
import re
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from db.models import InboxUpdate, InviteGuess

# 32 letters and digits; 0 and O, 1 and I are left out, so that none is taken for another on paper.
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
LENGTH = 12
GUESSES = 5
GUESS_WINDOW = timedelta(minutes=15)
SILENCE = timedelta(hours=1)
GUESSES_OF_ALL = 100
HIDDEN = "(code removed)"

_LINK = re.compile(r"start=i_([A-Za-z0-9]+)")
# Telephones turn the hyphen into other dashes: U+2010, U+2011, U+2013, U+2014.
_DASH = r"[-\u2010\u2011\u2013\u2014]"
_FOUR = r"([A-Za-z0-9]{4})"
_GROUPS = re.compile(rf"(?<![A-Za-z0-9]){_FOUR}{_DASH}{_FOUR}{_DASH}{_FOUR}(?![A-Za-z0-9])")
_BARE = re.compile(r"\s*([A-Za-z0-9]{4})\s?([A-Za-z0-9]{4})\s?([A-Za-z0-9]{4})\s*")


def new_code(length: int = LENGTH) -> str:
    """Random characters of 32; twelve of them are 60 bits, less a twentieth of one.

    Both a letter and a digit are in it, so that a code typed without dashes is never taken for a word or a number.
    """
    while True:
        code = "".join(secrets.choice(ALPHABET) for _character in range(length))
        if is_mixed(code):
            return code


def is_mixed(text: str) -> bool:
    """Whether both a letter and a digit are in it."""
    return any(map(str.isalpha, text)) and any(map(str.isdecimal, text))


def printed(code: str) -> str:
    """As people read it: `K7QF-3M9T-XW2A`."""
    return "-".join(code[start : start + 4] for start in range(0, LENGTH, 4))


def normal(text: str) -> str:
    """Only letters and digits, in capitals, however it was typed."""
    return "".join(character for character in text.upper() if character.isascii() and character.isalnum())


def code_in(text: str) -> str | None:
    """The code that a message carries: bare, in groups, or within a link; None if it carries none."""
    if link := _LINK.search(text):
        return normal(link[1])
    found = _GROUPS.search(text) or _BARE.fullmatch(text)
    code = "".join(found.groups()).upper() if found else ""
    return code if is_mixed(code) and set(code) <= set(ALPHABET) else None


def hashed(code: str) -> str:
    """What is kept instead of the code.

    A plain SHA-256 is enough: with 60 random bits and 14 days there is nothing to look up or try out, and one
    statement can find the row by it.
    """
    return hashlib.sha256(normal(code).encode()).hexdigest()


def silent_until(guesses: Sequence[datetime]) -> datetime | None:
    """When this person may try again: an hour after the fifth wrong code within fifteen minutes; None: now."""
    last: datetime | None = None
    for first, fifth in zip(guesses, guesses[GUESSES - 1 :], strict=False):
        if fifth - first <= GUESS_WINDOW:
            last = fifth + SILENCE
    return last


def guesses_of(session: Session, telegram_id: int, now: datetime) -> list[datetime]:
    """The wrong codes of this account that still count, oldest first."""
    since = now - SILENCE - GUESS_WINDOW
    statement = select(InviteGuess.at).where(InviteGuess.telegram_id == telegram_id, InviteGuess.at > since)
    return list(session.scalars(statement.order_by(InviteGuess.at)))


def count_guess(session: Session, telegram_id: int, now: datetime) -> int:
    """Keep that a code was wrong. Returns how many there were within the hour, of everybody."""
    session.add(InviteGuess(telegram_id=telegram_id, at=now))
    session.flush()
    return session.scalar(select(func.count()).where(InviteGuess.at > now - SILENCE)) or 0


def forget_code(session: Session, update_id: int) -> None:
    """Take the text that carried a code out of the stored update; replaying it is then harmless."""
    row = session.execute(
        select(InboxUpdate.id, InboxUpdate.payload).where(InboxUpdate.update_id == update_id)
    ).one_or_none()
    if row is not None:
        payload = json.dumps(_without_text(json.loads(row.payload)))
        session.execute(update(InboxUpdate).where(InboxUpdate.id == row.id).values(payload=payload))


_MARKUP = frozenset({"entities", "link_preview_options"})


def _without_text(said: dict[str, Any]) -> dict[str, Any]:
    for kind in ("message", "edited_message"):
        if isinstance(said.get(kind), dict):
            kept = {name: value for name, value in said[kind].items() if name not in _MARKUP}
            said[kind] = kept | {"text": HIDDEN}
    return said
