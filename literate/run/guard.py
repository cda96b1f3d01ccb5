"""Stand between the build and the process that runs pages, to end what that one leaves.

Blocks know the process that runs pages as their parent, and may kill it or stop it. Then what they
have started comes to the guard, which ends it before the build learns of it.
"""

from __future__ import annotations

import os
import signal
import time

from literate.run.child import PR_SET_CHILD_SUBREAPER, PR_SET_PDEATHSIG, ask_linux
from literate.run.crowd import end_others

__all__ = ["guard"]

STANDSTILL = 3.0
"""After how many seconds a process that was stopped is taken for one that will not go on."""


def guard() -> None:
    """Go on in a child of this process, which guards it and ends as it does."""
    os.setsid()  # whoever kills the build by its group does not kill what cleans up after it
    ask_linux(PR_SET_CHILD_SUBREAPER, 1)
    try:
        child = os.fork()
    except OSError as error:
        raise SystemExit(f"no process can be started: {error.strerror}") from error
    if not child:
        ask_linux(PR_SET_PDEATHSIG, signal.SIGTERM)
        return
    signal.signal(signal.SIGTERM, lambda *_: os.kill(child, signal.SIGKILL))
    os.closerange(0, 2)  # of the pipes, only the child's ends count
    code = _wait_for(child)
    end_others(())
    if code < 0:
        os.kill(os.getpid(), -code)
    os._exit(code)


def _wait_for(child: int) -> int:
    """Wait for the end of a child, and end it if it has been stopped; return its exit code."""
    while True:
        _, status = os.waitpid(child, os.WUNTRACED)
        if not os.WIFSTOPPED(status):
            return os.waitstatus_to_exitcode(status)
        deadline = time.monotonic() + STANDSTILL
        while os.waitpid(child, os.WCONTINUED | os.WNOHANG) == (0, 0):
            if time.monotonic() > deadline:
                os.kill(child, signal.SIGKILL)
                break
            time.sleep(0.05)
