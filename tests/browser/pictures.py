"""Takes the pictures of the documents from a fresh demo: `make screenshots`. Look at them before committing."""

import asyncio
import os
import re
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
from playwright.async_api import Browser, ViewportSize

from tests.browser.page import Phone, chromium

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "pictures"
WIDE = ViewportSize(width=1360, height=900)
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")

# Who shows what: the label of the person, then the buttons on the way, a picture at each word in capitals, and what is
# written after a tilde.
WALKS: Sequence[tuple[str, str, str]] = (
    (
        "Ketua tim · Kota Tebing Tinggi",
        "pejabat",
        "BERANDA|Tugas saya|TUGAS|1|BUTIR|Lampirkan perbaikan|KERJAKAN",
    ),
    ("Ketua tim · Kabupaten Katingan", "pejabat", "Tahapan|TAHAPAN|Semua butir|DAFTAR"),
    (
        "Pejabat · Kota Tebing Tinggi",
        "pejabat",
        "Tanya tim ahli|~Apakah layanan yang sudah jalan bisa jadi quick win?|TANYA|📨 Kirim|Tidak tahu|SARAN",
    ),
    ("Pejabat · Kabupaten Mojokerto", "pejabat", "💬 Pertanyaan|T-0006|PERCAKAPAN"),
    ("Pejabat · Kota Mojokerto", "pejabat", "Kemajuan|KEMAJUAN"),
    ("Tim ahli", "tim-ahli", "BERANDA|Tinjau|TINJAUAN|1|PENGAJUAN"),
    (
        "Tim ahli",
        "tim-ahli",
        "Beranda|Pertanyaan (|ANTREAN|T-0017|PERTANYAAN|Jawab|~Paling lama tiga menit; mohon dipotong.|PRATINJAU",
    ),
    ("Tim ahli", "tim-ahli", "Nanti|Beranda|Statistik|STATISTIK|Beranda|Jawaban cepat|CEPAT"),
    ("Ketua tim ahli", "tim-ahli", "Pertanyaan (|Jawaban saya|T-0006|UTAS"),
    (
        "Koordinator",
        "koordinator",
        "BERANDA|Daerah|DAERAH|Kabupaten Banggai|KARTU|Beranda|Permintaan|PERMINTAAN|Beranda|Statistik|STATISTIK",
    ),
    ("Koordinator", "koordinator", "Beranda|Siarkan|1. Lokakarya daring Buku 2|PENGUMUMAN"),
    ("Koordinator", "koordinator", "Beranda|Siarkan|Persiapan hari penutupan|DRAF|Penerima|PENERIMA"),
    ("Ketua tim · Kabupaten Banggai", "pejabat", "Agenda|Berikutnya|AGENDA|1|KEGIATAN"),
    ("Pejabat · Kabupaten Banggai", "pejabat", "Pengingat saya|PENGINGAT|Beranda|Pengumuman|Bukti di atas|PENGUMUMAN"),
    (
        "Koordinator",
        "koordinator",
        "Beranda|Agenda|Jadwalkan|Bimtek tahap IV|~Katingan|~24 November 09.00-15.00|~Aula Bappeda|Bambang|JADWAL",
    ),
)


def names() -> set[str]:
    """The pictures that are made here, as files."""
    walked = {
        f"{name}-{step.lower()}.png" for _who, name, steps in WALKS for step in steps.split("|") if is_picture(step)
    }
    return {"chat-page.png", *walked}


@asynccontextmanager
async def demo(directory: Path) -> AsyncIterator[str]:
    """A fresh demo of its own; the address of its chat page."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "demo", "--reset", "--port", "8091",
        cwd=directory,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parents[2])},
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    found = None
    while found is None:
        line = (await process.stdout.readline()).decode()
        assert line, "the demo ended before it told its address"
        found = ADDRESS.search(line)
    try:
        yield found[0]
    finally:
        process.send_signal(signal.SIGTERM)
        await process.wait()


async def people(url: str) -> dict[str, int]:
    """Person by label."""
    async with aiohttp.ClientSession() as http, http.get(f"{url}/sim/people") as answer:
        return {person["label"]: person["id"] for person in reversed(await answer.json())}


async def walk(browser: Browser, url: str, person_id: int, name: str, steps: Sequence[str]) -> None:
    phone = await Phone.of(browser, url, person_id)
    await phone.page.wait_for_timeout(1500)
    for step in steps:
        if is_picture(step):
            await phone.picture(PICTURES / f"{name}-{step.lower()}.png")
            continue
        if step.startswith("~"):
            await phone.says(step[1:])
        else:
            await phone.presses(step)
        await phone.page.mouse.move(0, 0)
        await phone.rests()


def is_picture(step: str) -> bool:
    """Whether a step of a walk is a picture rather than a button or words."""
    return step.isalpha() and step.isupper()


async def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as directory:
        async with demo(Path(directory)) as url, chromium() as browser:
            await asyncio.sleep(3)
            page = await browser.new_page(viewport=WIDE, locale="id-ID")
            await page.goto(url)
            await page.wait_for_timeout(2500)
            await page.screenshot(path=str(PICTURES / "chat-page.png"))
            known = await people(url)
            for label, name, steps in WALKS:
                await walk(browser, url, known[label], name, steps.split("|"))


if __name__ == "__main__":
    asyncio.run(main())
