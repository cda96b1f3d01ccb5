"""Pages of a few chains, and what they come to."""

import json
import subprocess
import sys
from contextlib import contextmanager

import matplotlib as mpl
import pytest

from literate.read import read
from literate.result import Ran
from literate.run.figure import STYLE


@pytest.fixture
def style():
    """Draw in the style of pages."""
    with mpl.rc_context(STYLE):
        yield


@pytest.fixture(scope="session")
def page():
    """Return what makes a page of chains, each of one block."""

    def page(*chains, path="page.md"):
        return read("\n\n".join(f"```python\n{code}\n```\n" for code in chains), path)

    return page


@pytest.fixture(scope="session")
def results(pool, page):
    """Return what runs chains, and returns the last result of each."""

    def results(*chains):
        (run,) = pool.run([page(*chains)])
        return [chain[-1] for chain in run.results]

    return results


@pytest.fixture(scope="session")
def shown():
    """Return what tells the value that a block shows."""

    def shown(result):
        assert isinstance(result, Ran), result
        return result.value["text/plain"]

    return shown


@pytest.fixture(scope="session")
def beside():
    """Return what starts a process that answers each message with ``answer(message)``.

    What is tested in it may fork, watch its process and take over its streams.
    """

    @contextmanager
    def beside(program):
        loop = "for line in sys.stdin:\n    print(json.dumps(answer(json.loads(line))), flush=True)"
        process = subprocess.Popen(
            [sys.executable, "-P", "-c", f"import json, os, sys\n{program}\n{loop}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

        def ask(message):
            process.stdin.write(f"{json.dumps(message)}\n")
            process.stdin.flush()
            return json.loads(process.stdout.readline())

        with process:
            yield ask
            process.stdin.close()

    return beside
