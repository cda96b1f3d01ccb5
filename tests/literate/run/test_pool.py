"""Running pages: what a block may do to others, and what becomes of one that does not end well."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from literate.result import Limits
from literate.run import Pool


def test_pages_run_side_by_side(pool, page):
    sleepers = [page("import time; time.sleep(1)", path=f"{i}.md") for i in range(2)]
    list(pool.run([page("1")]))
    started = time.monotonic()

    runs = list(pool.run(sleepers))

    assert {run.path for run in runs} == {"0.md", "1.md"}
    assert all(run.seconds >= 1 for run in runs)
    assert time.monotonic() - started < 1.8


def test_a_dead_parent_is_an_error_and_not_a_hang(folder, page):
    pool = Pool(folder)
    pool.process.kill()

    with pytest.raises(RuntimeError, match="the process that runs pages ended with status -9"):
        list(pool.run([page("1")]))
    pool.close()


def test_running_children_end_with_the_build(folder, page):
    pool = Pool(folder, limits=Limits(seconds=60))
    code = "import time\nopen('started', 'w').close()\ntime.sleep(2)\nopen('late', 'w').close()"
    with ThreadPoolExecutor() as threads:
        running = threads.submit(lambda: list(pool.run([page(code)])))
        while not (folder / "started").exists():
            time.sleep(0.02)
        pool.process.stdin.close()
        error = running.exception(timeout=10)

    assert "the process that runs pages ended with status 1" in str(error)
    pool.close()
    time.sleep(2.2)
    assert not (folder / "late").exists()


def test_a_page_that_is_started_is_waited_for_by_its_path(pool, page):
    futures = pool.start([page("1", path="a.md"), page("2", path="b.md")])

    assert list(futures) == ["a.md", "b.md"]
    assert [futures[path].result(timeout=60).path for path in futures] == ["a.md", "b.md"]


def test_pages_that_are_started_one_after_the_other_do_not_mix(pool, page):
    first = pool.start([page("import time; time.sleep(0.3)", path="a.md")])
    second = pool.start([page("2", path="a.md")])

    assert first["a.md"].result(timeout=60).results[0][0].value is None
    assert second["a.md"].result(timeout=60).results[0][0].value == {"text/plain": "2"}


def test_whoever_waits_learns_that_the_parent_died(folder, page):
    pool = Pool(folder)
    pool.process.kill()
    futures = pool.start([page("1", path="a.md"), page("2", path="b.md")])

    for future in futures.values():
        with pytest.raises(RuntimeError, match="ended with status -9"):
            future.result(timeout=60)
    pool.close()


def test_pages_that_are_stopped_end_at_once_and_the_next_run_in_the_same_parent(pool, page):
    parent = pool.process.pid
    for turn in range(3):
        (future,) = pool.start([page("import time\ntime.sleep(30)")]).values()
        time.sleep(0.3 * turn)
        started = time.monotonic()
        pool.stop()
        with pytest.raises(RuntimeError, match="stopped"):
            future.result()
        assert time.monotonic() - started < 5
    pool.stop()
    (future,) = pool.start([page("1 + 1")]).values()

    assert future.result().results[0][0].value["text/plain"] == "2"
    assert pool.process.pid == parent
