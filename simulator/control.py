"""The control paths: the chat page, the demo and the tests act for people, move the clock, order faults."""

import json
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from aiohttp import web
from aiohttp.web_request import FileField

from simulator import acts, commands, files, live
from simulator.errors import RefusedError
from simulator.exchange import Exchange
from simulator.polling import Doors
from simulator.state import Chat, Person, World
from simulator.validation import Upload

Json = dict[str, Any]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

PAGE = Path(__file__).parent / "web"
PHONES_SHOWN = 3
LAST_MESSAGES = 50


class Control:
    """Handlers of `/sim/…`, `/live` and the page; each is one deed of `acts` or a look at the exchange."""

    def __init__(self, x: Exchange, doors: Doors) -> None:
        self.x = x
        self.doors = doors

    # People

    async def people(self, _request: web.Request) -> web.Response:
        return answer([one.view() for one in ordered_people(self.x.world)])

    async def add_person(self, request: web.Request) -> web.Response:
        return answer(acts.add_person(self.x, await body(request)).view())

    async def text(self, request: web.Request) -> web.Response:
        data = await body(request)
        message = acts.says(
            self.x,
            self._person(request),
            data["text"],
            chat_id=data.get("chat_id"),
            reply_to=data.get("reply_to_message_id"),
        )
        return answer(message)

    async def press(self, request: web.Request) -> web.Response:
        data = await body(request)
        query = acts.presses(self.x, self._person(request), data["message_id"], data["data"], data.get("chat_id"))
        return answer({"callback_query_id": query})

    async def start(self, request: web.Request) -> web.Response:
        data = await body(request)
        return answer(acts.starts(self.x, self._person(request), data.get("payload")))

    async def files(self, request: web.Request) -> web.Response:
        fields = await request.post()
        uploads = [_upload(one) for one in fields.getall("files", []) if isinstance(one, FileField)]
        reply_to = str(fields.get("reply_to_message_id") or "0")
        chat_id = str(fields.get("chat_id") or "")
        sent = acts.sends_files(
            self.x,
            self._person(request),
            uploads,
            kind=str(fields.get("as") or "document"),
            caption=str(fields.get("caption") or ""),
            chat_id=int(chat_id) if chat_id else None,
            reply_to=int(reply_to),
        )
        return answer({"messages": sent})

    async def special(self, request: web.Request) -> web.Response:
        """contact, location, sticker, poll: what the page does not name is filled in."""
        kind = request.match_info["kind"]
        by = self._person(request)
        content = {**acts.example(kind, by), **await body(request)}
        return answer(acts.sends(self.x, by, {kind: content}))

    async def edit(self, request: web.Request) -> web.Response:
        data = await body(request)
        return answer(acts.edits(self.x, self._person(request), data["message_id"], data["text"]))

    async def forward(self, request: web.Request) -> web.Response:
        data = await body(request)
        return answer(acts.forwards(self.x, self._person(request), data["message_id"], data.get("from_chat_id")))

    async def block(self, request: web.Request) -> web.Response:
        acts.blocks(self.x, self._person(request))
        return answer(self._person(request).view())

    async def unblock(self, request: web.Request) -> web.Response:
        acts.unblocks(self.x, self._person(request))
        return answer(self._person(request).view())

    async def read(self, request: web.Request) -> web.Response:
        acts.reads(self.x, self._person(request))
        return answer({})

    async def messages(self, request: web.Request) -> web.Response:
        chat = self.x.world.private_chat(self._person(request).id)
        before = int(request.query.get("before", "0"))
        limit = min(int(request.query.get("limit", LAST_MESSAGES)), 500)
        found = [m for m in chat.messages.values() if not before or m["message_id"] < before]
        return answer([self.x.seen(message) for message in found[-limit:]])

    async def file(self, request: web.Request) -> web.Response:
        stored = self.x.world.files.get(files.base_id(request.match_info["file_id"]))
        if stored is None:
            raise RefusedError("there is no such file")
        headers = {"Content-Disposition": "inline; filename*=UTF-8''" + quoted(stored.name)}
        # Whatever somebody sent must not run as a page of this address.
        headers |= {"Content-Security-Policy": "sandbox", "X-Content-Type-Options": "nosniff"}
        content = self.x.store.get(stored.sha256)
        return web.Response(body=content, headers={**headers, "Content-Type": stored.mime_type})

    # The world around

    async def clock(self, _request: web.Request) -> web.Response:
        return answer({"now": self.x.clock.iso()})

    async def set_clock(self, request: web.Request) -> web.Response:
        match await body(request):
            case {"advance": int() | float() as seconds}:
                self.x.clock.advance(seconds)
            case {"to": str() as moment}:
                self.x.clock.move_to(datetime.fromisoformat(moment))
            case {"next_working_morning": True}:
                self.x.clock.move_to_next_working_morning()
            case _:
                raise RefusedError('"advance" (seconds), "to" (ISO 8601) or "next_working_morning": true')
        self.x.world.clock_offset = self.x.clock.offset
        self.x.feed.tell("clock", now=self.x.clock.iso())
        self.x.changed()
        return answer({"now": self.x.clock.iso()})

    async def faults(self, _request: web.Request) -> web.Response:
        return answer(self.x.plan.faults.view())

    async def set_faults(self, request: web.Request) -> web.Response:
        view = self.x.plan.set(await body(request)).view()
        self.x.feed.tell("faults", **view)
        return answer(view)

    async def ledger(self, request: web.Request) -> web.Response:
        since = int(request.query.get("since", "0"))
        if request.query.get("refused") == "1":
            return answer({"accepted": self.x.ledger.since(since), "refused": self.x.ledger.refusals})
        return answer(self.x.ledger.since(since))

    async def inject(self, request: web.Request) -> web.Response:
        return answer({"update_id": self.x.updates.inject(await body(request))})

    async def forget(self, _request: web.Request) -> web.Response:
        """Everything goes, but the clock, the ids already given out and the bot's webhook."""
        old = self.x.world
        new = World(webhook=old.webhook, allowed_updates=old.allowed_updates, clock_offset=old.clock_offset)
        for name in ("last_message_id", "last_update_id", "last_query_id", "last_album_id"):
            setattr(new, name, getattr(old, name))
        self.x.updates.clear()
        self.x.world = self.x.updates.world = new
        self.x.store.forget()
        self.x.ledger.clear()
        self.x.limiter.clear()
        self.x.feed.tell("hello", **self.hello())
        self.x.changed()
        return answer({})

    # Groups

    async def add_group(self, request: web.Request) -> web.Response:
        data = await body(request)
        chat = acts.add_group(self.x, data["title"], data.get("members", []), data.get("type", "group"))
        return answer(self.x.world.chat_view(chat))

    async def group_text(self, request: web.Request) -> web.Response:
        data = await body(request)
        by = acts.person(self.x, data["from"])
        return answer(acts.says(self.x, by, data["text"], chat_id=self._group(request).id))

    async def migrate(self, request: web.Request) -> web.Response:
        return answer(self.x.world.chat_view(acts.migrate(self.x, self._group(request))))

    async def kick(self, request: web.Request) -> web.Response:
        acts.kicks(self.x, self._group(request))
        return answer({})

    # The page

    async def live(self, request: web.Request) -> web.WebSocketResponse:
        return await live.serve(request, self.x.feed, lambda: {"type": "hello", **self.hello()})

    async def page(self, request: web.Request) -> web.StreamResponse:
        path = (PAGE / (request.match_info.get("path") or "index.html")).resolve()
        if not path.is_relative_to(PAGE) or not path.is_file():
            raise web.HTTPNotFound(text="Not Found")
        return web.FileResponse(path, headers={"Cache-Control": "no-cache"})

    def hello(self) -> Json:
        people = ordered_people(self.x.world)
        chats = (chat for chat in self.x.world.chats.values() if chat.migrated_to is None)
        return {
            "bot": {name: self.x.bot_user[name] for name in ("id", "username", "first_name")},
            "people": [one.view() for one in people],
            "phones": [one.id for one in people[:PHONES_SHOWN]],
            "clock": {"now": self.x.clock.iso()},
            "faults": self.x.plan.faults.view(),
            "chats": {str(chat.id): self._chat(chat) for chat in chats},
        }

    def _chat(self, chat: Chat) -> Json:
        person = self.x.world.people.get(chat.id)
        last = list(chat.messages.values())[-LAST_MESSAGES:]
        return {
            "messages": [self.x.seen(message) for message in last],
            "unread": chat.unread,
            "commands": commands.commands_for(self.x, chat),
            "menu_button": commands.menu_button(self.x, chat),
            "blocked": bool(person and person.blocked),
            "typing_until": chat.typing_until,
            "title": chat.title,
            "type": chat.type,
        }

    def _person(self, request: web.Request) -> Person:
        return acts.person(self.x, int(request.match_info["id"]))

    def _group(self, request: web.Request) -> Chat:
        return acts.group(self.x, int(request.match_info["id"]))


