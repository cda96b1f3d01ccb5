"""Catch what a step writes, to Python's streams and past them, up to a limit."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from threading import Condition, Thread

__all__ = ["OUTPUT_LIMIT", "Streams", "Tape"]

OUTPUT_LIMIT = 1_000_000
"""How many characters a step may write to one stream."""

END_OF_STEP = b"\0literate: end of step\0"


class Tape(io.StringIO):
    """What is written to one of Python's streams, up to a limit a step."""

    def write(self, text: str) -> int:
        """Write a text, unless that is too much."""
        if self.tell() + len(text) > OUTPUT_LIMIT:
            raise _too_much()
        return super().write(text)

    def cut(self) -> str:
        """Return what was written since the last time."""
        text = self.getvalue()
        self.seek(0)
        self.truncate()
        return text


class Streams:
    """What a chain writes: by Python, or past it, by other programs and by C.

    Making it takes over the streams of this process; reading finds the end of the file. The
    streams stay the same from step to step, because a block may keep one.
    """

    def __init__(self) -> None:
        self.stdout, self.stderr = Tape(), Tape()
        self.past = bytearray()
        self.news = Condition()
        self.open = True
        self.source, self.sink = os.pipe()
        os.dup2(self.sink, 1)
        os.dup2(self.sink, 2)
        sys.stdin = open(os.devnull)  # noqa: PTH123, SIM115 - a device, for as long as the chain runs
        sys.stdout, sys.stderr = self.stdout, self.stderr
        Thread(target=self.pump, daemon=True).start()

    def pump(self) -> None:
        """Read what is written past Python, up to a limit; after it the pipe is broken."""
        while self.open:
            data = os.read(self.source, 65536)
            with self.news:
                self.past += data
                self.open = bool(data) and len(self.past) <= OUTPUT_LIMIT
                self.news.notify()
        os.close(self.source)

    def cut(self) -> tuple[str, str]:
        """Return what was written since the last time, as output and as errors.

        What is written past Python counts as errors.

        Raises
        ------
        OverflowError
            It was too much.
        """
        return self.stdout.cut(), self.stderr.cut() + self.cut_past()

    def cut_past(self) -> str:
        """Return what was written past Python since the last time."""
        for stream in (sys.__stdout__, sys.__stderr__):
            with contextlib.suppress(OSError, ValueError, AttributeError):
                stream.flush()  # type: ignore[union-attr]
        with contextlib.suppress(OSError):
            os.write(self.sink, END_OF_STEP)
        with self.news:
            self.news.wait_for(lambda: END_OF_STEP in self.past or not self.open, timeout=5)
            if not self.open:
                raise _too_much()
            text, _, self.past = self.past.partition(END_OF_STEP)
        return text.decode("utf-8", "replace")


def _too_much() -> OverflowError:
    return OverflowError(f"a block may print {OUTPUT_LIMIT:,} characters")
