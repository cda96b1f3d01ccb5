"""Running pages: what a block may do to others, and what becomes of one that does not end well."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from literate.read import read
from literate.result import Failure, Limits, Ran
from literate.run import Pool


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    folder = tmp_path_factory.mktemp("project")
    (folder / "library.py").write_text("def divide(a, b):\n    return a / b\n")
    return folder


@pytest.fixture(scope="module")
def pool(project):
    pool = Pool(project, workers=2, limits=Limits(seconds=60))
    yield pool
    pool.close()


def page(*chains, path: str = "page.md"):
    return read("\n\n".join(f"```python\n{code}\n```\n" for code in chains), path)


def results(pool, *chains):
    (run,) = pool.run([page(*chains)])
    return [chain[-1] for chain in run.results]


def shown(result):
    assert isinstance(result, Ran), result
    return result.value["text/plain"]


@pytest.mark.parametrize(
    ("change", "look"),
    [
        ("import os; os.chdir('/')", "import os; os.path.exists('library.py')"),
        ("import sys; sys.path.clear()", "import library; True"),
        ("np.set_printoptions(precision=1)", "len(str(np.array([np.pi]))) > 6"),
        ("np.seterr(all='raise')", "np.geterr()['over'] == 'warn'"),
        ("plt.rcParams['font.size'] = 99", "plt.rcParams['font.size'] == 12"),
        ("plt.figure()", "plt.get_fignums() == []"),
        ("import os; os.environ['LEFT'] = 'x'", "import os; 'LEFT' not in os.environ"),
        ("name = 1", "'name' not in globals()"),
    ],
)
def test_nothing_that_a_chain_changes_reaches_another(pool, change, look):
    imports = "import numpy as np\nimport matplotlib.pyplot as plt\n"
    _, after = results(pool, imports + change, imports + look)

    assert shown(after) == "True"


def test_an_imported_module_is_loaded_anew_for_each_run(pool, project):
    (project / "changing.py").write_text("value = 1\n")
    (before,) = results(pool, "import changing; changing.value")
    (project / "changing.py").write_text("value = 20\n")
    (after,) = results(pool, "import changing; changing.value")

    assert (shown(before), shown(after)) == ("1", "20")


def test_a_failure_in_a_library_names_the_page_line_and_the_frames_behind_it(pool):
    (failure,) = results(pool, "import library\n\nlibrary.divide(1, 0)")

    assert isinstance(failure, Failure)
    assert failure.line == 4
    assert failure.message == "ZeroDivisionError: division by zero"
    assert failure.trace == "  library.py:2: in divide: return a / b\n"


def test_the_steps_before_a_failure_keep_their_results(pool):
    text = "```python\nprint(1)\n```\n<!--pytest-codeblocks:cont-->\n```python\n1 / 0\n```\n"
    (run,) = pool.run([read(text)])

    first, second = run.results[0]
    assert (first.stdout, second.line) == ("1\n", 6)


def test_other_chains_of_a_page_run_after_a_failure(pool):
    failure, other = results(pool, "1 / 0", "2")

    assert isinstance(failure, Failure)
    assert shown(other) == "2"


@pytest.mark.parametrize("code", ["+".join(["1"] * 20_000), "-" * 20_000 + "1"])
def test_an_expression_too_deep_for_python_is_a_failure(pool, code):
    (failure,) = results(pool, f"x = {code}")

    assert failure.line == 1
    assert failure.message.startswith(("RecursionError: ", "MemoryError: "))


def test_standard_error_is_kept_apart(pool):
    (ran,) = results(pool, "import sys, warnings\nprint('a', file=sys.stderr)\nwarnings.warn('b')")

    assert ran.stdout == ""
    assert ran.stderr.startswith("a\npage.md:4: UserWarning: b")


def test_what_a_block_starts_ends_with_it(pool, project):
    started = time.monotonic()
    code = (
        "import subprocess, threading, time\n"
        "threading.Thread(target=time.sleep, args=(60,)).start()\n"
        "subprocess.Popen(['sh', '-c', 'sleep 1; touch left-behind'])\n"
        "2"
    )
    (ran,) = results(pool, code)

    assert shown(ran) == "2"
    assert time.monotonic() - started < 30
    time.sleep(1.5)
    assert not (project / "left-behind").exists()


def test_a_page_that_never_ends_is_stopped_and_the_block_is_named(project):
    pool = Pool(project, workers=1, limits=Limits(seconds=1))
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


def test_pages_run_side_by_side(pool):
    sleepers = [page("import time; time.sleep(1)", path=f"{i}.md") for i in range(2)]
    list(pool.run([page("1")]))
    started = time.monotonic()

    runs = list(pool.run(sleepers))

    assert {run.path for run in runs} == {"0.md", "1.md"}
    assert all(run.seconds >= 1 for run in runs)
    assert time.monotonic() - started < 1.8


def test_a_page_without_chains_ends_at_once(pool):
    (run,) = pool.run([read("prose")])

    assert run == replace(run, path="page.md", results=[])


def test_a_dead_parent_is_an_error_and_not_a_hang(project):
    pool = Pool(project)
    pool.process.kill()

    with pytest.raises(RuntimeError, match="the process that runs pages ended with status -9"):
        list(pool.run([page("1")]))
    pool.close()


def test_running_children_end_with_the_build(project):
    pool = Pool(project, limits=Limits(seconds=60))
    code = "import time\nopen('started', 'w').close()\ntime.sleep(2)\nopen('late', 'w').close()"
    with ThreadPoolExecutor() as threads:
        running = threads.submit(lambda: list(pool.run([page(code)])))
        while not (project / "started").exists():
            time.sleep(0.02)
        pool.process.stdin.close()
        error = running.exception(timeout=10)

    assert "the process that runs pages ended with status 1" in str(error)
    pool.close()
    time.sleep(2.2)
    assert not (project / "late").exists()
