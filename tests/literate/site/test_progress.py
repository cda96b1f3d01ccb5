"""What a terminal shows while pages run."""

import io
import sys
from concurrent.futures import Future
from threading import Timer

import pexpect
import pytest

import literate.site.progress
from literate.result import Run
from literate.site.progress import Progress


def test_a_terminal_shows_which_pages_still_run(bare):
    bare.write("docs/index.md", "```python\nimport time\ntime.sleep(3)\n```\n")
    terminal = pexpect.spawn(
        sys.executable, ["-m", "mkdocs", "build"], cwd=bare.folder, timeout=60, dimensions=(24, 100)
    )

    terminal.expect(r"docs/index\.md: +0%.*0/1 \[00:0\d")
    terminal.expect("1 page run, 0 kept")
    terminal.expect(pexpect.EOF)
    _, log = bare.build()
    assert "0%" not in log


class Terminal(io.StringIO):
    """Stands for a terminal."""

    def isatty(self):
        return True


def progress_on(terminal, patch, runs, workers, delay=0):
    """Return what shows some runs on a terminal, if they take longer than a delay."""
    patch.setattr(sys, "stderr", terminal)
    patch.setattr(literate.site.progress, "DELAY", delay)
    return Progress(runs, workers)


def started(*paths):
    return {path: Future() for path in paths}


def look():
    """See nothing that would end a wait."""


def test_whoever_waits_is_given_the_run_of_the_page():
    runs = started("a.md", "b.md")
    progress = Progress(runs, workers=1)
    runs["b.md"].set_result(Run("b.md"))

    assert progress.wait("b.md", look) == Run("b.md")
    progress.close()


def test_whoever_waits_learns_what_went_wrong(monkeypatch):
    runs, terminal = started("a.md"), Terminal()
    progress = progress_on(terminal, monkeypatch, runs, workers=1)
    Timer(0.05, runs["a.md"].set_exception, [RuntimeError("the process ended")]).start()

    with pytest.raises(RuntimeError, match="the process ended"):
        progress.wait("a.md", look)
    progress.close()
    assert terminal.getvalue().rpartition("\r")[0].rpartition("\r")[2].strip() == ""


def test_nothing_is_shown_where_there_is_no_terminal(capsys, monkeypatch):
    monkeypatch.setattr(literate.site.progress, "DELAY", 0)
    progress = Progress(started("a.md"), workers=1)
    progress.show()
    progress.close()

    assert capsys.readouterr() == ("", "")


def test_a_terminal_shows_as_many_pages_as_run_and_how_many_are_done(monkeypatch):
    runs, terminal = started("a.md", "b.md", "c.md", "d.md"), Terminal()
    progress = progress_on(terminal, monkeypatch, runs, workers=2)
    runs["b.md"].set_result(Run("b.md"))
    progress.show()
    shown = terminal.getvalue()
    progress.close()

    assert "a.md, c.md: " in shown
    assert "d.md" not in shown
    assert "1/4" in shown


def test_what_does_not_take_long_is_not_shown(monkeypatch):
    terminal = Terminal()
    progress = progress_on(terminal, monkeypatch, started("a.md"), workers=1, delay=60)
    progress.show()
    shown = terminal.getvalue()
    progress.close()

    assert "a.md" not in shown
