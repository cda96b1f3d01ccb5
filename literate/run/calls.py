"""The system calls that name a file, by their numbers, and what each does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["KINDS", "MACHINES", "REASONS", "REMOVALS", "Act", "Kind"]

Act = Literal["open", "look", "list", "link", "run", "change", "unseen"]


@dataclass(frozen=True, slots=True)
class Kind:
    """A system call: what it does, the arguments with its folders and paths, and with its flags."""

    act: Act
    paths: tuple[tuple[int | None, int], ...] = ()
    flags: int | None = None


AT, HERE = (0, 1), (None, 0)
KINDS = {
    "open": Kind("open", (HERE,), 1),
    "creat": Kind("open", (HERE,)),
    "openat": Kind("open", (AT,), 2),
    "openat2": Kind("open", (AT,), 2),
    "stat": Kind("look", (HERE,)),
    "lstat": Kind("look", (HERE,)),
    "newfstatat": Kind("look", (AT,)),
    "statx": Kind("look", (AT,)),
    "access": Kind("look", (HERE,)),
    "faccessat": Kind("look", (AT,)),
    "faccessat2": Kind("look", (AT,)),
    "readlink": Kind("link", (HERE,)),
    "readlinkat": Kind("link", (AT,)),
    "getxattr": Kind("look", (HERE,)),
    "lgetxattr": Kind("look", (HERE,)),
    "listxattr": Kind("look", (HERE,)),
    "llistxattr": Kind("look", (HERE,)),
    "execve": Kind("run", (HERE,)),
    "execveat": Kind("run", (AT,)),
    "rename": Kind("change", (HERE, (None, 1))),
    "renameat": Kind("change", (AT, (2, 3))),
    "renameat2": Kind("change", (AT, (2, 3))),
    "link": Kind("change", ((None, 1),)),
    "linkat": Kind("change", ((2, 3),)),
    "symlink": Kind("change", ((None, 1),)),
    "symlinkat": Kind("change", ((1, 2),)),
    "unlink": Kind("change", (HERE,)),
    "unlinkat": Kind("change", (AT,)),
    "rmdir": Kind("change", (HERE,)),
    "mkdir": Kind("change", (HERE,)),
    "mkdirat": Kind("change", (AT,)),
    "truncate": Kind("change", (HERE,)),
    "chroot": Kind("unseen"),
    "mount": Kind("unseen"),
    "pivot_root": Kind("unseen"),
    "setns": Kind("unseen"),
    "socket": Kind("unseen"),
    "connect": Kind("unseen"),
    "io_uring_setup": Kind("unseen"),
    "open_by_handle_at": Kind("unseen"),
}
"""The calls that are seen, by name."""

REMOVALS = {"unlink", "unlinkat", "rmdir"}
"""Those after which a name is gone; any other change may make one."""

REASONS = {
    **dict.fromkeys(("chroot", "mount", "pivot_root", "setns"), "changes what paths lead to"),
    "socket": "asks a network",
    "connect": "asks another program",
    "io_uring_setup": "uses io_uring",
    "open_by_handle_at": "opens files without their names",
}

X86_64 = {
    "open": 2, "stat": 4, "lstat": 6, "access": 21, "socket": 41, "connect": 42, "execve": 59,
    "truncate": 76, "rename": 82, "mkdir": 83, "rmdir": 84, "creat": 85, "link": 86, "unlink": 87,
    "symlink": 88, "readlink": 89, "openat": 257, "mkdirat": 258, "newfstatat": 262,
    "unlinkat": 263, "renameat": 264, "linkat": 265, "symlinkat": 266, "readlinkat": 267,
    "faccessat": 269, "open_by_handle_at": 304, "renameat2": 316,
    "pivot_root": 155, "chroot": 161, "mount": 165, "getxattr": 191, "lgetxattr": 192,
    "listxattr": 194, "llistxattr": 195, "setns": 308,
    "execveat": 322, "statx": 332, "io_uring_setup": 425, "openat2": 437, "faccessat2": 439,
}  # fmt: skip
AARCH64 = {
    "getxattr": 8, "lgetxattr": 9, "listxattr": 11, "llistxattr": 12, "mount": 40,
    "pivot_root": 41, "chroot": 51, "setns": 268,
    "mkdirat": 34, "unlinkat": 35, "symlinkat": 36, "linkat": 37, "renameat": 38, "truncate": 45,
    "faccessat": 48, "openat": 56, "readlinkat": 78, "newfstatat": 79, "socket": 198,
    "connect": 203, "execve": 221, "open_by_handle_at": 265, "renameat2": 276,
    "execveat": 281, "statx": 291, "io_uring_setup": 425, "openat2": 437, "faccessat2": 439,
}  # fmt: skip
MACHINES = {"x86_64": (X86_64, 0xC000003E, 317), "aarch64": (AARCH64, 0xC00000B7, 277)}
"""For each kind of processor its numbers of calls, its name in a filter, and its `seccomp`."""
