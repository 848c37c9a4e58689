"""The chat page as somebody uses it: phones found by their person, buttons by their label."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Browser, FilePayload, Locator, Page, ViewportSize, async_playwright, expect

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NAMES = ("chromium", "chromium-browser", "google-chrome")
PHONE = ViewportSize(width=390, height=844)
PATIENCE_MS = 15_000


def browser_path() -> str | None:
    """Where a Chromium is, if one is installed."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """A headless Chromium of this machine; none is downloaded."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=browser_path(), args=ARGUMENTS)
        yield browser
        await browser.close()


@dataclass
class Phone:
    """One person's phone on a page of its own, at phone width."""

    page: Page
    person_id: int

    @classmethod
    async def of(cls, browser: Browser, url: str, person_id: int) -> "Phone":
        context = await browser.new_context(viewport=PHONE, locale="id-ID")
        page = await context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        await page.goto(f"{url}/#open={person_id}")
        return cls(page, person_id)

    @property
    def chat(self) -> Locator:
        return self.page.locator(f"#phone-{self.person_id}")

    async def sees(self, text: str) -> None:
        """Wait until the newest message of Pandu with this text is on the screen."""
        await expect(self.chat.locator(".theirs", has_text=text).last).to_be_visible(timeout=PATIENCE_MS)

    async def presses(self, label: str) -> None:
        """Press the newest button with this label; a leading emoji may be left out."""
        await self.chat.get_by_role("button", name=label).last.click()

    async def rests(self) -> None:
        """Wait until no pressed button turns any more and what came has been drawn."""
        await self.chat.locator("button.waiting").first.wait_for(state="detached")
        await self.page.wait_for_timeout(600)

    async def says(self, text: str) -> None:
        box = self.chat.locator("textarea")
        await box.fill(text)
        await box.press("Enter")

    async def sends(self, name: str, mime: str, content: bytes) -> None:
        """Attach a document and send it."""
        await self.chat.locator("input[type=file]").set_input_files(
            FilePayload(name=name, mimeType=mime, buffer=content)
        )
        await self.page.get_by_role("button", name="Kirim").last.click()

    async def picture(self, path: Path) -> None:
        """What the screen shows once every press is answered, as a PNG."""
        await self.rests()
        await self.page.screenshot(path=str(path))
