"""People who live a busy hour of questions: askers who want to know, mentors who work the queue by thumb.

What becomes of a question is its plot's; who brings it about is chance. Mentors of one office know of each other
what was done already.
"""

import asyncio
import re
import time
from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from simulator.person import shown
from tests.files.samples import PAGES, pdf_of, picture
from tests.killing.hour_scene import KNOWN, Answerer, Asker, HourScene, Inquiry, Plot
from tests.killing.phones import DESPAIR_SECONDS, People, Phone

_TAG = re.compile(r"Soal (\d+-\d+)")
_TAGS = re.compile(r"\b\d{3}-\d\b")
_NUMBER = re.compile(r"T-\d{4,}")
_CARD = re.compile(r"❓ (T-\d{4,})")
_FILES = re.compile(r"\[📎 (Berkas \(\d\))\]")
_FASTER = re.compile(r"ditangani .+ sejak")
_ANSWERING, _PREVIEW, _LATE, _ANSWERED = "Silakan tulis jawabannya", "👁 Pratinjau", "[Tutup]", "💬 dijawab"
# What was written is answered in the end, however often Pandu dies meanwhile; for so long a mentor looks at nothing
# else, and does not write it again.
ANSWER_SECONDS = 120.0
ASK_BACK = "Penjelasan {}: keputusan tahun berapa?"
REPLY = "Balasan {}: keputusan tahun 2025."
FURTHER = "Lanjutan {}: siapa yang menandatangani?"
NOTE = "Catatan {}: mohon dibantu."


@dataclass
class Kept:
    """What people know to be done: numbers on receipts, answers seen on their way, files sent, by tag.

    Who sets about giving a question away tells the office: whoever has it next need not wait for the other's receipt.
    """

    numbers: dict[str, str] = field(default_factory=dict)
    answers: Counter[str] = field(default_factory=Counter)
    done: set[tuple[str, str]] = field(default_factory=set)
    begun: dict[tuple[str, str], int] = field(default_factory=dict)
    files: dict[str, list[str]] = field(default_factory=dict)
    evidence: dict[str, str] = field(default_factory=dict)

    def has(self, tag: str, what: str, eyes: Phone) -> bool:
        """Whether it is done, as far as the one at this phone, who has the question now, can know."""
        return (tag, what) in self.done or self.begun.get((tag, what), eyes.user_id) != eyes.user_id

    def has_files(self, tag: str, *contents: bytes) -> None:
        self.files.setdefault(tag, []).extend(sha256(content).hexdigest() for content in contents)


@dataclass(frozen=True, slots=True)
class Open:
    """A question that a mentor has before them, with the screen as it is."""

    number: str
    inquiry: Inquiry
    screen: str

    @property
    def draft(self) -> str:
        """What stands in the preview."""
        return self.screen.partition(_PREVIEW)[2]


