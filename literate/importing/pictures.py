"""The images of foreign prose, as files beside the page."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

__all__ = ["Pictures"]

IMAGE = re.compile(
    r"(?P<before>!\[[^\]]*\]\(<?|<img\b[^>]*?\bsrc=[\"']|\{(?:figure|image)\}[ \t]*)"
    r"(?P<target>[^\s)>\"']+)"
)
DATA = re.compile(r"data:image/([\w+]+);base64,(.*)", re.DOTALL)
ENDINGS = {"jpeg": "jpg", "svg+xml": "svg"}


@dataclass
class Pictures:
    """The images of a page, by the names that they get in the folder of its images.

    Attributes
    ----------
    source
        The folder that the foreign page is in.
    stem
        The name of the page, which that of the folder begins with.
    """

    source: Path
    stem: str
    files: dict[str, bytes] = field(default_factory=dict)

    def place(
        self, text: str, attachments: Mapping[str, Any], say: Callable[[int, str], None]
    ) -> str:
        """Return prose whose images lead to the files beside the page."""

        def placed(found: re.Match[str]) -> str:
            target = found["target"]
            line = text.count("\n", 0, found.start())
            if re.match(r"https?:|//|#|/", target):
                return found[0]
            name, content = self._content(target, attachments)
            if content is None:
                say(line, f"the image {target[:60]} is not found")
                return found[0]
            return f"{found['before']}{self.stem}-files/{self._take(name, content)}"

        return IMAGE.sub(placed, text)

    def write(self, folder: Path) -> list[str]:
        """Write the files beside the page; return a line for each that was there and differs."""
        found = []
        for name, content in self.files.items():
            path = folder / f"{self.stem}-files" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                with path.open("xb") as file:
                    file.write(content)
            except FileExistsError:
                if path.read_bytes() != content:
                    found.append(f"{path.as_posix()}:1: is there already, with another content")
        return found

    def _content(self, target: str, attachments: Mapping[str, Any]) -> tuple[str, bytes | None]:
        """Return the name of an image and what it holds, None where it is not found."""
        if data := DATA.match(target):
            return f"image.{ENDINGS.get(data[1], data[1])}", _decoded(data[2])
        if target.startswith("attachment:"):
            name = unquote(target.removeprefix("attachment:"))
            bundle = attachments.get(name)
            held = next(iter(bundle.values()), None) if isinstance(bundle, dict) else None
            text = "".join(held) if isinstance(held, list) else held
            return name, _decoded(text) if isinstance(text, str) else None
        path = self.source / unquote(target)
        try:
            return path.name, path.read_bytes()
        except (OSError, ValueError):
            return path.name, None

    def _take(self, name: str, content: bytes) -> str:
        """Take an image, and return the name that it gets."""
        safe = re.sub(r"[^\w.-]+", "-", name.replace("\\", "/").rpartition("/")[2]).lstrip(".-")
        stem, _, ending = (safe or "image").rpartition(".")
        stem, ending = (stem, f".{ending}") if stem else (ending, "")
        for number in range(1, len(self.files) + 2):
            free = f"{stem}{f'-{number}' if number > 1 else ''}{ending}"
            if self.files.setdefault(free, content) == content:
                break
        return free


def _decoded(text: str) -> bytes | None:
    """Return what base64 holds, None where it is none."""
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return None