def add_routes(app: web.Application, x: Exchange, doors: Doors) -> None:
    """All paths but the Bot API's own, on one page."""
    c = Control(x, doors)
    one = r"/sim/people/{id:\d+}"
    routes: list[tuple[str, str, Handler]] = [
        ("GET", "/sim/people", c.people),
        ("POST", "/sim/people", c.add_person),
        ("POST", one + "/text", c.text),
        ("POST", one + "/press", c.press),
        ("POST", one + "/start", c.start),
        ("POST", one + "/files", c.files),
        ("POST", one + "/{kind:contact|location|sticker|poll}", c.special),
        ("POST", one + "/edit", c.edit),
        ("POST", one + "/forward", c.forward),
        ("POST", one + "/block", c.block),
        ("POST", one + "/unblock", c.unblock),
        ("POST", one + "/read", c.read),
        ("GET", one + "/messages", c.messages),
        ("GET", "/sim/files/{file_id}", c.file),
        ("GET", "/sim/clock", c.clock),
        ("POST", "/sim/clock", c.set_clock),
        ("GET", "/sim/faults", c.faults),
        ("POST", "/sim/faults", c.set_faults),
        ("GET", "/sim/ledger", c.ledger),
        ("POST", "/sim/updates", c.inject),
        ("POST", "/sim/groups", c.add_group),
        ("POST", r"/sim/groups/{id:-?\d+}/text", c.group_text),
        ("POST", r"/sim/groups/{id:-?\d+}/migrate", c.migrate),
        ("POST", r"/sim/groups/{id:-?\d+}/kick", c.kick),
        ("DELETE", "/sim", c.forget),
        ("GET", "/live", c.live),
        ("GET", "/", c.page),
        ("GET", "/{path:.+}", c.page),
    ]
    for method, path, handler in routes:
        app.router.add_route(method, path, refusing(handler))


