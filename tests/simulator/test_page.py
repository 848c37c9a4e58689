"""The chat page in a real browser, against the real simulator, with a bot that speaks the Bot API over HTTP."""

import io
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from PIL import Image
from playwright.async_api import Browser, FilePayload, Locator, Page, expect

from simulator.server import Simulator
from tests.browser.page import browser_path, chromium

pytestmark = pytest.mark.asyncio(loop_scope="module")

RINA, HENDRA, SRI = 700_001, 700_002, 700_003
SATURDAY_MORNING = "2026-11-14T02:00:00Z"

Json = dict[str, Any]


class Bot:
    """The bot's side: calls by HTTP, updates by long poll."""

    def __init__(self, url: str, http: aiohttp.ClientSession) -> None:
        self.url = url
        self.http = http
        self._offset = 0

    async def call(self, method: str, body: aiohttp.FormData | None = None, /, **params: Any) -> Any:
        how: Json = {"data": body} if body is not None else {"json": params}
        async with self.http.post(f"{self.url}/bot1:demo/{method}", **how) as response:
            answer = await response.json()
        assert answer["ok"], answer
        return answer["result"]

    async def say(self, chat_id: int, text: str, *rows: list[Json]) -> int:
        """Send HTML with a keyboard; returns the message's id."""
        keyboard: Json = {"reply_markup": {"inline_keyboard": list(rows)}} if rows else {}
        sent = await self.call("sendMessage", chat_id=chat_id, text=text, parse_mode="HTML", **keyboard)
        return int(sent["message_id"])

    async def hears(self, count: int = 1) -> list[Json]:
        """The next `count` updates."""
        heard: list[Json] = []
        while len(heard) < count:
            heard += await self.call("getUpdates", offset=self._offset, timeout=5)
            self._offset = heard[-1]["update_id"] + 1 if heard else self._offset
        return heard

    async def do(self, path: str, **body: Any) -> Any:
        async with self.http.post(self.url + path, json=body) as response:
            assert response.status == 200, await response.text()
            return await response.json()


def key(text: str, data: str | None = None) -> Json:
    return {"text": text, "callback_data": data or text}


def picture(colour: str, name: str) -> FilePayload:
    content = io.BytesIO()
    Image.new("RGB", (320, 240), colour).save(content, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": content.getvalue()}


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def browser() -> AsyncIterator[Browser]:
    if browser_path() is None:
        pytest.skip("no Chromium on this machine")
    async with chromium() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="module")
async def simulator() -> AsyncIterator[Simulator]:
    async with Simulator(limits=False) as simulator:
        yield simulator


@pytest_asyncio.fixture(loop_scope="module")
async def bot(simulator: Simulator) -> AsyncIterator[Bot]:
    """A bot that three people have started; it has heard their /start."""
    async with aiohttp.ClientSession() as http:
        bot = Bot(simulator.url, http)
        await bot.do("/sim/clock", to=SATURDAY_MORNING)
        people = ((RINA, "Rina", "Pejabat · Kota Tebing Tinggi"), (HENDRA, "Hendra", "Tim ahli"), (SRI, "Sri", ""))
        for order, (person, name, label) in enumerate(people):
            await bot.do("/sim/people", id=person, first_name=name, label=label, order=order)
            await bot.do(f"/sim/people/{person}/start")
        await bot.hears(3)
        yield bot


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser, bot: Bot) -> AsyncIterator[Page]:
    """A wide screen with the phones of all three."""
    async for page in visit(browser, bot, width=1280):
        yield page


@pytest_asyncio.fixture(loop_scope="module")
async def narrow(browser: Browser, bot: Bot) -> AsyncIterator[Page]:
    """A small phone's screen."""
    async for page in visit(browser, bot, width=360):
        yield page


async def visit(browser: Browser, bot: Bot, width: int) -> AsyncIterator[Page]:
    context = await browser.new_context(viewport={"width": width, "height": 740})
    page = await context.new_page()
    page.set_default_timeout(10_000)
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    await page.goto(bot.url)
    await expect(phone(page, RINA)).to_be_visible()
    yield page
    assert not wrong
    await context.close()


def phone(page: Page, person: int) -> Locator:
    return page.locator(f"#phone-{person}")


def writing(page: Page, person: int) -> Locator:
    return phone(page, person).get_by_role("textbox")


async def test_a_message_appears_live_with_its_format(page: Page, bot: Bot) -> None:
    await bot.say(RINA, "😀 <b>Butir 2.3</b>\n<blockquote>Catatan</blockquote>\n<code>K7QF-3M9T-XW2A</code>")

    words = phone(page, RINA).locator(".theirs .words")
    await expect(words.locator("strong")).to_have_text("Butir 2.3")
    await expect(words.locator("blockquote")).to_have_text("Catatan")
    await expect(words.locator("code")).to_have_text("K7QF-3M9T-XW2A")
    await expect(phone(page, HENDRA).locator(".theirs")).to_have_count(0)