@dataclass
class Hour(People):
    """Everybody of a busy hour."""

    scene: HourScene
    kept: Kept = field(default_factory=Kept)

    async def live(self) -> None:
        """Every question from its first word to its thanks; ends when the last goal is reached."""
        async with asyncio.TaskGroup() as group:
            for one in self._meanwhile():
                group.create_task(one)
            async with asyncio.TaskGroup() as goals:
                for one in self._goals():
                    goals.create_task(one)
            await self.pace(1.0)
            self.over.set()

    def _meanwhile(self) -> list[Coroutine[Any, Any, None]]:
        """What goes on until all is over."""
        return [self._works(mentor) for mentor in self.scene.mentors]

    def _goals(self) -> list[Coroutine[Any, Any, None]]:
        """What has its own end."""
        return [self._wonders(asker) for asker in self.scene.askers]

    @property
    def beaten(self) -> int:
        """How often a mentor read that somebody else was faster."""
        mentors = [phone for user_id, phone in self.phones.items() if user_id in self._mentors]
        return sum(_FASTER.search(text) is not None for one in mentors for text in (*one.toasts, *one.appeared))

    @property
    def _mentors(self) -> set[int]:
        return {one.telegram_id for one in self.scene.mentors}

    # An asker

    async def _wonders(self, asker: Asker) -> None:
        phone = self._phone(asker.telegram_id, asker.name)
        await phone.says_once(lambda: phone.writes("/start"), asker.name)
        share = 1 / len(asker.inquiries)
        # One after the other, so that at any moment somebody asks while somebody else is answered.
        late = 0.3 * share * self.scene.askers.index(asker) / len(self.scene.askers)
        for inquiry in asker.inquiries:
            begun = inquiry.turn * share + late
            await self.pace(begun)
            if inquiry.turn == 0:
                await self._finds_it_answered(phone)
            await self._asks(phone, asker, inquiry)
            await self.pace(begun + 0.2 * share)
            await self._hears(phone, inquiry, self.kept.numbers[inquiry.tag], begun, share)

    async def _finds_it_answered(self, phone: Phone) -> None:
        """Asks what the programme has answered already, and is content with that."""
        await phone.says_once(lambda: phone.writes("/tanya"), "Tanya tim ahli", "[Batalkan]")
        await phone.says_once(lambda: phone.writes(KNOWN), KNOWN, "[📨 Kirim]")
        await phone.presses_until("Kirim", "bidang apa")
        await phone.presses_until("Tidak tahu", "Mungkin pertanyaan ini sudah pernah dijawab")
        await phone.presses_until("Sudah terjawab", "Syukurlah")

    async def _asks(self, phone: Phone, asker: Asker, inquiry: Inquiry) -> None:
        if inquiry.plot is Plot.FROM_ITEM:
            await self._begins_at_an_item(phone, asker, inquiry)
        else:
            await phone.says_once(lambda: phone.writes("/tanya"), "Tanya tim ahli", "[Batalkan]")
        for deed in self._forms(phone, inquiry):
            await phone.says_once(deed, "Tanya tim ahli", "[📨 Kirim]")
            await self._thinks()
        await self._sends(phone, inquiry)

    async def _begins_at_an_item(self, phone: Phone, asker: Asker, inquiry: Inquiry) -> None:
        """Work on an item goes on first: a file is attached, and the question is asked from there."""
        await phone.says_once(lambda: phone.writes(f"/start t_{asker.item_key}"), "[✏️ Kerjakan]")
        await phone.presses_until("Kerjakan", "Draf")
        name, content = f"bukti-{inquiry.tag}.pdf", _document(inquiry, "bukti")
        self.kept.evidence[name] = sha256(content).hexdigest()
        await phone.says_once(lambda: phone.uploads({name: content}), "Tersimpan", name)
        await phone.presses_until("Tanya tim ahli", "Tanya tim ahli", "[Batalkan]")

    def _forms(self, phone: Phone, inquiry: Inquiry) -> list[Callable[[], None]]:
        """The messages of a question, each a deed."""
        text = inquiry.text
        match inquiry.plot:
            case Plot.ASKED_BACK:
                return [lambda: self._sends_files(phone, inquiry, {"a.png": _photo(inquiry, 1)}, "photo", text)]
            case Plot.RELEASED:
                letter = {f"surat-{inquiry.tag}.pdf": _document(inquiry, "surat")}
                return [lambda: phone.writes(text), lambda: self._sends_files(phone, inquiry, letter)]
            case Plot.PASSED_ON:
                album = {f"{n}.png": _photo(inquiry, n) for n in (1, 2)}
                return [lambda: self._sends_files(phone, inquiry, album, "photo", text)]
            case Plot.CORRECTED:
                voice = {"suara.ogg": f"OggS {inquiry.tag}".encode()}
                return [lambda: phone.writes(text), lambda: self._sends_files(phone, inquiry, voice, "voice")]
            case _:
                return [lambda: phone.writes(text), lambda: phone.writes(f"Tambahan {inquiry.tag}.")]

    def _sends_files(
        self, phone: Phone, inquiry: Inquiry, contents: dict[str, bytes], kind: str = "document", caption: str = ""
    ) -> None:
        self.kept.has_files(inquiry.tag, *contents.values())
        phone.uploads(contents, kind, caption)

    async def _sends(self, phone: Phone, inquiry: Inquiry) -> None:
        """From the review to the receipt, whatever is asked on the way."""
        mark, given_up = len(phone.appeared), time.monotonic() + DESPAIR_SECONDS
        receipt = None
        while receipt is None and time.monotonic() < given_up:
            now = len(phone.appeared)
            self._goes_on(phone)
            await phone.sees_soon(now, "")
            receipt = await phone.sees_soon(mark, "T-", "sudah masuk antrean", seconds=0.01)
        found = _NUMBER.search(phone.believed(receipt, ("sudah masuk antrean", inquiry.tag)))
        assert found
        self.kept.numbers[inquiry.tag] = found[0]

    def _goes_on(self, phone: Phone) -> None:
        """Press what leads on; a letter may have come below it."""
        for screen in map(shown, reversed(phone.replies)):
            for label in (label for sign, label in _WAY.items() if sign in screen):
                phone.tries(label)
                return

    async def _hears(self, phone: Phone, inquiry: Inquiry, number: str, begun: float, share: float) -> None:
        """Until the answer is clear."""
        if inquiry.plot is Plot.ASKED_BACK:
            await self._comes(phone, number, ASK_BACK.format(inquiry.tag), "[✍️ Balas]")
            await self.pace(begun + 0.35 * share)
            await self._explains(phone, inquiry, number)
        if inquiry.plot is Plot.CORRECTED:
            # Corrected before it went out, the first wording is never seen.
            await self._comes(phone, number, inquiry.corrected, "(diperbaiki)")
        else:
            await self._comes(phone, number, *inquiry.answer(1).splitlines())
        await self.pace(begun + 0.5 * share)
        if inquiry.plot is Plot.UNCLEAR:
            await self._doubts(phone, inquiry, number)
            await self._comes(phone, number, *inquiry.answer(2).splitlines())
        await self.pace(begun + 0.65 * share)
        await self._thanks(phone, inquiry, number)

    async def _comes(self, phone: Phone, *parts: str) -> None:
        """Whatever was said of one's own question is found among all that has appeared."""
        phone.believed(await phone.sees_soon(0, *parts, seconds=DESPAIR_SECONDS), parts)

    async def _explains(self, phone: Phone, inquiry: Inquiry, number: str) -> None:
        """By native Reply, by button, or simply so."""
        words, way = REPLY.format(inquiry.tag), (inquiry.asker + inquiry.turn) % 3
        asked = phone.newest(ASK_BACK.format(inquiry.tag), "[✍️ Balas]")
        if way == 1:
            await phone.presses_until("Balas", number, "Silakan tulis balasan", on=(number,))
        reply_to = asked if way == 0 else None
        await phone.says_once(lambda: phone.writes(words, reply_to), number, "diteruskan kepada tim ahli")

    async def _doubts(self, phone: Phone, inquiry: Inquiry, number: str) -> None:
        await phone.presses_until("Masih belum jelas", number, "Silakan tulis balasan", on=(number,))
        await phone.says_once(lambda: phone.writes(FURTHER.format(inquiry.tag)), number, "tim ahli melihatnya")

    async def _thanks(self, phone: Phone, inquiry: Inquiry, number: str) -> None:
        await phone.presses_until("Terima kasih, jelas", number, "selesai", "[5 ⭐]", on=(number,))
        grade = 1 + inquiry.asker % 5
        await phone.presses_until(f"{grade} ⭐", number, f"{grade} dari 5", on=(number,))
        if phone.shows("[Lewati]"):
            phone.tries("Lewati")
            await phone.sees_soon(len(phone.appeared), "Terima kasih atas penilaiannya")

    # A mentor

    async def _works(self, mentor: Answerer) -> None:
        phone = self._phone(mentor.telegram_id, mentor.name)
        await phone.says_once(lambda: phone.writes("/start"), mentor.name)
        while not self.over.is_set():
            found = await self._chooses(phone)
            if found is None:
                await asyncio.sleep(self.chance.uniform(0.1, 0.4))
            else:
                await self._treats(phone, found)

    async def _chooses(self, phone: Phone) -> Open | None:
        """A question to answer: the one that came by itself, the next one, one's own, or one that everybody sees."""
        chance = self.chance.random()
        if chance < 0.5 and (found := self._before(phone)) is not None:
            return found
        everybodys = self.chance.random() < 0.4
        await self._looks_at_the_list(phone, "queue:all:0" if everybodys else "queue")
        numbers = sorted(set(_NUMBER.findall(shown(phone.replies[-1]))))
        if not numbers or chance > 0.8:
            return await self._gets(phone, "Ambil berikutnya")
        # Whoever looks at what everybody sees goes for the oldest, as everybody does.
        return await self._takes(phone, numbers[0] if everybodys else self.chance.choice(numbers[:3]))

    async def _looks_at_the_list(self, phone: Phone, screen: str) -> None:
        mark = len(phone.appeared)
        if self.chance.random() < 0.3:
            phone.writes("/antrean")
        else:
            phone.looks(screen)
        await phone.sees_soon(mark, "Pertanyaan", "Semua", seconds=0.5)

    async def _takes(self, phone: Phone, number: str) -> Open | None:
        """One of the list: perhaps with everybody who presses now. An older letter with its number may be pressed as
        well; whoever reads there that it is answered leaves it."""
        mark = len(phone.appeared)
        phone.tries(number)
        page = await phone.sees_soon(mark, number, "Catatan]")
        if page is None or _ANSWERED in page:
            return None
        if self.chance.random() < 0.5:
            mark = len(phone.appeared)
            if phone.tries("Ambil pertanyaan", number):
                await phone.sees_soon(mark, number)
        return await self._gets(phone, "Jawab", number)

    async def _gets(self, phone: Phone, label: str, *on: str) -> Open | None:
        mark = len(phone.appeared)
        if not phone.tries(label, *on):
            return None
        await phone.sees_soon(mark, "Soal")
        return self._before(phone)

    def _before(self, phone: Phone) -> Open | None:
        """The question whose answer is being written now."""
        lowest = shown(phone.replies[-1])
        tag, number = _TAG.search(lowest), _CARD.search(lowest)
        if not tag or not number or (_ANSWERING not in lowest and _PREVIEW not in lowest):
            return None
        return Open(number[1], self.scene.inquiries[tag[1]], lowest)

    async def _treats(self, phone: Phone, now: Open) -> None:
        """The next step of its plot."""
        tag, plot = now.inquiry.tag, now.inquiry.plot
        await self._thinks()
        if set(_TAGS.findall(now.draft)) - {tag}:
            phone.tries("Buang", now.number, _PREVIEW)
        elif plot is Plot.PASSED_ON and not self.kept.has(tag, "passed", phone):
            await self._passes_on(phone, now)
        elif plot is Plot.RELEASED and not self.kept.has(tag, "released", phone):
            await self._releases(phone, now)
        elif plot is Plot.ASKED_BACK and not self.kept.has(tag, "asked", phone):
            await self._asks_back(phone, now)
        else:
            await self._answers(phone, now)

    async def _puts(self, phone: Phone, now: Open, text: str, deed: Callable[[], None] | None = None) -> bool:
        """Write (or do) something that becomes part of the draft, unless it stands there. Whether it does now.

        It does not where a colleague was faster, and where a press of before has opened another question meanwhile.
        """
        if text in now.draft or self._stands(phone, now, text):
            return True
        mark = len(phone.appeared)
        (deed or (lambda: phone.writes(text)))()
        seen = await phone.sees_one_of(mark, text, _LATE, seconds=ANSWER_SECONDS)
        if seen and _LATE in seen:
            phone.tries("Tutup", _LATE)
        return self._stands(phone, now, text)

    def _stands(self, phone: Phone, now: Open, text: str) -> bool:
        return phone.shows(now.number, _PREVIEW, text) is not None

    async def _presses(self, phone: Phone, label: str, number: str, *parts: str) -> bool:
        """Press a few times; whatever is lost on the way is found in the list again."""
        mark = len(phone.appeared)
        for _ in range(3):
            phone.tries(label, number)
            if await phone.sees_soon(mark, number, *parts) or phone.shows(number, *parts):
                return True
        return False

    async def _passes_on(self, phone: Phone, now: Open) -> None:
        if not await self._presses(phone, "Alihkan", now.number, "dialihkan kepada siapa"):
            return
        choice = phone.newest(now.number, "dialihkan kepada siapa")
        to = choice["reply_markup"]["inline_keyboard"][0][0]["text"] if choice else ""
        if await self._presses(phone, to, now.number, "Adakah catatan"):
            mark = len(phone.appeared)
            self.kept.begun[now.inquiry.tag, "passed"] = phone.user_id
            phone.writes(NOTE.format(now.inquiry.tag))
            await phone.sees_soon(mark, f"{now.number} dialihkan kepada", seconds=ANSWER_SECONDS)
            if NOTE.format(now.inquiry.tag) in await self._thread(phone, now.number):
                self.kept.done.add((now.inquiry.tag, "passed"))

    async def _releases(self, phone: Phone, now: Open) -> None:
        """Begins, thinks better of it, and gives it back with what was begun."""
        if not await self._puts(phone, now, now.inquiry.answer(1).splitlines()[0]):
            return
        if await self._presses(phone, "Nanti", now.number, "[↩️ Lepaskan]"):
            self.kept.begun[now.inquiry.tag, "released"] = phone.user_id
            while "Lepaskan" in await self._thread(phone, now.number):
                mark = len(phone.appeared)
                phone.tries("Lepaskan", now.number)
                await phone.sees_soon(mark, "Semua")
            self.kept.done.add((now.inquiry.tag, "released"))

    async def _thread(self, phone: Phone, number: str) -> str:
        """The page of a question as it is now."""
        seen = None
        while seen is None:
            mark = len(phone.appeared)
            phone.looks(f"question-no:{number}")
            seen = await phone.sees_soon(mark, number, "Catatan]") or phone.shows(number, "Catatan]")
        return seen

    async def _asks_back(self, phone: Phone, now: Open) -> None:
        if not await self._puts(phone, now, ASK_BACK.format(now.inquiry.tag)):
            return
        said, words = f"Penjelasan diminta: {now.number}", ASK_BACK.format(now.inquiry.tag)
        if await self._sends_words(phone, "Minta penjelasan", now, said, words):
            self.kept.done.add((now.inquiry.tag, "asked"))

    async def _sends_words(self, phone: Phone, label: str, now: Open, said: str, words: str) -> bool:
        """Press a few times; where it is not said that they are sent, the thread tells whether they are."""
        mark = len(phone.appeared)
        for _ in range(3):
            phone.tries(label, now.number, _PREVIEW)
            if await phone.sees_soon(mark, said) is not None:
                return True
        return words in await self._thread(phone, now.number)

    async def _answers(self, phone: Phone, now: Open) -> None:
        """In two messages, sometimes with a file, and with a look at what was sent along."""
        tag, round_ = now.inquiry.tag, self.kept.answers[now.inquiry.tag] + 1
        first, second = now.inquiry.answer(round_).splitlines()
        sent_along = _FILES.search(now.screen)
        if sent_along and self.chance.random() < 0.3:
            phone.tries(sent_along[1], now.number)
        form = {f"format-{tag}-{round_}.pdf": _document(now.inquiry, f"format {round_}")}
        with_file = now.inquiry.plot in (Plot.PLAIN, Plot.UNCLEAR)
        deed = (lambda: phone.uploads(form, caption=first)) if with_file else None
        if not (await self._puts(phone, now, first, deed) and await self._puts(phone, now, second)):
            return
        if await self._sends_words(phone, "Kirim jawaban", now, f"{now.number} sedang dikirim", second):
            self.kept.answers[tag] += 1
            self.kept.has_files(tag, *(form.values() if with_file else ()))
            if now.inquiry.plot is Plot.CORRECTED:
                await self._corrects(phone, now)

    async def _corrects(self, phone: Phone, now: Open) -> None:
        done = None
        while done is None:
            await self._thread(phone, now.number)
            if await self._presses(phone, "Perbaiki", now.number, "Silakan tulis ulang"):
                mark = len(phone.appeared)
                phone.writes(now.inquiry.corrected)
                done = await phone.sees_one_of(mark, "Diperbaiki.", "Tidak ada yang diubah", seconds=ANSWER_SECONDS)


# What stands on the screen between the question and its receipt, and the button that leads on.
_WAY = {
    "[📨 Kirim]": "Kirim",
    "bidang apa": "Tidak tahu",
    "salah satu butir": "Tidak tahu",
    "Mungkin pertanyaan ini": "Tetap tanyakan",
}


def _document(inquiry: Inquiry, name: str) -> bytes:
    return pdf_of(PAGES) + f"\n% {inquiry.tag} {name}\n%%EOF\n".encode()


def _photo(inquiry: Inquiry, number: int) -> bytes:
    return picture("PNG", (40 + inquiry.asker % 100, 40 + 2 * inquiry.turn + number))
