"""The place of a busy hour of questions: regions with their askers, mentors who share them, and what will be asked."""

from dataclasses import dataclass
from enum import StrEnum

from bot.services.work import Work
from db.vocabulary import Role
from tests import stage
from tests.killing.scene import FIRST_MENTOR, FIRST_OFFICIAL, REGIONS, mandatory, mentor, take_part

KNOWN = "Apa itu Gerakan Menuju Smart City?"
"""A question whose answer the programme brings along."""


class Plot(StrEnum):
    """What becomes of a question; it also says in which form it is asked."""

    PLAIN = "plain"
    UNCLEAR = "unclear"
    ASKED_BACK = "asked back"
    RELEASED = "released"
    PASSED_ON = "passed on"
    CORRECTED = "corrected"
    FROM_ITEM = "from an item"


@dataclass(frozen=True, slots=True)
class Inquiry:
    """One question of one asker, told apart by its tag in every text that belongs to it."""

    asker: int
    turn: int
    plot: Plot

    @property
    def tag(self) -> str:
        return f"{self.asker}-{self.turn}"

    @property
    def text(self) -> str:
        return f"Soal {self.tag}: berkas apa yang wajib kami lampirkan?"

    def answer(self, round_: int) -> str:
        """The whole text of the answer of this round, from 1."""
        return f"Jawaban {self.tag} ke-{round_}, bagian satu.\nJawaban {self.tag} ke-{round_}, bagian dua."

    @property
    def corrected(self) -> str:
        return f"Pembetulan {self.tag}: cukup lampiran dua."


@dataclass(frozen=True, slots=True)
class Asker:
    telegram_id: int
    name: str
    region_code: str
    item_key: str
    inquiries: tuple[Inquiry, ...]


@dataclass(frozen=True, slots=True)
class Answerer:
    telegram_id: int
    name: str


@dataclass(frozen=True, slots=True)
class HourScene:
    askers: tuple[Asker, ...]
    mentors: tuple[Answerer, ...]

    @property
    def inquiries(self) -> dict[str, Inquiry]:
        """Everything that will be asked, by tag."""
        return {one.tag: one for asker in self.askers for one in asker.inquiries}


@dataclass(frozen=True, slots=True)
class Rush:
    """How many take part: `turns` questions for each asker. Two askers share a region, two mentors look after it."""

    askers: int = 7
    turns: int = 1
    mentors: int = 3


def fill(work: Work, rush: Rush) -> HourScene:
    """Everybody of a busy hour of this size."""
    codes = REGIONS[: (rush.askers + 1) // 2]
    take_part(work, codes)
    mentors = tuple(_mentor(work, n, codes, rush) for n in range(rush.mentors))
    keys = [key for key, _title in mandatory(work)]
    askers = tuple(_asker(work, n, codes[n // 2], keys[n % 2], rush.turns) for n in range(rush.askers))
    return HourScene(askers, mentors)


def _mentor(work: Work, number: int, codes: tuple[str, ...], rush: Rush) -> Answerer:
    mine = [code for place, code in enumerate(codes) if (number - place) % rush.mentors in (0, 1)]
    return Answerer(FIRST_MENTOR + number, mentor(work, number, mine).name)


def _asker(work: Work, number: int, region_code: str, item_key: str, turns: int) -> Asker:
    telegram_id = FIRST_OFFICIAL + number
    person = stage.member(work, Role.OFFICIAL, region_code, f"Penanya {number}", telegram_id=telegram_id)
    plots = tuple(Plot)
    inquiries = tuple(Inquiry(telegram_id, turn, plots[(number + turn) % len(plots)]) for turn in range(turns))
    return Asker(telegram_id, person.name, region_code, item_key, inquiries)