async def test_hostile_text_stays_text(page: Page, bot: Bot) -> None:
    hostile = '<img src=x onerror="document.title=1"><script>1</script>'
    await writing(page, RINA).fill(hostile)
    await writing(page, RINA).press("Enter")

    await expect(phone(page, RINA).locator(".mine .words").last).to_have_text(hostile)
    assert await page.locator(".words :is(img, script)").count() == 0
    assert (await bot.hears())[0]["message"]["text"] == hostile


async def test_a_link_that_is_no_web_address_is_no_link(page: Page, bot: Bot) -> None:
    linked: Json = {"type": "text_link", "offset": 0, "length": 4, "url": "javascript:alert(1)"}
    message: Json = {"message_id": 900_000, "date": 1, "text": "buka", "entities": [linked]}
    await page.evaluate(
        """async (message) => {
            const { formatted } = await import("./entities.js");
            document.body.append(formatted(message.text, message.entities, {}));
        }""",
        message,
    )
    assert await page.locator("a[href^=javascript]").count() == 0


async def test_a_keyboard_changes_in_place(page: Page, bot: Bot) -> None:
    message = await bot.say(RINA, "Simpan?", [key("Simpan"), key("Batalkan")])
    phones = phone(page, RINA)
    await phones.get_by_role("button", name="Simpan").focus()
    changed = {"inline_keyboard": [[key("Urungkan")]]}
    await bot.call("editMessageText", chat_id=RINA, message_id=message, text="Tersimpan.", reply_markup=changed)

    await expect(phones.locator(".theirs")).to_have_count(1)
    await expect(phones.locator(".theirs .words")).to_have_text("Tersimpan.")
    await expect(phones.get_by_role("button", name="Urungkan")).to_be_focused()
    await expect(phones.locator(".edited")).to_have_text("diedit")


async def test_a_press_shows_progress_until_its_toast(page: Page, bot: Bot) -> None:
    await bot.say(RINA, "Simpan?", [key("Simpan", "s:1")])
    button = phone(page, RINA).get_by_role("button", name="Simpan")
    await button.click()
    query = (await bot.hears())[0]["callback_query"]
    await expect(button).to_have_attribute("aria-busy", "true")
    assert query["data"] == "s:1"

    await bot.call("answerCallbackQuery", callback_query_id=query["id"], text="Tersimpan.")
    await expect(phone(page, RINA).locator(".toast")).to_have_text("Tersimpan.")
    await expect(button).to_have_attribute("aria-busy", "false")


async def test_an_alert_waits_to_be_read(page: Page, bot: Bot) -> None:
    await bot.say(RINA, "Hapus?", [key("Hapus")])
    await phone(page, RINA).get_by_role("button", name="Hapus").click()
    query = (await bot.hears())[0]["callback_query"]
    await bot.call("answerCallbackQuery", callback_query_id=query["id"], text="Tidak dapat.", show_alert=True)

    alert = phone(page, RINA).get_by_role("alertdialog")
    await expect(alert).to_contain_text("Tidak dapat.")
    await alert.get_by_role("button", name="Baik").press("Enter")
    await expect(alert).to_have_count(0)


async def test_an_album_from_a_person_is_one_bubble_and_several_updates(page: Page, bot: Bot) -> None:
    files = [picture("teal", "satu.jpg"), picture("navy", "dua.jpg")]
    await phone(page, RINA).locator("input[type=file]").set_input_files(files)
    await writing(page, RINA).fill("Rapat pertama")
    await writing(page, RINA).press("Enter")

    await expect(phone(page, RINA).locator(".mine .album img")).to_have_count(2)
    await expect(phone(page, RINA).locator(".mine", has=page.locator(".album"))).to_contain_text("Rapat pertama")
    first, second = [update["message"] for update in await bot.hears(2)]
    assert first["caption"] == "Rapat pertama"
    assert first["media_group_id"] == second["media_group_id"]
    assert all(message["photo"] for message in (first, second))


async def test_an_album_from_the_bot_is_one_bubble(page: Page, bot: Bot) -> None:
    form = aiohttp.FormData({"chat_id": str(RINA)})
    media = [{"type": "photo", "media": "attach://a", "caption": "Bukti"}, {"type": "photo", "media": "attach://b"}]
    form.add_field("media", json.dumps(media))
    for name, colour in (("a", "teal"), ("b", "navy")):
        form.add_field(name, picture(colour, name)["buffer"], filename=f"{name}.jpg", content_type="image/jpeg")
    await bot.call("sendMediaGroup", form)

    await expect(phone(page, RINA).locator(".theirs")).to_have_count(1)
    pictures = phone(page, RINA).locator(".theirs .album img")
    await expect(pictures).to_have_count(2)
    await expect(pictures.last).to_have_js_property("naturalWidth", 320)


