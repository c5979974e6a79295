"""Interruption by Ctrl-C, or by the SIGTERM of a queue: a training ends after its epoch, with a checkpoint."""

import contextlib
import os
import signal
from collections.abc import Callable, Iterator
from typing import Any

_NOTICE = b"\nstopping after this epoch, with a checkpoint; press Ctrl-C again to stop at once\n"


@contextlib.contextmanager
def requested_stop() -> Iterator[Callable[[], int]]:
    """Treat SIGINT and SIGTERM as requests to stop while the context lasts.

    The first SIGINT is a request; a second one interrupts as usual. SIGTERM never interrupts, because a queue may send
    it more than once before it ends the process.

    Yields
    ------
    Callable
        Function that returns the number of the first signal received; 0 if there was none.
    """
    received: list[int] = []

    def handle(number: int, _: Any) -> None:
        if not received:
            with contextlib.suppress(OSError):  # the reader of stderr may have ended too
                os.write(2, _NOTICE)
        received.append(number)
        signal.signal(signal.SIGINT, before[signal.SIGINT])

    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield lambda: received[0] if received else 0
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
