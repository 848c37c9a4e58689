"""The bot's side of the stand-in, by real HTTP: calls that return Telegram's answer as it came."""

import io
from dataclasses import dataclass
from typing import Any

import aiohttp

from simulator.server import Simulator

Json = dict[str, Any]
SARI = 700_001
PNG = bytes.fromhex("89504e470d0a1a0a0000000d494844520000028000000168080200000000000000")


@dataclass
class Wire:
    sim: Simulator
    http: aiohttp.ClientSession

    async def call(self, method: str, /, **params: Any) -> Json:
        """The whole answer, refused or not."""
        async with self.http.post(f"{self.sim.url}/bot{self.sim.token}/{method}", json=params) as response:
            answer: Json = await response.json()
        assert response.status == answer.get("error_code", 200)
        return answer

    async def ok(self, method: str, /, **params: Any) -> Any:
        """The result of a call that must be accepted."""
        answer = await self.call(method, **params)
        assert answer["ok"], answer
        return answer["result"]

    async def refused(self, method: str, /, **params: Any) -> str:
        """Telegram's words for a call that must be refused."""
        answer = await self.call(method, **params)
        assert not answer["ok"], answer
        return str(answer["description"])

    async def upload(self, method: str, files: dict[str, tuple[str, bytes]], /, **params: str) -> Json:
        """A multipart request; each file is (name, content)."""
        form = aiohttp.FormData(quote_fields=False)
        for key, value in params.items():
            form.add_field(key, value)
        for key, (name, content) in files.items():
            form.add_field(key, io.BytesIO(content), filename=name)
        async with self.http.post(f"{self.sim.url}/bot{self.sim.token}/{method}", data=form) as response:
            answer: Json = await response.json()
        return answer

    async def do(self, path: str, /, **body: Any) -> Any:
        """A control path, which must accept."""
        async with self.http.post(self.sim.url + path, json=body) as response:
            answer = await response.json()
            assert response.status == 200, answer
        return answer

    async def get(self, path: str) -> Any:
        async with self.http.get(self.sim.url + path) as response:
            assert response.status == 200, await response.text()
            return await response.json()

    async def updates(self, offset: int = 0, **params: Any) -> list[Json]:
        found: list[Json] = await self.ok("getUpdates", offset=offset, **params)
        return found

    async def press(self, message_id: int, data: str = "y", person: int = SARI) -> str:
        answer = await self.do(f"/sim/people/{person}/press", message_id=message_id, data=data)
        return str(answer["callback_query_id"])


def keyboard(*data: str) -> Json:
    return {"inline_keyboard": [[{"text": one.upper(), "callback_data": one}] for one in data]}