async def test_a_document_keeps_its_name_and_size(page: Page, bot: Bot) -> None:
    document: FilePayload = {"name": "SK Wali Kota.pdf", "mimeType": "application/pdf", "buffer": b"%PDF" * 512}
    await phone(page, RINA).locator("input[type=file]").set_input_files(document)
    await phone(page, RINA).get_by_role("button", name="Kirim").click()

    file = phone(page, RINA).locator(".mine .file")
    await expect(file).to_contain_text("SK Wali Kota.pdf")
    await expect(file).to_contain_text("2,0 KB")
    async with page.expect_download() as download:
        await file.click()
    assert (await download.value).suggested_filename == "SK Wali Kota.pdf"


async def test_unread_marks_go_when_the_phone_is_opened(page: Page, bot: Bot, simulator: Simulator) -> None:
    await phone(page, SRI).get_by_role("button", name="Tutup telepon").click()
    await bot.say(SRI, "Pengumuman")
    entry = page.locator(f".people-list [data-person='{SRI}']")
    await expect(entry.locator(".badge")).to_have_text("1")
    await expect(page).to_have_title("(1) Pandu · Simulasi")

    await entry.click()
    await expect(phone(page, SRI).locator(".theirs")).to_contain_text("Pengumuman")
    await expect(entry.locator(".badge")).to_have_count(0)
    assert simulator.x.world.private_chat(SRI).unread == 0


async def test_a_deep_link_opens_in_the_phone_of_ones_choice(page: Page, bot: Bot) -> None:
    await bot.say(RINA, "Undangan: https://t.me/pandu_demo_bot?start=i_K7QF")
    await phone(page, RINA).get_by_role("link").click()
    menu = page.get_by_role("menu")
    await expect(menu.get_by_role("menuitem").first).to_be_focused()
    await expect(menu.get_by_role("menuitem").first).to_contain_text("Rina")

    await menu.get_by_role("menuitem", name="Hendra").click()
    message = (await bot.hears())[0]["message"]
    assert (message["from"]["id"], message["text"]) == (HENDRA, "/start i_K7QF")


async def test_an_address_with_a_person_opens_their_phone(page: Page, bot: Bot) -> None:
    person = await bot.do("/sim/people", first_name="Made", order=9)
    await page.goto(f"{bot.url}/#open={person['id']}")

    await phone(page, person["id"]).get_by_role("button", name="Mulai").click()
    assert (await bot.hears())[0]["message"]["text"] == "/start"
    await expect(writing(page, person["id"])).to_be_visible()


async def test_the_clock_moves_for_the_page_and_the_bot(page: Page, simulator: Simulator) -> None:
    face = page.locator(".clock-face .long")
    await expect(face).to_have_text("Sabtu, 14 November 2026 pukul 09.00 WIB")
    await page.get_by_role("button", name="+1 hari").click()
    await expect(face).to_have_text("Minggu, 15 November 2026 pukul 09.00 WIB")
    await page.get_by_role("button", name="Hari kerja berikutnya").click()
    await expect(face).to_have_text("Senin, 16 November 2026 pukul 09.00 WIB")
    assert simulator.clock.iso().startswith("2026-11-16T02:00")

    await page.get_by_label("Zona waktu").select_option("WIT")
    await expect(face).to_have_text("Senin, 16 November 2026 pukul 11.00 WIT")


async def test_the_time_can_be_picked_in_the_chosen_zone(page: Page, simulator: Simulator) -> None:
    await page.get_by_label("Zona waktu").select_option("WITA")
    await page.locator(".clock-face").click()
    await page.locator(".popover input").fill("2026-11-30T23:59")
    await page.get_by_role("button", name="Atur waktu").click()

    await expect(page.locator(".clock-face .long")).to_have_text("Senin, 30 November 2026 pukul 23.59 WITA")
    assert simulator.clock.iso().startswith("2026-11-30T15:59")


async def test_faults_are_chosen_with_one_press(page: Page, simulator: Simulator) -> None:
    await page.get_by_role("button", name="Gangguan: Normal").click()
    await page.get_by_role("radio", name="Telegram mati").check()
    await expect(page.locator(".fault-button")).to_have_text("Telegram mati")
    assert simulator.plan.faults.refuse == 1

    await page.get_by_role("radio", name="Normal").check()
    await expect(page.locator(".fault-button")).to_have_text("Gangguan")
    assert simulator.plan.calm


