"""An entry of the cache as a file: whole, or none.

It begins with its digest. It is written beside its place, in a file that is held, and put there at
once.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import stat
from pathlib import Path
from typing import Any

from literate.digest import sha256
from literate.lock import hold, take

__all__ = ["delete_free", "owner_of", "read_entry", "write_entry"]

OWNER = re.compile(rb'[0-9a-f]{64}\n\{"page": ("(?:[^"\\]|\\.)*")')
"""How an entry begins: with its digest, and the page it belongs to."""

LARGEST, LONGEST_NAME = 2**30, 2**15
"""How many bytes are read of an entry, and of one that is asked for its page alone."""


def read_entry(file: Path) -> Any:
    """Read an entry, None if it is missing or is not what was written."""
    try:
        head, _, body = _content(file, LARGEST).decode("ascii").partition("\n")
        return json.loads(body) if head == sha256(body) else None
    except (OSError, ValueError, RecursionError):
        return None


def owner_of(file: Path) -> str | None:
    """Return the page that an entry belongs to, None if it does not say so."""
    with contextlib.suppress(OSError, ValueError):
        if found := OWNER.match(_content(file, LONGEST_NAME)):
            return str(json.loads(found[1]))
    return None


def delete_free(file: Path) -> None:
    """Delete a file that no process writes."""
    with contextlib.suppress(OSError):
        if lock := take(file):
            with lock:
                file.unlink()


def write_entry(file: Path, entry: dict[str, Any]) -> None:
    """Write an entry after its own digest; a reader finds the old one or the new, whole."""
    body = json.dumps(entry)
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_suffix(f".{secrets.token_hex(8)}")
    try:
        with hold(new) as stream:
            stream.write(f"{sha256(body)}\n{body}".encode("ascii"))
            stream.flush()
            new.replace(file)
    finally:
        new.unlink(missing_ok=True)


def _content(file: Path, most: int) -> bytes:
    """Return the first bytes of a file; neither a pipe nor a device is waited for.

    Raises
    ------
    OSError
        It cannot be read.
    """
    # What is opened is asked, not its name, which may be another file's by then.
    with open(file, "rb", opener=_at_once) as stream:
        is_file = stat.S_ISREG(os.fstat(stream.fileno()).st_mode)
        return stream.read(most) if is_file else b""


def _at_once(path: str, flags: int) -> int:
    """Open a file without waiting for anyone."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
