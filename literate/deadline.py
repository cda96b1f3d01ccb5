"""Stop what a page makes the build itself do, if it takes too long."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from literate.fault import PageError

__all__ = ["limit"]


@contextmanager
def limit(seconds: float, what: str) -> Iterator[None]:
    """Refuse the page if what is done here takes longer.

    It does so in the main thread of a system with timers, where MkDocs builds. Nothing is known
    that takes long; this is for what is not.

    Parameters
    ----------
    seconds
        How long it may take.
    what
        What is done to the page, for the message.

    Raises
    ------
    PageError
        It took longer.
    """

    def stop(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
        raise PageError(1, f"{what} the page took longer than {seconds:g} s")

    in_main = threading.current_thread() is threading.main_thread()
    if not (in_main and hasattr(signal, "setitimer")):
        yield
        return
    before = signal.signal(signal.SIGALRM, stop)
    try:
        signal.setitimer(signal.ITIMER_REAL, seconds)
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
