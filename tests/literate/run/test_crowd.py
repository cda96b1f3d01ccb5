"""A chain that starts ever more processes is stopped in time, and nothing of it is left."""

import time

import psutil
import pytest

from literate.read import read
from literate.result import Failure, Limits, Ran
from literate.run import Pool

MOST = 40
CAP = 400
"""How many processes a bomb of these tests makes at most, should nothing stop it."""

TOKENS = f"""\
import os, time
tokens, put = os.pipe()
os.write(put, b"x" * {CAP})
os.set_blocking(tokens, False)

def may_fork():
    try:
        return os.read(tokens, 1)
    except BlockingIOError:
        time.sleep(30)
"""
BOMBS = {
    "forks": TOKENS + "while may_fork():\n    os.fork()",
    "forks in sessions of their own": (
        TOKENS + "while may_fork():\n    if os.fork() == 0:\n        os.setsid()"
    ),
    "orphans": TOKENS + (
        "while may_fork():\n"
        "    if os.fork() == 0:\n"
        "        os.setsid()\n"
        "        if os.fork():\n"
        "            os._exit(0)"
    ),
    "orphans of a first process that ends": TOKENS + (
        "if os.fork():\n    os._exit(0)\n"
        "while may_fork():\n    os.setsid() if os.fork() == 0 else None"
    ),
    "a shell": (
        "import subprocess, time\n"
        "f = 'if [ $1 -gt 7 ]; then sleep 30; else f $(($1+1)) | f $(($1+1)) & fi'\n"
        "subprocess.run(['sh', '-c', 'f() { ' + f + '; }; f 0'])\ntime.sleep(30)"
    ),
    "programs": (
        "import subprocess\n"
        f"started = [subprocess.Popen(['sleep', '30']) for _ in range({CAP})]\n"
        "started[0].wait()"
    ),
    "threads": (
        "import threading, time\n"
        f"for _ in range({CAP}):\n    threading.Thread(target=time.sleep, args=(30,)).start()\n"
        "time.sleep(30)"
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def pool(tmp_path_factory):
    limits = Limits(seconds=20, processes=MOST)
    pool = Pool(tmp_path_factory.mktemp("project"), workers=2, limits=limits)
    yield pool
    pool.close()


def page(code, path):
    return read(f"```python\n{code}\n```\n", path)


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_a_fault_of_its_page_and_no_other_and_leaves_nothing(pool, name):
    started = time.monotonic()
    other = page("import subprocess\nsubprocess.run(['sleep', '1']).returncode", "other.md")
    runs = {run.path: run for run in pool.run([page(BOMBS[name], "bomb.md"), other])}

    ((failure,),) = runs["bomb.md"].results
    assert isinstance(failure, Failure)
    ended = "the block ended the interpreter (exit status 0)"
    crowd = f"the chain had more than {MOST} processes and threads"
    assert failure.message == (ended if "first process" in name else crowd)
    ((ran,),) = runs["other.md"].results
    assert isinstance(ran, Ran)
    assert ran.value["text/plain"] == "0"
    assert time.monotonic() - started < 10
    # Only the warm parent itself is below what guards it.
    (parent,) = psutil.Process(pool.process.pid).children(recursive=True)
    assert parent.cmdline()[-1] == "literate.run.parent"


def test_a_chain_may_have_as_many_processes_as_the_limit_says(pool):
    code = (
        "import subprocess\n"
        f"started = [subprocess.Popen(['sleep', '1']) for _ in range({MOST - 10})]\n"
        "sum(process.wait() for process in started)"
    )
    (run,) = pool.run([page(code, "page.md")])

    assert isinstance(run.results[0][0], Ran)


def test_what_a_chain_leaves_in_a_session_of_its_own_ends_while_others_run(pool, tmp_path):
    alive = tmp_path / "alive"
    loop = (
        "import time, pathlib\n"
        f"while True:\n    pathlib.Path({str(alive)!r}).touch()\n    time.sleep(0.1)"
    )
    left = (
        "import subprocess, sys, time\n"
        f"subprocess.Popen([sys.executable, '-c', {loop!r}], start_new_session=True)\n"
        "time.sleep(1)"
    )
    look = (
        f"import pathlib, time\npath = pathlib.Path({str(alive)!r})\n"
        "time.sleep(2)\nbefore = path.stat().st_mtime\n"
        "time.sleep(1)\npath.stat().st_mtime == before"
    )
    runs = {run.path: run for run in pool.run([page(left, "left.md"), page(look, "look.md")])}

    assert runs["look.md"].results[0][0].value["text/plain"] == "True"
