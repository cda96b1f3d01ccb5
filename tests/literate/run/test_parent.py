"""Pages side by side in the warm parent."""

import time
from dataclasses import replace

from literate.read import read
from literate.result import Failure, Limits
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
