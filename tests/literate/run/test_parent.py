"""Pages side by side in the warm parent."""

import sys
import time
from dataclasses import replace
from pathlib import Path

import matplotlib as mpl

from literate.digest import LISTING, digest, sha256
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


def test_what_was_looked_for_before_pages_could_be_watched_counts(pool, page):
    (run,) = pool.run([page("1")])

    assert {"sitecustomize", "usercustomize"} - set(run.reading.missing) <= set(sys.modules)
    styles = Path(mpl.get_configdir(), "stylelib")
    assert run.reading.files[f"{styles}{LISTING}"] == digest(f"{styles}{LISTING}")


def test_a_page_of_which_a_chain_failed_tells_nothing_that_it_read(pool, page):
    (run,) = pool.run([page("1 / 0", "2")])

    assert run.reading is None


def test_what_is_printed_past_the_streams_is_no_answer(pool, page):
    code = "import os\nos.write(1, b'x' * 99)\nos.register_at_fork(before=lambda: print('y'))"
    (run,) = pool.run([page(code)])

    assert run.results[0][0].stderr == "x" * 99
