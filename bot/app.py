"""The only place that builds things, and the order in which they start and stop."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import structlog
from aiohttp import web
from sqlalchemy.orm import Session
from telegram import Bot, BotCommand
from telegram.error import NetworkError, TelegramError

from bot.alerts import Alerts
from bot.clock import Clock
from bot.fetcher import Errand, Fetcher, Settled, for_evidence, for_lists
from bot.files import EvidenceStore
from bot.handlers import tables
from bot.handlers.flood import Floods
from bot.handlers.shift import Front
from bot.health import Beating, Health, Sources
from bot.intake import ALLOWED_UPDATES, Poller, Register, Webhook, webhook_app
from bot.jobs.guard import ClockGuard
from bot.jobs.ticks import Ticker
from bot.leader import Leader
from bot.lock import FileLock
from bot.program.regions import load_regions
from bot.running import Group, run_until
from bot.sender import Sender
from bot.services import (
    cohorts,
    decree_lists,
    editions,
    evidence,
    items,
    letters,
    menus,
    reach,
    search_index,
    series,
    stopping,
)
from bot.services.editions import Opened
from bot.services.work import Programme, Work
from bot.settings import Settings, owner_name
from bot.texts import DEFAULT_LANGUAGE, LANGUAGES, Texts
from bot.transport import PtbRequest, Transport
from bot.waiting import pause
from bot.words import _
from bot.worker import Worker
from db import inbox, leases, outbox, schema
from db.engine import Database
from db.schema import SchemaState

log = structlog.get_logger(__name__)

RETRY_SECONDS = 5.0
DUTY = "lead"
REPEATED = _("<i>(sent again; please ignore it if it has arrived before)</i>")


class CannotStart(Exception):  # noqa: N818 (told to the operator in one line)
    """Why Pandu does not start, and what to do, on one line."""

    def __init__(self, why: str, code: int) -> None:
        super().__init__(why)
        self.code = code


@dataclass
class App:
    """One process of Pandu on one database. `run` returns when `stop` is set and everything is drained."""

    settings: Settings
    clock: Clock
    database: Database
    texts: Texts
    transport: Transport
    owner: str = field(default_factory=owner_name)
    username: str = ""
    front: Front | None = None
    ticker: Ticker | None = None
    ready: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self, stop: asyncio.Event) -> None:
        """Start in order, work, drain. Raises `CannotStart` or `LockRefused` before anything was touched."""
        lock = FileLock(self.database.path).acquire() if self.database.path else None
        try:
            await self._run_locked(stop)
        finally:
            await self.transport.close()
            await self.database.close()
            if lock:
                lock.release()

    async def _run_locked(self, stop: asyncio.Event) -> None:
        await asyncio.to_thread(require_schema, self.database)
        opened = await self._open_edition()
        await self.database.write(self._take_up)
        bot = Bot(
            self.settings.bot_token.get_secret_value(),
            base_url=f"{self.settings.api_url}/bot",
            base_file_url=f"{self.settings.api_url}/file/bot",
            request=PtbRequest(self.transport),
            get_updates_request=PtbRequest(self.transport),
        )
        if not await self._meet_telegram(bot, stop):
            return
        await self._work(opened, stop)

    async def _open_edition(self) -> Opened:
        now = self.clock.now()
        row = await self.database.write(editions.present)
        content = editions.load_for(row, self.settings.edition, now.date())
        opened = await self.database.write(lambda session: editions.open_edition(session, content, now))
        for line in opened.vanished:
            log.warning("The content has lost an item that regions worked on.", action="edition", what=line)
        return opened

    def _take_up(self, session: Session) -> None:
        """What an earlier process left in the middle. On SQLite the lock proves that it is dead."""
        now = self.clock.now()
        outbox.reopen_lost(session, now, all_of_them=self.database.is_sqlite)
        if self.database.is_sqlite:
            inbox.release_claims(session, now)
            leases.release_all(session)

    async def _meet_telegram(self, bot: Bot, stop: asyncio.Event) -> bool:
        """Say hello until Telegram answers. False when told to stop before."""
        while not stop.is_set():
            try:
                async with bot:
                    self.username = bot.username
                    await self._introduce(bot)
                return True
            except NetworkError as error:
                if "not found" in str(error).lower():
                    raise CannotStart(_TOKEN_REFUSED, 2) from None
                log.warning("Telegram is not reached; trying again.", action="start", why=type(error).__name__)
            except TelegramError as error:
                if type(error).__name__ in {"InvalidToken", "Forbidden"}:
                    raise CannotStart(_TOKEN_REFUSED, 2) from None
                log.warning("Telegram refuses; trying again.", action="start", why=type(error).__name__)
            await pause(stop, RETRY_SECONDS)
        return False

    async def _introduce(self, bot: Bot) -> None:
        """The menu of strangers, and the way updates come in: by webhook, or by polling without one."""
        for language in LANGUAGES:
            commands = menus.commands(menus.STRANGERS, self.texts, language)
            await bot.set_my_commands(
                [BotCommand(one["command"], one["description"]) for one in commands],
                language_code=None if language == DEFAULT_LANGUAGE else language,
            )
        if self.settings.webhook_url and self.settings.webhook_secret:
            await bot.set_webhook(
                str(self.settings.webhook_url),
                secret_token=self.settings.webhook_secret.get_secret_value(),
                allowed_updates=list(ALLOWED_UPDATES),
            )
        elif (await bot.get_webhook_info()).url:
            # Never dropping what waits: an update that was not worked on is still owed an answer.
            await bot.delete_webhook(drop_pending_updates=False)

    async def _work(self, opened: Opened, stop: asyncio.Event) -> None:
        """Build the loops and run them until told to stop."""
        programme = programme_of(self.settings, opened, self.username)
        await asyncio.to_thread(EvidenceStore(self.settings.data_dir).tidy)
        await self.database.write(lambda session: self._prepare(session, programme, opened))
        floods = Floods(self.settings.flood_per_minute)
        self.front = Front(tables.desk(self.texts), programme, opened.row_id, floods)
        leader = Leader(self.database, self.clock, DUTY, self.owner)
        await leader.renew()
        sender = self._sender(leader)
        worker = Worker(self.database, self.clock, self.owner, self.front.open_shift, sender)
        register = Register(self.database, self.clock, worker)
        webhook = Webhook(register, self._webhook_secret()) if self.settings.webhook_url else None
        poller = None if webhook else Poller(self.transport, register, lambda: leader.holds)
        others: dict[str, Beating] = {
            "leader": leader,
            **self._fetchers(programme, opened.row_id, sender),
            "alerts": self._alerts(),
        }
        doors: dict[str, Beating] = {"worker": worker, "sender": sender}
        if poller:
            doors["poller"] = poller
        health = self._health(doors | others, poller, sender)
        server = await self._listen(health, webhook)
        self.ticker = ticker = self._ticker(programme, opened.row_id, leader, sender)
        ticker.start()
        log.info("Pandu is ready.", action="start", bot=self.username, edition=opened.content.key)
        self.ready.set()
        try:
            order = [Group([poller] if poller else []), Group([worker]), Group([sender])]
            everybody = [*order, Group([*others.values(), health])]
            await run_until(stop, everybody, webhook.close if webhook else lambda: None)
        finally:
            ticker.stop()
            if server:
                await server.cleanup()

    def _prepare(self, session: Session, programme: Programme, opened: Opened) -> None:
        """The content's participants take part with the whole checklist, and what it says can be found."""
        work = Work(session, self.clock.now(), programme, opened.row_id, "start")
        if opened.is_new or opened.has_changed:
            items.enrol_all(work, opened.content.participants)
            cohorts.gather(work, opened.content.cohorts)
            series.look_again(work)
        search_index.keep_current(work)

    def _sender(self, leader: Leader) -> Sender:
        return Sender(
            self.transport,
            self.database,
            self.clock,
            self.owner,
            total_rate=self.settings.total_rate,
            bulk_rate=self.settings.bulk_rate,
            repeat_note=self.texts.html(REPEATED, DEFAULT_LANGUAGE),
            leads=lambda: leader.holds,
            stopped=stopping.is_on,
            on_dead_chat=lambda session, chat_id, why: reach.lost(session, chat_id, why, self.clock.now()),
        )

    def _fetchers(self, programme: Programme, edition_id: int, sender: Sender) -> dict[str, Fetcher]:
        """Whoever gets files from Telegram: one for evidence, one for lists of days off."""
        loop = asyncio.get_running_loop()

        def telling(what: str, tell: Callable[[Work, int], None]) -> Settled:
            def settled(session: Session, row_id: int, now: datetime) -> None:
                work = Work(session, now, programme, edition_id, f"{what} {row_id}")
                tell(work, row_id)
                letters.post_letters(session, work.letters, self.texts, now)
                loop.call_soon_threadsafe(sender.wake)

            return settled

        def fetcher(errand: Errand) -> Fetcher:
            return Fetcher(self.transport, self.database, self.clock, errand)

        store = EvidenceStore(self.settings.data_dir)
        return {
            "fetcher": fetcher(for_evidence(store, telling("evidence", evidence.settled))),
            "list reader": fetcher(for_lists(telling("list", decree_lists.settled))),
        }

    def _ticker(self, programme: Programme, edition_id: int, leader: Leader, sender: Sender) -> Ticker:
        def open_work(session: Session, now: datetime, cause: str) -> Work:
            return Work(session, now, programme, edition_id, cause)

        guard = ClockGuard(lambda: self.transport.skew, self.transport.compare_clocks)
        return Ticker(self.database, self.clock, lambda: leader.holds, open_work, self.texts, sender.wake, guard)

    def _alerts(self) -> Alerts:
        url = str(self.settings.alert_url) if self.settings.alert_url else None
        secrets = (self.settings.bot_token.get_secret_value(), self._webhook_secret())
        return Alerts(self.transport, self.settings.admin_chat, url, secrets)

    def _health(self, loops: dict[str, Beating], poller: Poller | None, sender: Sender) -> Health:
        def intake_age() -> float | None:
            last = poller.last_good if poller else None
            return None if last is None else round(time.monotonic() - last, 1)

        def faults() -> tuple[str, ...]:
            found = {
                "foreign poller": bool(poller and poller.foreign),
                "token refused": bool(poller and poller.token_refused) or sender.halted,
            }
            return tuple(name for name, is_so in found.items() if is_so)

        def skew() -> float | None:
            return None if self.transport.skew is None else self.transport.skew / timedelta(seconds=1)

        self.settings.data_dir.mkdir(parents=True, exist_ok=True)
        return Health(self.database, self.clock, self.settings.data_dir, Sources(loops, intake_age, skew, faults))

    def _webhook_secret(self) -> str:
        return self.settings.webhook_secret.get_secret_value() if self.settings.webhook_secret else ""

    async def _listen(self, health: Health, webhook: Webhook | None) -> web.AppRunner | None:
        """Open the port of webhook, health and metrics, if one is set. Raises `CannotStart` when it is taken."""
        if not self.settings.listen:
            return None
        path = urlsplit(str(self.settings.webhook_url)).path or "/"
        application = webhook_app(webhook, path) if webhook else web.Application()
        health.add_routes(application)
        runner = web.AppRunner(application, access_log=None)
        await runner.setup()
        host, _colon, port = self.settings.listen.rpartition(":")
        try:
            await web.TCPSite(runner, host or "127.0.0.1", int(port)).start()
        except (OSError, ValueError):
            raise CannotStart(f"PANDU_LISTEN: {self.settings.listen} cannot be opened: take another port", 2) from None
        return runner


