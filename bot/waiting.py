"""Waiting that ends early when told to stop."""

import asyncio


async def pause(stop: asyncio.Event, seconds: float) -> None:
    """Return when the event is set, at the latest after so many seconds."""
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        return
