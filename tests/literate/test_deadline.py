"""A page that keeps the build itself busy is refused, and the build goes on."""

import re
import signal
import threading
import time
from dataclasses import replace

import pytest

from literate import build
from literate.deadline import limit
from literate.fault import PageError
from literate.result import Limits


def is_endless(*_):
    while True:
        time.sleep(0.01)


def has_two_ways(*_):
    re.fullmatch("(a|a)*b", "a" * 64)


@pytest.mark.parametrize("slow", [is_endless, has_two_ways])
def test_a_page_that_takes_long_to_read_is_refused_and_others_are_read(tmp_path, monkeypatch, slow):
    project = build.Project(tmp_path)
    project.configure(replace(Limits(), seconds=0.2))
    made = build.Build(project, keep=False, say=print)
    with monkeypatch.context() as patch:
        patch.setattr(build, "read", slow)
        made.read("slow.md", "docs/slow.md", b"Text.")
    made.read("fast.md", "docs/fast.md", b"```python\n```\n")

    shown = made.marks.plain(made.weave("slow.md", print))
    assert list(map(str, made.faults)) == [
        "docs/slow.md:1: reading the page took longer than 0.2 s"
    ]
    assert "reading the page took longer" in shown
    assert list(made.pages) == ["fast.md"]


def test_a_page_that_takes_long_to_weave_is_refused(tmp_path, monkeypatch):
    project = build.Project(tmp_path)
    project.configure(replace(Limits(), seconds=0.2))
    made = build.Build(project, keep=False, say=print)
    made.read("page.md", "docs/page.md", b"```text\n```\n\n```python\n#| echo: false\n```\n")
    monkeypatch.setattr(build, "weave", is_endless)
    try:
        (run,) = made.start().values()
        shown = made.marks.plain(made.weave("page.md", lambda _: run.result()))
    finally:
        project.close()

    assert "weaving the page took longer than 0.2 s" in shown
    assert [fault.line for fault in made.faults] == [1]


def test_after_the_limit_nothing_is_left_of_it():
    before = signal.getsignal(signal.SIGALRM)
    with limit(10, "reading"):
        pass
    with pytest.raises(PageError), limit(0.01, "reading"):
        is_endless()

    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)
    assert signal.getsignal(signal.SIGALRM) is before


def test_in_another_thread_there_is_no_limit():
    done = []

    def work():
        with limit(0.01, "reading"):
            time.sleep(0.05)
        done.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done
