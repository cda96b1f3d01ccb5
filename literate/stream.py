"""Catch what a step writes, to Python's streams and past them, up to a limit."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Iterator
from threading import Condition, Thread

__all__ = ["OUTPUT_LIMIT", "Spill", "Tape"]

OUTPUT_LIMIT = 1_000_000
"""How many characters a step may write to one stream."""

END_OF_STEP = b"\0literate: end of step\0"


class Tape(io.StringIO):
    """What a step writes, up to a limit."""

    def write(self, text: str) -> int:
        """Write a text, unless that is too much."""
        if self.tell() + len(text) > OUTPUT_LIMIT:
            raise _too_much()
        return super().write(text)


def _too_much() -> OverflowError:
    return OverflowError(f"a block may print {OUTPUT_LIMIT:,} characters")


class Spill:
    """What is written past Python's streams, by other programs and by C: it counts as errors.

    Making it takes over the output of this process.
    """

    def __init__(self) -> None:
        self.written = bytearray()
        self.news = Condition()
        self.open = True
        self.source, self.sink = os.pipe()
        os.dup2(self.sink, 1)
        os.dup2(self.sink, 2)
        Thread(target=self.pump, daemon=True).start()

    def pump(self) -> None:
        """Read what comes, until it is too much; then whoever writes on finds the pipe broken."""
        while self.open:
            data = os.read(self.source, 65536)
            with self.news:
                self.written += data
                self.open = bool(data) and len(self.written) <= OUTPUT_LIMIT
                self.news.notify()
        os.close(self.source)

    @contextlib.contextmanager
    def catch(self) -> Iterator[tuple[Tape, Tape]]:
        """Catch what is written to either stream; reading gives the end of the file."""
        stdout, stderr, stdin = Tape(), Tape(), sys.stdin
        with (
            open(os.devnull) as nothing,  # noqa: PTH123 - a device, not a path of the project
            contextlib.redirect_stdout(stdout),
            contextlib.redirect_stderr(stderr),
        ):
            sys.stdin = nothing
            try:
                yield stdout, stderr
            finally:
                sys.stdin = stdin
                stderr.write(self.take())

    def take(self) -> str:
        """Give what has come since the last time.

        Raises
        ------
        OverflowError
            It was too much.
        """
        for stream in (sys.__stdout__, sys.__stderr__):
            with contextlib.suppress(OSError, ValueError, AttributeError):
                stream.flush()  # type: ignore[union-attr]
        with contextlib.suppress(OSError):
            os.write(self.sink, END_OF_STEP)
        with self.news:
            self.news.wait_for(lambda: END_OF_STEP in self.written or not self.open, timeout=5)
            if not self.open:
                raise _too_much()
            text, _, rest = self.written.partition(END_OF_STEP)
            self.written = rest
        return text.decode("utf-8", "replace")
