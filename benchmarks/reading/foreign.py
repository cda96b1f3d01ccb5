"""What pages load from the hosts of npm packages, fetched once from the npm registry itself."""

from __future__ import annotations

import re
import shutil
import subprocess
import tarfile
import threading
from pathlib import Path

__all__ = ["Packages", "located"]

PATTERNS = {
    "cdn.jsdelivr.net": r"/npm/(?P<package>(?:@[^/@]+/)?[^/@]+)@(?P<version>[^/]+)/(?P<file>.+)",
    "unpkg.com": r"/(?P<package>(?:@[^/@]+/)?[^/@]+)@(?P<version>[^/]+)/(?P<file>.+)",
    "cdnjs.cloudflare.com": r"/ajax/libs/(?P<package>[^/]+)/(?P<version>[^/]+)/(?P<file>.+)",
}
"""What the paths of each host look like."""

RENAMED = {"require.js": "requirejs"}
"""Packages that have another name at npm."""

TIMEOUT = 120


def located(host: str, path: str) -> tuple[str, str, str] | None:
    """Tell an npm package, its version and a file in it from an address.

    Examples
    --------
    >>> located("unpkg.com", "/mathjax@3/es5/tex-mml-chtml.js")
    ('mathjax', '3', 'es5/tex-mml-chtml.js')
    """
    found = re.fullmatch(PATTERNS.get(host, "(?!)"), path)
    if found is None:
        return None
    return RENAMED.get(found["package"], found["package"]), found["version"], found["file"]


class Packages:
    """Files of npm packages, kept in a folder.

    Parameters
    ----------
    folder
        Where.

    Attributes
    ----------
    fetched
        How many have been fetched since.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lock = threading.Lock()
        self.missing: set[str] = set()
        self.fetched = 0

    def find(self, host: str, path: str) -> Path | None:
        """Give the file at an address, None if it cannot be had."""
        if (place := located(host, path)) is None:
            return None
        package, version, name = place
        with self.lock:
            root = self._unpacked(f"{package}@{version}")
        if root is None:
            return None
        files = (root / name, root / "dist" / name)
        return next((file for file in files if file.is_file()), None)

    def _unpacked(self, wanted: str) -> Path | None:
        """Fetch a package unless that was done."""
        root = self.folder / wanted.replace("/", "+")
        if not root.exists() and wanted not in self.missing:
            new = self.folder / "new"
            shutil.rmtree(new, ignore_errors=True)
            new.mkdir(parents=True)
            try:
                command = ["npm", "pack", "--silent", "--pack-destination", str(new), wanted]
                subprocess.run(command, check=True, capture_output=True, timeout=TIMEOUT)  # noqa: S603
                with tarfile.open(next(new.glob("*.tgz"))) as archive:
                    archive.extractall(new, filter="data")
            except (OSError, subprocess.SubprocessError, StopIteration, tarfile.TarError):
                self.missing.add(wanted)
            else:
                (new / "package").replace(root)
                self.fetched += 1
        return root if root.exists() else None
