"""Being told to stop: the first word drains, the second ends at once, which is safe by design."""

import asyncio
import os
import signal

PATIENCE_SECONDS = 30


def stop_when_told() -> asyncio.Event:
    """An event that Ctrl-C and SIGTERM set. To be called in the running loop."""
    loop, stop = asyncio.get_running_loop(), asyncio.Event()

    def told() -> None:
        if stop.is_set():
            os._exit(1)
        stop.set()
        loop.call_later(PATIENCE_SECONDS, os._exit, 1)

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, told)
    return stop
