"""The stand-in as one HTTP server on loopback: Bot API, files, chat page, control."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web
from aiohttp.web_request import FileField

from simulator import control, files
from simulator.clock import Clock
from simulator.errors import ApiError, bad_request, flood
from simulator.exchange import Exchange
from simulator.faults import Fault, FaultPlan
from simulator.ledger import Ledger
from simulator.limits import Limiter
from simulator.live import Feed
from simulator.methods import METHODS
from simulator.polling import Doors
from simulator.state import Store, World
from simulator.updates import UpdateLine
from simulator.validation import Method, Upload, bot_api

Json = dict[str, Any]

LARGEST_REQUEST = 64 * 1024 * 1024
NOT_FOUND = ApiError(404, "Not Found")
UNAUTHORIZED = ApiError(401, "Unauthorized")
HTML_502 = "<html><head><title>{code}</title></head><body><center><h1>{code}</h1></center></body></html>"
NOT_IN_LEDGER = frozenset({"getUpdates"})


class Simulator:
    """A Telegram of one's own. `await start()`, then `url` is what a bot takes for the Bot API's address.

    `state` is a directory that outlives the process (None: memory). `port` 0 takes a free one. `limits` is
    Telegram's pace, `strict` refuses parameters that the Bot API does not document, `pace` stretches the pauses
    between two deliveries by webhook. Times are those of `clock`, which people and tests may move.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        state: Path | None = None,
        token: str = "1:demo",  # noqa: S107 - the demo's, opens nothing
        username: str = "pandu_demo_bot",
        first_name: str = "Pandu",
        limits: bool = True,
        strict: bool = True,
        seed: int = 0,
        pace: float = 1.0,
    ) -> None:
        self.port = port
        self.token = token
        bot_id = int(token.partition(":")[0])
        bot_user = {"id": bot_id, "is_bot": True, "first_name": first_name, "username": username}
        self.x = _exchange(Store(state), bot_user, token, FaultPlan(seed, limits), strict=strict)
        self.doors = Doors(self.x, self.call, pace)
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def clock(self) -> Clock:
        return self.x.clock

    @property
    def ledger(self) -> Ledger:
        return self.x.ledger

    @property
    def plan(self) -> FaultPlan:
        return self.x.plan

    async def start(self) -> None:
        """Listen; raises OSError when the port is taken or the directory cannot be written."""
        self.x.store.prepare()
        self._load()
        await self.listen()
        self.doors.resume()

    async def listen(self) -> None:
        """Take connections (again, after `hang_up`)."""
        self._runner = web.AppRunner(self._app(), access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port, backlog=1024)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def hang_up(self) -> None:
        """Refuse connections for real, as a machine that is away does; all knowledge stays."""
        if self._runner is not None:
            self.x.updates.interrupt("terminated")
            await self.x.feed.dismiss()
            await self._runner.cleanup()
            self._runner = None

    async def stop(self) -> None:
        """Stop listening and write everything down."""
        await self.doors.close()
        await self.hang_up()
        self.x.updates.hurry()
        self.x.world.clock_offset = self.x.clock.offset
        self.x.store.close(self.x.world)

    async def __aenter__(self) -> "Simulator":
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def call(self, method: str, params: Json) -> Any:
        """One method by name, as if it came by HTTP, without faults; raises ApiError."""
        known = bot_api()[method.lower()]
        checked = self._checked(known, params)
        result = await self._carry_out(known.name, checked)
        self._note(known.name, checked, result, None)
        return result

    def _load(self) -> None:
        world = self.x.store.load()
        self.x.world = self.x.updates.world = world
        self.x.clock.offset = world.clock_offset

    def _app(self) -> web.Application:
        app = web.Application(client_max_size=LARGEST_REQUEST, middlewares=[self._dated])
        app.router.add_route("*", "/bot{token:[^/]+}/{method}", self._on_call)
        app.router.add_get("/file/bot{token:[^/]+}/{path:.+}", self._on_file)
        control.add_routes(app, self.x, self.doors)
        return app

    @web.middleware
    async def _dated(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        response = await handler(request)
        if not response.prepared:
            response.headers["Date"] = self.x.clock.http_date()
        return response

    # One call

    async def _on_call(self, request: web.Request) -> web.Response:
        name = request.match_info["method"]
        method = bot_api().get(name.lower())
        fate = self.x.plan.draw(method.name if method else name)
        if fate is Fault.REFUSE:
            return self._cut(request, name, {}, fate)
        try:
            return await self._answer(request, method, name, fate)
        except ApiError as error:
            return _json(error.body(), error.code)
        except web.HTTPRequestEntityTooLarge:
            return _json(files.TOO_LARGE.body(), files.TOO_LARGE.code)

    async def _answer(self, request: web.Request, method: Method | None, name: str, fate: Fault | None) -> web.Response:
        raw = await _read(request)
        if method is None or request.match_info["token"] != self.token:
            error = NOT_FOUND if ":" not in request.match_info["token"] or method is None else UNAUTHORIZED
            self.x.ledger.refuse(name, raw, error.code, error.description)
            raise error
        delay = self.x.plan.delay(method.name)
        if delay:
            await asyncio.sleep(delay)
        if fate is Fault.DROP_BEFORE:
            return self._cut(request, method.name, raw, fate)
        if fate is Fault.SERVER_ERROR:
            return self._server_error(method.name, raw)
        try:
            params = self._checked(method, raw)
            self._flood(fate, params)
            result = await self._carry_out(method.name, params)
        except ApiError as error:
            self.x.ledger.refuse(method.name, raw, error.code, error.description)
            raise
        self._note(method.name, params, result, fate)
        response = _json({"ok": True, "result": result})
        if fate is Fault.ACCEPT_THEN_DROP:
            await self._half(request, response)
            return self._cut(request, method.name, params, None)
        return response

    def _checked(self, method: Method, raw: Json) -> Json:
        unknown: list[str] = []
        params = method.check(raw, unknown)
        if unknown:
            why = "unknown parameter " + ", ".join(f'"{name}"' for name in sorted(unknown))
            if self.x.strict:
                raise bad_request(why)
            self.x.ledger.refuse(method.name, raw, 0, why)
        return params

    async def _carry_out(self, method: str, params: Json) -> Any:
        known = METHODS.get(method)
        return known(self.x, params) if known is not None else await self.doors.call(method, params)

    def _note(self, method: str, params: Json, result: Any, fate: Fault | None) -> None:
        if method not in NOT_IN_LEDGER:
            self.x.ledger.accept(method, params, result, fate.value if fate else None)

    def _flood(self, fate: Fault | None, params: Json) -> None:
        """The 429 of a fault: this chat, or everything, stays closed for some seconds."""
        if fate not in (Fault.FLOOD_CHAT, Fault.FLOOD_GLOBAL):
            return
        seconds = self.x.plan.flood_seconds()
        chat_id = params.get("chat_id")
        if fate is Fault.FLOOD_GLOBAL:
            self.x.limiter.close(seconds)
        elif isinstance(chat_id, int):
            self.x.limiter.close(seconds, chat_id)
        raise flood(seconds)

    def _server_error(self, method: str, raw: Json) -> web.Response:
        code, is_page = self.x.plan.server_error()
        self.x.ledger.refuse(method, raw, code, "server_error")
        if is_page:
            return web.Response(text=HTML_502.format(code=code), status=code, content_type="text/html")
        return _json(ApiError(code, "Internal Server Error" if code == 500 else "Service Unavailable").body(), code)

    async def _half(self, request: web.Request, response: web.Response) -> None:
        """Sometimes the beginning of the answer still comes through."""
        if self.x.plan.lets_half_through() and isinstance(response.body, bytes):
            part = web.StreamResponse(headers={"Content-Type": "application/json"})
            part.content_length = len(response.body)
            await part.prepare(request)
            await part.write(response.body[: len(response.body) // 2])

    def _cut(self, request: web.Request, method: str, raw: Json, fate: Fault | None) -> web.Response:
        """Close the connection instead of answering."""
        if fate is not None:
            self.x.ledger.refuse(method, raw, 0, fate.value)
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=500)

    async def _on_file(self, request: web.Request) -> web.Response:
        file_id = self.x.world.file_paths.get(request.match_info["path"])
        if request.match_info["token"] != self.token or file_id is None:
            return _json(NOT_FOUND.body(), 404)
        file = self.x.world.files[file_id]
        fate = self.x.plan.draw("download")
        if fate in (Fault.REFUSE, Fault.DROP_BEFORE, Fault.ACCEPT_THEN_DROP):
            return self._cut(request, "download", {"file_id": file_id}, fate)
        return web.Response(body=self.x.store.get(file.sha256), content_type="application/octet-stream")


def _exchange(store: Store, bot_user: Json, token: str, plan: FaultPlan, *, strict: bool) -> Exchange:
    world, clock = World(), Clock()
    return Exchange(
        bot_user=bot_user,
        token=token,
        strict=strict,
        world=world,
        store=store,
        clock=clock,
        ledger=Ledger(clock),
        plan=plan,
        limiter=Limiter(),
        feed=Feed(),
        updates=UpdateLine(world, clock, plan),
    )


async def _read(request: web.Request) -> Json:
    """Parameters of the address and of the body, whichever form the body has."""
    params: Json = dict(request.query) if request.query_string else {}
    kind = request.content_type
    if kind == "application/json":
        params |= _parsed(await request.read())
    elif kind == "multipart/form-data":
        params |= await _multipart(request)
    elif kind == "application/x-www-form-urlencoded":
        params |= dict(parse_qsl((await request.read()).decode(), keep_blank_values=True))
    return params


def _parsed(body: bytes) -> Json:
    try:
        parsed = json.loads(body) if body else {}
    except ValueError:
        parsed = None
    if not isinstance(parsed, dict):
        raise bad_request("can't parse request JSON object")
    return parsed


async def _multipart(request: web.Request) -> Json:
    plain: Json = {}
    uploads: dict[str, Upload] = {}
    for name, value in (await request.post()).items():
        if isinstance(value, FileField):
            uploads[name] = files.named(value.filename, value.content_type, value.file.read())
        else:
            plain[name] = value
    if uploads and isinstance(plain.get("media"), str):
        plain["media"] = _loaded(plain["media"])
    attached = files.attach(plain, uploads)
    named = {name for name in uploads if f"attach://{name}" not in json.dumps(plain)}
    return {**attached, **{name: uploads[name] for name in named}}


def _loaded(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        raise bad_request("can't parse media JSON object") from None


def _json(body: Json, status: int = 200) -> web.Response:
    return web.Response(
        body=json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass"),
        status=status,
        content_type="application/json",
    )
