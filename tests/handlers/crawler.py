"""Walks over every button that can be reached from home, breadth first."""

from collections import deque
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field

from tests.people.phone import Phone

LABEL_LIMIT = 40
# Of one kind of screen or deed: seventy cards of items differ by their state only.
ENOUGH = 12


@dataclass
class Page:
    """What a press led to: the data pressed, what was shown, and where that came from."""

    data: str
    text: str
    buttons: dict[str, str]
    toast: str
    alert: bool
    came_from: str = ""


@dataclass
class Crawler:
    """One person's walk. Looking costs nothing; what a deed changes is taken back at once."""

    phone: Phone
    pages: dict[str, Page] = field(default_factory=dict)

    def walk(self) -> dict[str, Page]:
        """Every page by the data that leads to it: screens, and what each deed begins or answers."""
        waiting = deque([("s:home", "")])
        while waiting:
            data, came_from = waiting.popleft()
            if data in self.pages or not data or self._is_enough(data):
                continue
            page = self.pages[data] = self.press(data, came_from)
            if data.startswith("s:"):
                waiting.extend((found, data) for found in page.buttons.values())
        return self.pages

    def _is_enough(self, data: str) -> bool:
        kind = data.split(":")[:2]
        return sum(known.split(":")[:2] == kind for known in self.pages) >= ENOUGH

    def press(self, data: str, came_from: str = "") -> Page:
        """What this button leads to, and nothing is changed by it."""
        phone, before = self.phone, deepcopy(self.phone.chat)
        letters = len(phone.town.letters)
        with phone.town.session.begin_nested() as savepoint:
            phone.sends_data(data)
            page = Page(data, phone.text, dict(phone.buttons), phone.toast, phone.alert, came_from)
            savepoint.rollback()
        phone.town.session.expire_all()
        del phone.town.letters[letters:]
        phone.chat = before
        return page


def faults(pages: dict[str, Page]) -> Iterator[str]:
    """What is wrong with what was seen."""
    for data, page in pages.items():
        if not page.buttons:
            yield f"{page.came_from} → {data}: no way on\n{page.text}"
        if page.alert:
            yield f"{page.came_from} → {data}: a button that is offered is refused: {page.toast}"
        if "could not be found" in page.text:
            yield f"{page.came_from} → {data}: a button that is offered leads to a closed door"
        yield from (f"{data}: {label!r} is longer than a phone shows" for label in page.buttons if _too_long(label))
        yield from (f"{data}: data of more than 64 bytes: {key}" for key in page.buttons.values() if _too_large(key))


def _too_long(label: str) -> bool:
    return len(label) > LABEL_LIMIT


def _too_large(data: str) -> bool:
    return len(data.encode()) > 64
