"""Send messages between processes, so that what is none is noticed.

Blocks can write to every file that their process has. A message is marked, and carries its length
and its digest: nothing else is unpickled, and nobody waits for the rest of what is none.
"""

from __future__ import annotations

import hashlib
import pickle
import struct
from collections.abc import Iterator
from typing import Any

__all__ = ["GarbledError", "Inbox", "pack"]

HEAD = struct.Struct(">8sQ16s")
MARK = b"literate"


class GarbledError(Exception):
    """What came is no message."""


def pack(message: object) -> bytes:
    """Return a message as bytes.

    Examples
    --------
    >>> inbox, data = Inbox(), pack("first") + pack("second")
    >>> list(inbox.take(data[:60])), list(inbox.take(data[60:]))
    (['first'], ['second'])
    >>> list(inbox.take(b"something that is no message at all"))
    Traceback (most recent call last):
    literate.run.channel.GarbledError
    """
    body = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    return HEAD.pack(MARK, len(body), _digest(body)) + body


class Inbox:
    """What has come of messages."""

    def __init__(self) -> None:
        self.data = bytearray()

    def take(self, data: bytes) -> Iterator[Any]:
        """Yield the messages that are complete with what has come now.

        Raises
        ------
        GarbledError
            What came is no message.
        """
        self.data += data
        while len(self.data) >= HEAD.size:
            mark, length, digest = HEAD.unpack_from(self.data)
            if mark != MARK:
                raise GarbledError
            end = HEAD.size + length
            if len(self.data) < end:
                return
            body = bytes(self.data[HEAD.size : end])
            if _digest(body) != digest:
                raise GarbledError
            del self.data[:end]
            yield pickle.loads(body)  # noqa: S301 - this package wrote it


def _digest(body: bytes) -> bytes:
    return hashlib.sha256(body).digest()[: HEAD.size - 16]
