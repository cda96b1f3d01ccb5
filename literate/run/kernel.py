"""Ask the kernel which files a process and all that it starts refer to (Linux, no privileges).

A filter of system calls (seccomp) lets the kernel stop a process at each call that names a file,
until whoever holds the listener has looked. So native code is seen, and so is another program. The
filter is inherited by all that the process starts and cannot be taken off.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import platform
import re
import select
import struct
import sys
from collections.abc import Iterator
from typing import NamedTuple

from literate.run.calls import KINDS, MACHINES, REASONS, REMOVALS, Act

__all__ = ["Call", "Listener", "install"]


class Call(NamedTuple):
    """A call that was seen: what is done to a path, or why the run may follow from more.

    The flags are those of an opening; a change that may make a name has that flag of them.
    """

    act: Act
    path: str
    flags: int = 0


PR_SET_NO_NEW_PRIVS, SET_MODE_FILTER, NEW_LISTENER = 38, 1, 8
ALLOW, NOTIFY, REFUSE = 0x7FFF0000, 0x7FC00000, 0x00050000
TRACE = {"x86_64": 101, "aarch64": 117}
LOAD, EQUAL, ANY, RETURN = 0x20, 0x15, 0x45, 0x06
NUMBER, ARCHITECTURE = 0, 4
AT_EMPTY_PATH, AF_UNIX, AT_FDCWD = 0x1000, 1, -100
EMPTY_PATH_FLAGS = {"newfstatat": 3, "statx": 2}
NOTICE, ANSWER, IDENTIFIER = struct.Struct("QIIiIQ6Q"), struct.Struct("QqiI"), struct.Struct("Q")
RECEIVE, SEND, IS_VALID = 0xC0502100, 0xC0182101, 0x40082102
LONGEST_PATH = 4096
OWN = re.compile(r"/+(?:proc/+(?:\./+)*(?:thread-)?self|dev/+(fd))(?=/|$)")
"""How a path begins that means another file for each process."""


class _Program(ctypes.Structure):
    """A filter as the kernel takes it."""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def install() -> int:
    """Put this process and all that it will start under a filter; return the listener's descriptor.

    Raises
    ------
    OSError
        The system has no such filters, or does not allow one more.
    """
    if sys.platform != "linux" or platform.machine() not in MACHINES:
        raise OSError(errno.ENOSYS, "no filter for this system")
    _, _, seccomp = MACHINES[platform.machine()]
    instructions = _filter()
    memory = ctypes.create_string_buffer(instructions, len(instructions))
    program = _Program(len(instructions) // 8, ctypes.cast(memory, ctypes.c_void_p))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "no new privileges")
    listener: int = libc.syscall(seccomp, SET_MODE_FILTER, NEW_LISTENER, ctypes.byref(program))
    if listener < 0:
        raise OSError(ctypes.get_errno(), "seccomp")
    return listener


def _filter() -> bytes:
    """Return a filter that stops at each of the calls, and at every call of a foreign processor."""
    numbers, architecture, _ = MACHINES[platform.machine()]
    rules = [_step(LOAD, ARCHITECTURE), _step(EQUAL, architecture, 1, 0), _step(RETURN, NOTIFY)]
    for name, argument in EMPTY_PATH_FLAGS.items():  # of an open file: frequent, and of no path
        rules += [
            _step(LOAD, NUMBER),
            _step(EQUAL, numbers[name], 0, 3),
            _step(LOAD, 16 + 8 * argument),
            _step(ANY, AT_EMPTY_PATH, 0, 1),
            _step(RETURN, ALLOW),
        ]
    rules += [
        _step(LOAD, NUMBER),
        _step(EQUAL, numbers["socket"], 0, 3),
        _step(LOAD, 16),
        _step(EQUAL, AF_UNIX, 0, 1),
        _step(RETURN, ALLOW),
        _step(LOAD, NUMBER),
        _step(EQUAL, TRACE[platform.machine()], 0, 1),  # it would stop what runs pages for ever
        _step(RETURN, REFUSE | errno.EPERM),
    ]
    seen = [numbers[name] for name in KINDS if name in numbers]
    rules += [_step(EQUAL, number, len(seen) - place, 0) for place, number in enumerate(seen)]
    return b"".join([*rules, _step(RETURN, ALLOW), _step(RETURN, NOTIFY)])


def _step(code: int, operand: int, if_so: int = 0, if_not: int = 0) -> bytes:
    """Return an instruction of a filter; it may skip as many of those that follow."""
    return struct.pack("HBBI", code, if_so, if_not, operand)


class Listener:
    """What the kernel tells of a process under a filter.

    Parameters
    ----------
    descriptor
        Of the listener, which `install` returned in that process.
    """

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        numbers, self.architecture, _ = MACHINES[platform.machine()]
        self.names = {number: name for name, number in numbers.items()}
        self.poll = select.poll()
        self.poll.register(descriptor, select.POLLIN)

    def fileno(self) -> int:
        """Return the descriptor to wait for."""
        return self.descriptor

    def close(self) -> None:
        """Stop listening; calls that still wait fail."""
        os.close(self.descriptor)

    def calls(self) -> Iterator[Call]:
        """Yield the calls that wait; each goes on when the next one is asked for."""
        while any(event & select.POLLIN for _, event in self.poll.poll(0)):
            notice = bytearray(NOTICE.size)
            try:
                fcntl.ioctl(self.descriptor, RECEIVE, notice)
            except OSError as error:
                if error.errno in {errno.ENOENT, errno.EINTR}:  # who called is gone
                    continue
                raise
            identifier, thread, _, number, architecture, _, *arguments = NOTICE.unpack(notice)
            try:
                yield from self._seen(identifier, thread, number, architecture, arguments)
            finally:
                self._go_on(identifier)

    def _go_on(self, identifier: int) -> None:
        """Let a call go on."""
        try:
            fcntl.ioctl(self.descriptor, SEND, ANSWER.pack(identifier, 0, 0, 1))
        except OSError as error:
            if error.errno != errno.ENOENT:
                raise

    def _seen(
        self, identifier: int, thread: int, number: int, architecture: int, arguments: list[int]
    ) -> Iterator[Call]:
        """Yield what a call does."""
        if architecture != self.architecture or number not in self.names:
            yield Call("unseen", "runs a program for another processor")
            return
        name = self.names[number]
        kind = KINDS[name]
        try:
            found = [_path(thread, arguments, *place) for place in kind.paths]
            flags = _flags(name, thread, arguments, kind.flags)
            address = _memory(thread, arguments[1], 110) if name == "connect" else b""
        except OSError:
            found, flags, address = None, 0, b""
        if not self._is_valid(identifier):
            return
        if found is None:
            yield Call("unseen", "opens files that cannot be seen")
        elif name == "connect":
            yield from _connected(address, f"/proc/{thread}/cwd")
        elif kind.act == "unseen":
            yield Call("unseen", REASONS[name])
        else:
            for path in filter(None, found):
                yield from (Call("link", link) for link in _left(path))
                yield Call(kind.act, _plain(path), flags)

    def _is_valid(self, identifier: int) -> bool:
        """Tell whether who called still waits, so that what was read is its own."""
        try:
            fcntl.ioctl(self.descriptor, IS_VALID, IDENTIFIER.pack(identifier))
        except OSError:
            return False
        return True


def _connected(address: bytes, here: str) -> Iterator[Call]:
    """Yield what a connection asks: another program, unless there is none at its address."""
    family = int.from_bytes(address[:2], sys.byteorder)
    if family != AF_UNIX:
        yield Call("unseen", REASONS["socket"])
    elif name := os.fsdecode(address[2:].split(b"\0")[0]):
        path = os.path.realpath(os.path.join(here, name))
        yield Call("unseen", REASONS["connect"]) if os.path.exists(path) else Call("look", path)
    elif any(address[2:]):
        yield Call("unseen", REASONS["connect"])


def _flags(name: str, thread: int, arguments: list[int], place: int | None) -> int:
    """Return the flags of a call."""
    if KINDS[name].act == "change":
        return 0 if name in REMOVALS else os.O_CREAT
    if name == "openat2":
        return int.from_bytes(_memory(thread, arguments[2], 8), sys.byteorder)
    if name == "creat":
        return os.O_CREAT | os.O_WRONLY | os.O_TRUNC
    return arguments[place] & 0xFFFFFFFF if place is not None else 0


def _path(thread: int, arguments: list[int], folder: int | None, place: int) -> str:
    """Return the path that a call names, whole, without the kernel's own links; or nothing."""
    path = os.fsdecode(_memory(thread, arguments[place], LONGEST_PATH).split(b"\0")[0])
    if not path:
        return ""
    if own := OWN.match(path):
        path = f"/proc/{thread}{'/fd' if own[1] else ''}{path[own.end() :]}"
    if not path.startswith("/"):
        descriptor = AT_FDCWD if folder is None else ctypes.c_int(arguments[folder]).value
        start = "cwd" if descriptor == AT_FDCWD else f"fd/{descriptor}"
        path = os.path.join(os.readlink(f"/proc/{thread}/{start}"), path)
    if path.startswith("/proc/"):
        path = os.path.realpath(path)
    return path


def _left(path: str) -> Iterator[str]:
    """Yield the links that a path steps back from: where it leads follows from where these do."""
    steps = path.split("/")
    last = max((place for place, step in enumerate(steps) if step == ".."), default=0)
    for end in range(2, last + 1):
        link = "/".join(steps[:end])
        if os.path.islink(link):
            yield os.path.join(os.path.realpath(os.path.dirname(link)), steps[end - 1])


def _plain(path: str) -> str:
    """Return a path without steps back."""
    if "/../" in f"{path}/":  # a step back from a link leads elsewhere than the text says
        path = os.path.realpath(path)
    return os.path.normpath(path)


def _memory(process: int, address: int, length: int) -> bytes:
    """Read from the memory of a process, up to a length."""
    if not address:
        return b""
    descriptor = os.open(f"/proc/{process}/mem", os.O_RDONLY)
    try:
        return os.pread(descriptor, length, address)
    finally:
        os.close(descriptor)
