"""Convert formulas in a process beside the build.

math-core holds the interpreter while it converts, takes twice as long for each further part of some
formulas, and calls itself for each part within a part. So a formula may end that process, by its
time or by its stack, and nothing else.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from literate.process import start

__all__ = ["ConversionError", "convert", "serve"]

SECONDS = 20
"""How long formulas that are given together may take."""

STACK, MEMORY = 2**29, 2**32
"""How many bytes the parts within parts of a formula may take, and the process in all."""

HERE = Path(__file__).parent.parent / "assets"
"""Where the process works: a folder without modules, should the path of modules hold its own."""

Formula = tuple[str, bool]


class ConversionError(Exception):
    """A formula that cannot be converted.

    Parameters
    ----------
    index
        Its index among those that were given.
    message
        Why not.
    """

    def __init__(self, index: int, message: str) -> None:
        super().__init__(message)
        self.index = index


def convert(formulas: Sequence[Formula]) -> list[str]:
    """Return the MathML of formulas, which may refer to one another.

    Parameters
    ----------
    formulas
        The LaTeX of each, and whether it is a display.

    Raises
    ------
    ConversionError
        One of them is not valid, or takes too much time or room.
    """
    answer = _CONVERTER.ask(formulas) if formulas else []
    if answer is None:
        alone = (i for i, one in enumerate(formulas) if _CONVERTER.ask([one]) is None)
        raise ConversionError(next(alone, 0), "It takes too long, or too much room, to set.")
    if isinstance(answer, dict):
        raise ConversionError(answer["index"], answer["message"])
    return answer


class _Converter:
    """The process, seen from the build; it starts when it is first needed."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self.lock = threading.Lock()

    def ask(self, formulas: Sequence[Formula]) -> Any:
        """Return what the process answers, None if it has ended over that."""
        with self.lock, contextlib.suppress(BrokenPipeError):
            process = self.process = self.process or start("weave.converter", HERE)
            assert process.stdin
            assert process.stdout
            process.stdin.write(json.dumps([SECONDS, formulas]).encode() + b"\n")
            process.stdin.flush()
            if line := process.stdout.readline():
                return json.loads(line)
        self.close()
        return None

    def close(self) -> None:
        """End the process."""
        with self.lock:
            if self.process:
                self.process.kill()
                with contextlib.suppress(BrokenPipeError):
                    self.process.communicate()
                self.process = None


_CONVERTER = _Converter()
atexit.register(_CONVERTER.close)


def serve() -> None:
    """Convert the formulas of each line, until there are no more lines."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the build ends this process
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    threading.stack_size(STACK)
    answers, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        answer: Future[Any] = Future()
        seconds, formulas = json.loads(line)
        _set_alarm(seconds)
        thread = threading.Thread(target=_convert, args=(list(map(tuple, formulas)), answer))
        thread.start()
        print(json.dumps(answer.result()), file=answers, flush=True)
        thread.join()
        _set_alarm(0)


def _set_alarm(seconds: int) -> None:
    """Let the system end this process after some seconds, where it has timers; 0 for never."""
    if hasattr(signal, "alarm"):
        signal.alarm(seconds)


def _convert(formulas: list[Formula], answer: Future[Any]) -> None:
    """Convert formulas, or say which of them is not valid."""
    from math_core import LatexError, LatexToMathML

    try:
        answer.set_result(LatexToMathML(fancy_error=False).convert_all(formulas))
    except LatexError as error:
        place, _, message = str(error).partition(": ")
        index = place.removeprefix("input").partition(":")[0]
        known = index.isdecimal()
        said = message if known else str(error)
        answer.set_result({"index": int(index) if known else 0, "message": said})
    except BaseException as error:  # noqa: BLE001 - whoever waits must learn of it
        answer.set_result({"index": 0, "message": f"{type(error).__name__}: {error}"})
