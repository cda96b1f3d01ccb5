"""A small project that is built in a folder of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from html import unescape
from pathlib import Path

import pytest


class Project:
    """A site: by default of one page and a module, with Material."""

    CONFIG = """\
site_name: Project
theme: {name: material, font: false}
plugins: [search, literate]
"""
    LIBRARY = "def double(x):\n    return 2 * x\n"
    PAGE = """\
---
title: A page
---

# Page

```python
from library import double
```

Twice is {{ double(21) }}, and $x = {{ double(0.15) }}$.
"""

    def __init__(self, folder: Path, files=None) -> None:
        self.folder = folder
        default = {
            "mkdocs.yml": self.CONFIG,
            "library.py": self.LIBRARY,
            "docs/index.md": self.PAGE,
        }
        for name, content in (files or default).items():
            self.write(name, content)

    def write(self, name, content):
        """Write a file at once, so that no server sees half of it."""
        path, new = self.folder / name, self.folder / ".new"
        path.parent.mkdir(parents=True, exist_ok=True)
        new.write_bytes(content if isinstance(content, bytes) else content.encode())
        new.replace(path)

    def start(self, command, *options, **settings):
        """Start MkDocs on the project, what it says in one pipe unless told otherwise."""
        settings = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT} | settings
        return subprocess.Popen(
            [sys.executable, "-m", "mkdocs", command, *options],
            cwd=self.folder,
            env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
            text=True,
            # Whoever runs the tests in the background has them ignore Ctrl-C, and all they start.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
            **settings,
        )

    def run(self, command, *options, **settings):
        """Run MkDocs; give the exit status and the log."""
        process = self.start(command, *options, **settings)
        log, _ = process.communicate(timeout=120)
        return process.returncode, log

    def build(self, *options, **settings):
        return self.run("build", *options, **settings)

    def html(self, name="index.html"):
        return (self.folder / "site" / name).read_text("utf-8")

    def leftovers(self):
        return [path.name for path in self.folder.iterdir() if path.name.startswith(".site")]

    @contextmanager
    def serving(self):
        """Serve the site; give what waits until a page, by default the first, has some texts."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            address = f"127.0.0.1:{free.getsockname()[1]}"
        with (self.folder / "log").open("w") as log:
            server = self.start("serve", "--dev-addr", address, stdout=log)

        def wait_for(*texts, page=""):
            deadline, html = time.monotonic() + 60, ""
            while time.monotonic() < deadline:
                time.sleep(0.2)
                try:
                    with urllib.request.urlopen(f"http://{address}/{page}", timeout=5) as answer:
                        html = unescape(answer.read().decode())
                except OSError:
                    continue
                if all(text in html for text in texts):
                    return html
            raise AssertionError(f"{texts} never came: {html}")

        try:
            yield wait_for
            server.send_signal(signal.SIGINT)
            server.wait(timeout=20)
        finally:
            server.kill()
            server.wait()


@pytest.fixture(scope="session")
def project_class():
    return Project


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path)
