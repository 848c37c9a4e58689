"""Buttons as values. Three kinds: look (`s:`), do at once (`a:`), answer the open question (`f:`)."""

from dataclasses import dataclass

from bot.words import Say

# Bot API, InlineKeyboardButton.callback_data: 1-64 bytes.
DATA_BYTES = 64
# Neither database takes a number of more than 64 bits for one of a row.
ROW_DIGITS = 18


@dataclass(frozen=True, slots=True)
class Button:
    """A label with what pressing it means. Raises `ValueError` for data beyond Telegram's 64 bytes."""

    label: Say
    data: str = ""
    url: str = ""

    def __post_init__(self) -> None:
        if len(self.data.encode()) > DATA_BYTES:
            raise ValueError(f"callback data of more than {DATA_BYTES} bytes: {self.data}")


Row = tuple[Button, ...]


def look(label: Say, screen: str, *args: object) -> Button:
    """Opens a screen, drawn anew from the database each time."""
    return Button(label, ":".join(["s", screen, *map(str, args)]))


def do(label: Say, deed: str, subject: object, version: int = 0) -> Button:
    """Does a deed at once, if its object still has this version."""
    return Button(label, f"a:{deed}:{subject}:{version}")


def answer(label: Say, turn: int, name: str, value: str = "") -> Button:
    """Answers the open question, if it is still the one with this turn."""
    return Button(label, f"f:{turn}:{name}:{value}")


def row_number(text: object) -> int:
    """The number of a row as a button names it; 0, which no row has, for anything else."""
    digits = str(text)
    return int(digits) if digits.isdecimal() and len(digits) < ROW_DIGITS else 0


def pairs(buttons: list[Button], width: int = 2) -> tuple[Row, ...]:
    """Buttons in rows of `width`."""
    return tuple(tuple(buttons[start : start + width]) for start in range(0, len(buttons), width))