_TOKEN_REFUSED = "PANDU_BOT_TOKEN: Telegram does not know this token: copy it again from BotFather"  # noqa: S105


def build(settings: Settings, clock: Clock) -> App:
    """Everything that one process needs; nothing is opened yet."""
    token = settings.bot_token.get_secret_value()
    return App(
        settings=settings,
        clock=clock,
        database=Database(settings.database_url),
        texts=Texts.load(),
        transport=Transport(settings.api_url, token, clock),
    )


def programme_of(settings: Settings, opened: Opened, username: str) -> Programme:
    """What services need to know of the programme."""
    return Programme(
        edition=opened.content,
        regions=load_regions(),
        bot_username=username,
        help_contact=settings.help_contact,
        privacy_contact=settings.privacy_contact,
        evidence_hosts=settings.evidence_hosts,
        upload_bytes_a_day=settings.upload_megabytes_a_day * 1024 * 1024,
        bulk_rate=settings.bulk_rate,
    )


def require_schema(database: Database) -> None:
    """Tables of this release's version; a new database gets them at once. Raises `CannotStart`."""
    state = schema.state(database)
    if state is SchemaState.EMPTY:
        schema.migrate(database)
    else:
        require_release(state)


def require_release(state: SchemaState) -> None:
    """Tables as this release works with. Raises `CannotStart` for others, and where there are none."""
    match state:
        case SchemaState.EMPTY:
            raise CannotStart("the database has no tables of Pandu yet: run `pandu migrate` first", 4)
        case SchemaState.OLDER:
            raise CannotStart("the database is of an earlier release: run `pandu migrate` first", 4)
        case SchemaState.NEWER:
            raise CannotStart("the database is of a later release: start that release, or restore a backup", 4)
