"""With a webhook the same Pandu answers, and says how it is on the same port."""

import socket
from pathlib import Path

import aiohttp

from db.vocabulary import Role
from tests import stage
from tests.journeys.town import open_town


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


async def test_updates_come_by_webhook_and_health_is_told_beside_it(database_url: str, tmp_path: Path) -> None:
    port = free_port()
    settings = {
        "webhook_url": f"http://127.0.0.1:{port}/pandu",
        "webhook_secret": "rahasia-uji",
        "listen": f"127.0.0.1:{port}",
    }
    async with open_town(database_url, tmp_path, **settings) as town:
        official = await town.moves_in("Siti Rahma", Role.LEAD, stage.TEBING_TINGGI)
        await official.presses("Tugas saya")
        await official.sees("Tugas saya", "1.")
        async with aiohttp.ClientSession() as http:
            async with http.get(f"http://127.0.0.1:{port}/livez") as alive:
                assert alive.status == 200
            async with http.get(f"http://127.0.0.1:{port}/metrics") as metrics:
                assert "pandu_inbox_open" in await metrics.text()
            async with http.post(f"http://127.0.0.1:{port}/pandu", json={"update_id": 1}) as forged:
                assert forged.status == 403

        await town.restart()
        await official.presses("Beranda")
        await official.sees("Siti Rahma", "menuju penutupan")
