"""Pages side by side in the warm parent."""

import os
import sys
import time
from dataclasses import replace
from pathlib import Path

import matplotlib as mpl
import pytest

from literate.digest import LISTING, sha256
from literate.read import read
from literate.result import Failure, Limits, Ran
from literate.run import Pool


def test_other_chains_of_a_page_run_after_a_failure(results, shown):
    failure, other = results("1 / 0", "2")

    assert isinstance(failure, Failure)
    assert shown(other) == "2"


def test_what_a_block_starts_ends_with_it(folder, results, shown):
    started = time.monotonic()
    code = (
        "import subprocess, threading, time\n"
        "threading.Thread(target=time.sleep, args=(60,)).start()\n"
        "subprocess.Popen(['sh', '-c', 'sleep 1; touch left-behind'])\n"
        "2"
    )
    (ran,) = results(code)

    assert shown(ran) == "2"
    assert time.monotonic() - started < 30
    time.sleep(1.5)
    assert not (folder / "left-behind").exists()


def test_a_page_that_never_ends_is_stopped_and_the_block_is_named(folder, page, shown):
    pool = Pool(folder, workers=1, limits=Limits(seconds=1))
    endless = read(
        "```python\nx = 1\n```\n<!--pytest-codeblocks:cont-->\n```python\nwhile True: pass\n```\n"
        "```python\n3\n```\n"
    )
    started = time.monotonic()
    run, other = pool.run([endless, page("4", path="other.md")])
    pool.close()

    (_, failure), (skipped,) = run.results
    assert 1 <= time.monotonic() - started < 60
    assert failure == Failure(5, "the page ran longer than 1 s, and this block was running")
    assert skipped == Failure(8, "the page's time was up")
    assert shown(other.results[0][0]) == "4"


def test_a_page_without_chains_ends_at_once(pool):
    (run,) = pool.run([read("prose")])

    assert run == replace(run, path="page.md", results=[])


@pytest.mark.skipif(sys.platform != "linux", reason="a process sets the limits of another")
def test_a_chain_for_which_the_system_has_nothing_left_is_a_fault_of_its_page(tmp_path, page):
    pool = Pool(tmp_path, workers=1)
    code = "import os, resource\nresource.prlimit(os.getppid(), resource.RLIMIT_NOFILE, (3, 3))"
    (run,) = pool.run([page(code, "2")])
    pool.close()

    first, (failure,) = run.results
    assert isinstance(first[0], Ran)
    message = "the system starts no process for the chain: Too many open files"
    assert failure == Failure(7, message)


def test_a_chain_that_cannot_be_forked_is_a_fault_and_another_page_runs(beside):
    program = (
        "import errno, literate.run.parent as parent\n"
        "from literate.read import read\n"
        "from literate.result import Limits, Reading\n"
        "from literate.run.pool import Job\n"
        "fork = os.fork\n"
        "def refuse():\n"
        "    os.fork = fork\n"
        "    raise OSError(errno.EAGAIN, 'Resource temporarily unavailable')\n"
        "def answer(text):\n"
        "    os.fork = refuse\n"
        "    pages = [read(text, path) for path in ('a.md', 'b.md')]\n"
        "    job = Job(tuple((page.path, page.chains) for page in pages), 1, Limits())\n"
        "    runs = parent._run_pages(job, Reading(), parent._Post(os.fdopen(os.pipe()[0])))\n"
        "    return [repr(run.results[0][0]) for run in runs]"
    )
    with beside(program) as ask:
        refused, ran = ask("```python\n1\n```\n")

    assert "the system starts no process for the chain: Resource temporarily" in refused
    assert ran.startswith("Ran(")


def test_pages_end_when_they_end_and_not_in_their_order(pool, page):
    slow, quick = page("import time; time.sleep(0.5)", path="slow.md"), page("1", path="quick.md")

    assert [run.path for run in pool.run([slow, quick])] == ["quick.md", "slow.md"]


def test_a_page_has_the_time_that_its_chains_took(pool, page):
    (run,) = pool.run([page(*["import time; time.sleep(0.2)"] * 2)])

    assert 0.4 <= run.seconds < 5


def test_a_page_tells_what_its_chains_read_together(pool, page, folder):
    (folder / "one.csv").write_text("1")
    (folder / "two.csv").write_text("2")
    (run,) = pool.run([page("open('one.csv').read()", "open('two.csv').read()")])

    seen = {name: content for name, content in run.reading.files.items() if content}
    assert seen == {"one.csv": sha256("1"), "two.csv": sha256("2")}


def test_a_folder_of_styles_counts_that_matplotlib_has_looked_for(pool, page):
    (run,) = pool.run([page("1")])

    styles = f"{mpl.get_configdir()}/stylelib"
    assert {styles, f"{styles}{LISTING}"} & run.reading.files.keys()


def test_a_page_of_which_a_chain_failed_tells_nothing_that_it_read(pool, page):
    (run,) = pool.run([page("1 / 0", "2")])

    assert run.reading is None


def test_what_is_printed_past_the_streams_is_no_answer(pool, page):
    code = "import os\nos.write(1, b'x' * 99)\nos.register_at_fork(before=lambda: print('y'))"
    (run,) = pool.run([page(code)])

    assert run.results[0][0].stderr == "x" * 99


MEMORY = Path("/dev/shm")  # noqa: S108 - where the system has it
SHARING = (
    "from multiprocessing import get_context, resource_tracker, shared_memory\n"
    "import ctypes, os, pathlib, subprocess, tempfile\n"
    "shared_memory.SharedMemory('literate-{0}-a', create=True, size=9)\n"
    "ctypes.CDLL(None).sem_open(b'literate-{0}-b', os.O_CREAT, 0o600, 1)\n"
    "folder = pathlib.Path(tempfile.mkdtemp(prefix='literate-{0}-', dir='/dev/shm'))\n"
    "(folder / 'new').write_text('1')\n(folder / 'new').rename(folder / 'file')\n"
    "subprocess.run(['touch', '/dev/shm/literate-{0}-c'])\n"
    "pathlib.Path('/dev/shm/literate-{0}-before').write_text('2')\n"
    "pathlib.Path('/dev/shm/literate-{0}-other').touch()\n"
    "pathlib.Path('/dev/shm/literate-{0}-other').unlink()\n"
    "pathlib.Path('made').touch()\n{1}"
)


@pytest.mark.skipif(not MEMORY.is_dir(), reason="no folder has the shared memory")
@pytest.mark.parametrize("end", ["None", "while True: pass", "os.kill(os.getpid(), 9)"])
def test_shared_memory_that_a_chain_makes_is_freed_with_it_and_no_other(tmp_path, page, end):
    name = f"literate-{os.getpid()}"
    before, other = MEMORY / f"{name}-before", MEMORY / f"{name}-other"
    before.write_text("1")
    pool = Pool(tmp_path, workers=1, limits=Limits(seconds=5))
    waiting = end.startswith("while")
    code = SHARING.format(os.getpid(), end)
    future = pool.start([page(code)])["page.md"]
    try:
        while waiting and not future.done() and not (tmp_path / "made").exists():
            time.sleep(0.05)
        if waiting:
            other.touch()  # after the chain has deleted its own of that name
        future.result()

        left = {path.name for path in MEMORY.iterdir() if name in path.name}
        assert left == {before.name, *([other.name] if waiting else [])}
    finally:
        pool.close()
        before.unlink()
        other.unlink(missing_ok=True)
