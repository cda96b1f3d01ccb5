"""A small project that is built in a folder of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager, suppress
from html import unescape
from pathlib import Path

import nbformat
import psutil
import pytest

from literate.notebook import make_notebook
from literate.read import read
from literate.result import Limits
from literate.run import Pool
from literate.weave import converter, weave

BARE = {
    "mkdocs.yml": """\
site_name: Project
theme: {name: null, custom_dir: theme}
plugins: [literate]
""",
    "theme/main.html": "{{ page.content }}",
}


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
        """Run MkDocs; return the exit status and the log."""
        process = self.start(command, *options, **settings)
        log, _ = process.communicate(timeout=120)
        return process.returncode, log

    def build(self, *options, **settings):
        return self.run("build", *options, **settings)

    def html(self, name="index.html"):
        return (self.folder / "site" / name).read_text("utf-8")

    def processes(self):
        """Return what still runs in the folder."""
        found = []
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                if process.cwd() == str(self.folder):
                    found.append(process.cmdline())
        return found

    def leftovers(self):
        return [path.name for path in self.folder.iterdir() if path.name.startswith(".site")]

    @contextmanager
    def serving(self):
        """Serve the site; what comes waits until a page, by default the first, has some texts."""
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
def bare(tmp_path):
    """Return a project without pages, whose theme shows the content of a page alone."""
    return Project(tmp_path, BARE)


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path)


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """Return the folder that `pool` runs pages in, with a module in it."""
    folder = tmp_path_factory.mktemp("folder")
    (folder / "library.py").write_text("def divide(a, b):\n    return a / b\n")
    return folder


@pytest.fixture(scope="session")
def pool(folder):
    """Return a process that runs pages, for tests that leave it as it is."""
    pool = Pool(folder, workers=2, limits=Limits(seconds=60))
    yield pool
    pool.close()


@pytest.fixture(scope="session")
def convert(pool):
    """Return what runs a page and makes its notebook."""

    def convert(text, **options):
        page = read(text)
        (run,) = pool.run([page])
        notebook = nbformat.from_dict(make_notebook(page, weave(page, run.results), **options))
        nbformat.validate(notebook)
        return notebook

    return convert


@pytest.fixture(scope="session")
def count_formulas():
    """Return what lists the formulas that math-core is given, under a `pytest.MonkeyPatch`."""

    def count_formulas(patch):
        given = []

        def count(formulas):
            given.extend(formulas)
            return converter.convert(formulas)

        patch.setattr("literate.weave.math.convert", count)
        return given

    return count_formulas
