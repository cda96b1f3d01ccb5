"""While pages run, a server answers: with the site that is there."""

import re
import signal
import socket
import threading
import time
import urllib.error
import urllib.request
from contextlib import contextmanager

import psutil
import pytest

RUNNING = 'role="status">Running'
SLOW = "# Page\n\n{0}\n\n```python\nimport time\ntime.sleep({1})\n```\n"


@contextmanager
def serving(project, *options):
    """Serve a project; give the process and what asks it for a path, once it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    with (project.folder / "log").open("w") as log:
        server = project.start("serve", "--dev-addr", address, *options, stdout=log)

    def get(path="", timeout=10):
        with urllib.request.urlopen(f"http://{address}/{path}", timeout=timeout) as answer:
            return answer.read().decode()

    try:
        wait_until(lambda: answers(get), "the server never answered")
        yield server, get
        server.send_signal(signal.SIGINT)
        server.wait(timeout=20)
    finally:
        server.kill()
        server.wait()


def answers(get):
    try:
        return get()
    except OSError:
        return ""


def wait_until(question, problem):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if question():
            return
        time.sleep(0.1)
    raise AssertionError(problem)


def log(project):
    return (project.folder / "log").read_text()


def rebuild(project, title, seconds):
    """Edit the page, and return once its block runs."""
    builds = log(project).count("Detected file changes")
    project.write("docs/index.md", SLOW.format(title, seconds))
    wait_until(
        lambda: log(project).count("Detected file changes") > builds, "the edit was not seen"
    )
    time.sleep(1)


@pytest.mark.parametrize("options", [(), ("--clean",)])
def test_the_old_page_is_there_at_once_while_a_block_runs_and_the_new_one_after_it(
    project, options
):
    project.write("docs/index.md", SLOW.format("Old", 0))
    with serving(project, *options) as (_, get):
        for old, new, seconds in (("Old", "New", 5), ("New", "Newer", 4)):
            rebuild(project, new, seconds)
            epoch = re.search(r"livereload\((\d+), \d+\);", get())[1]
            told = []
            browser = threading.Thread(
                target=lambda e=epoch, t=told: t.append(int(get(f"livereload/{e}/1", 60)))
            )
            browser.start()

            started = time.monotonic()
            page, style = get(), get("assets/literate/literate.css")
            with pytest.raises(urllib.error.HTTPError) as missing:
                get("nowhere/")
            assert time.monotonic() - started < 0.5
            assert f">{old}" in page
            assert (RUNNING in page) == (not options)
            assert style
            assert "404" in missing.value.read().decode()
            assert not told

            browser.join(30)
            assert told[0] > int(epoch)
            page = get()
            assert f">{new}" in page
            assert RUNNING not in page


def test_after_a_build_that_fails_pages_are_there_too(project):
    with serving(project) as (_, get):
        project.write("mkdocs.yml", "site_name: [")
        wait_until(lambda: "An error happened" in log(project), "the edit was not seen")

        assert "Twice is 42" in get(timeout=2)


def test_an_interrupt_ends_a_server_whose_block_runs(project):
    with serving(project) as (server, _):
        rebuild(project, "Endless", 60)
        children = psutil.Process(server.pid).children(recursive=True)
        started = time.monotonic()
        server.send_signal(signal.SIGINT)
        server.wait(timeout=20)

        assert time.monotonic() - started < 5
        assert psutil.wait_procs(children, timeout=5)[1] == []
