"""A block that must raise: the build and the test come to the same."""

import subprocess
import sys

import pytest

from literate.fault import PageError, find_faults
from literate.read import read

MARK = "<!--pytest.mark.xfail(strict=True)-->\n"


def passes_test(folder, text):
    """Tell whether pytest-codeblocks passes a page."""
    (folder / "page.md").write_text(text)
    command = ["-m", "pytest", "-q", "--codeblocks", "-W", "error", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [sys.executable, *command, "page.md"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "line" in done.stdout or " passed" in done.stdout or " xfailed" in done.stdout
    return done.returncode == 0


def passes_build(pool, text):
    """Tell whether the build publishes a page."""
    try:
        page = read(text)
    except PageError:
        return False
    (run,) = pool.run([page])
    return not find_faults(page, run.results)


@pytest.mark.parametrize(
    ("code", "passes"),
    [
        ("1 / 0", True),
        ("import json\njson.loads('{')", True),
        ("x = = 1", True),
        ("def f():\nreturn 1", True),
        ("assert False", True),
        ("x = 1", False),
        ("try:\n    1 / 0\nexcept ZeroDivisionError:\n    pass", False),
    ],
)
def test_a_block_must_raise_in_both_worlds(code, passes, tmp_path, pool):
    page = f"{MARK}```python\n#| error: true\n{code}\n```\n\n```python\nassert True\n```\n"

    assert passes_build(pool, page) == passes
    assert passes_test(tmp_path, page) == passes
