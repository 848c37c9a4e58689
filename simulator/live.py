"""What happens, told as it happens: to the chat page by WebSocket, to a test driver by a call."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

from aiohttp import WSCloseCode, WSMsgType, web

Json = dict[str, Any]
Listener = Callable[[Json], None]

FALLEN_BEHIND = 10_000
"""A page with so many untold events is cut off; it says hello again and gets everything anew."""


class Feed:
    """Tells every listener everything; costs nothing while nobody listens."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []
        self.pages: set[web.WebSocketResponse] = set()

    @property
    def heard(self) -> bool:
        return bool(self._listeners)

    def tell(self, kind: str, **fields: Any) -> None:
        if self._listeners:
            event = {"type": kind, **fields}
            for listener in list(self._listeners):
                listener(event)

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Calls `listener` for each event from now on; what is returned ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    async def dismiss(self) -> None:
        """Say goodbye to every page, so that a stop need not wait for them."""
        for page in list(self.pages):
            await page.close(code=WSCloseCode.GOING_AWAY)


async def serve(request: web.Request, feed: Feed, hello: Callable[[], Json]) -> web.WebSocketResponse:
    """One page's WebSocket: hello first, then every event until the page goes."""
    socket = web.WebSocketResponse(heartbeat=30, compress=False)
    await socket.prepare(request)
    waiting: asyncio.Queue[Json] = asyncio.Queue(FALLEN_BEHIND)
    feed.pages.add(socket)
    stop = feed.listen(lambda event: _queue(waiting, event))
    sender = asyncio.create_task(_send_all(socket, waiting, hello()))
    try:
        async for message in socket:
            if message.type is WSMsgType.ERROR:
                break
    finally:
        stop()
        feed.pages.discard(socket)
        sender.cancel()
        await asyncio.gather(sender, return_exceptions=True)
    return socket


def _queue(waiting: asyncio.Queue[Json], event: Json) -> None:
    if not waiting.full():
        waiting.put_nowait(event)


async def _send_all(socket: web.WebSocketResponse, waiting: asyncio.Queue[Json], hello: Json) -> None:
    try:
        await socket.send_str(json.dumps(hello, ensure_ascii=False))
        while not waiting.full():
            await socket.send_str(json.dumps(await waiting.get(), ensure_ascii=False))
    except ConnectionError:
        return
    await socket.close()