def refusing(handler: Handler) -> Handler:
    """What a phone would not do, or a request that makes no sense, is a 400 with its reason."""

    async def handle(request: web.Request) -> web.StreamResponse:
        if not is_own_page(request):
            return answer({"error": "another site's page may not act here"}, 403)
        try:
            return await handler(request)
        except RefusedError as refused:
            return answer({"error": str(refused)}, 400)
        except KeyError as missing:
            return answer({"error": f"missing: {missing}"}, 400)
        except (ValueError, TypeError) as wrong:
            return answer({"error": str(wrong)}, 400)

    return handle


def is_own_page(request: web.Request) -> bool:
    """Browsers name the page that asks; programs name none."""
    origin = request.headers.get("Origin")
    return origin is None or origin == f"http://{request.host}"


def ordered_people(world: World) -> list[Person]:
    return sorted(world.people.values(), key=lambda one: (one.order, one.id))


async def body(request: web.Request) -> Json:
    text = await request.text()
    data = json.loads(text) if text else {}
    if not isinstance(data, dict):
        raise RefusedError("a JSON object is expected")
    return data


def answer(data: Any, status: int = 200) -> web.Response:
    text = json.dumps(data, ensure_ascii=False)
    return web.Response(body=text.encode("utf-8", "surrogatepass"), status=status, content_type="application/json")


def quoted(name: str) -> str:
    return quote(name or "file", safe="")


def _upload(field: FileField) -> Upload:
    given = field.content_type if field.content_type != "application/octet-stream" else None
    return files.named(field.filename, given, field.file.read())