async def test_a_person_can_block_and_come_back(page: Page, bot: Bot) -> None:
    await phone(page, RINA).get_by_role("button", name="Pilihan telepon").click()
    await page.get_by_role("menuitem", name="Blokir Pandu").click()
    assert (await bot.hears())[0]["my_chat_member"]["new_chat_member"]["status"] == "kicked"
    await expect(writing(page, RINA)).to_be_hidden()

    await phone(page, RINA).get_by_role("button", name="Buka blokir").click()
    await expect(writing(page, RINA)).to_be_visible()


async def test_commands_are_offered_while_typing(page: Page, bot: Bot) -> None:
    commands = [{"command": "tugas", "description": "Tugas saya"}, {"command": "tahapan", "description": "Tahapan"}]
    await bot.call("setMyCommands", commands=commands)
    await writing(page, RINA).press_sequentially("/ta")
    await expect(phone(page, RINA).get_by_role("option")).to_have_text(["/tahapanTahapan"])

    await writing(page, RINA).press("Enter")
    assert (await bot.hears())[0]["message"]["text"] == "/tahapan"


async def test_replies_and_edits_need_no_mouse(page: Page, bot: Bot) -> None:
    question = await bot.say(RINA, "Kapan rapatnya?")
    await expect(phone(page, RINA).locator(".theirs")).to_have_count(1)
    field = writing(page, RINA)
    await field.press("Control+ArrowUp")
    await field.fill("Senin")
    await field.press("Enter")
    message = (await bot.hears())[0]["message"]
    assert message["reply_to_message"]["message_id"] == question
    await expect(phone(page, RINA).locator(".mine .reply-quote")).to_contain_text("Kapan rapatnya?")

    await field.press("ArrowUp")
    await field.fill("Selasa")
    await field.press("Enter")
    assert (await bot.hears())[0]["edited_message"]["text"] == "Selasa"
    await expect(phone(page, RINA).locator(".mine .words").last).to_have_text("Selasa")


async def test_a_reader_of_old_messages_is_not_pulled_away(page: Page, bot: Bot) -> None:
    for number in range(80):
        await bot.say(RINA, f"Pesan {number}")
    await page.reload()
    scroller = phone(page, RINA).locator(".scroller")
    await expect(scroller.get_by_text("Pesan 79", exact=True)).to_be_in_viewport()
    await scroller.evaluate("element => element.scrollTo(0, 0)")
    await expect(scroller.get_by_text("Pesan 10", exact=True)).to_be_attached()

    await bot.say(RINA, "Kabar terbaru")
    pill = phone(page, RINA).locator(".pill")
    await expect(pill).to_contain_text("1 pesan baru")
    await expect(scroller.get_by_text("Kabar terbaru")).not_to_be_in_viewport()
    await pill.click()
    await expect(scroller.get_by_text("Kabar terbaru")).to_be_in_viewport()


async def test_the_page_comes_back_by_itself(page: Page, bot: Bot, simulator: Simulator) -> None:
    await simulator.hang_up()
    await expect(page.locator(".banner")).to_contain_text("Menyambung kembali")
    await simulator.call("sendMessage", {"chat_id": RINA, "text": "Selagi terputus"})
    await simulator.listen()

    await expect(phone(page, RINA).locator(".theirs")).to_contain_text("Selagi terputus")
    await expect(page.locator(".banner")).to_be_hidden()


async def test_360_pixels_are_enough(narrow: Page, bot: Bot) -> None:
    long = "Tambahkan dokumen pendukung lain untuk butir ini"
    await bot.say(RINA, "https://contoh.go.id/" + "panjang" * 30, [key(long), key("Ajukan")], [key("Kembali")])
    await expect(phone(narrow, RINA).get_by_role("button", name="Ajukan")).to_be_visible()
    await expect(phone(narrow, HENDRA)).to_be_hidden()

    await narrow.get_by_role("tab", name="Hendra").click()
    await expect(phone(narrow, HENDRA)).to_be_visible()
    await expect(phone(narrow, RINA)).to_be_hidden()
    assert await narrow.evaluate("document.documentElement.scrollWidth") == 360


async def test_the_page_speaks_english_when_asked(page: Page, bot: Bot) -> None:
    await page.goto(f"{bot.url}/?lang=en")

    await expect(phone(page, RINA).get_by_role("textbox")).to_have_attribute("placeholder", "Write a message…")
    await expect(page.locator(".clock-face .long")).to_have_text("Saturday, 14 November 2026 at 09:00 WIB")
    own = """async () => {
        const { dictionaries } = await import("./words.js");
        return Object.values(dictionaries).map((words) => Object.keys(words).sort().join());
    }"""
    assert len(set(await page.evaluate(own))) == 1
