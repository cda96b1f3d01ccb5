"""A process for each chain."""

import pytest

from literate.result import Failure, Ran


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
def test_nothing_that_a_chain_changes_reaches_another(change, look, results, shown):
    imports = "import numpy as np\nimport matplotlib.pyplot as plt\n"
    _, after = results(imports + change, imports + look)

    assert shown(after) == "True"


def test_an_imported_module_is_loaded_anew_for_each_run(folder, results, shown):
    (folder / "changing.py").write_text("value = 1\n")
    (before,) = results("import changing; changing.value")
    (folder / "changing.py").write_text("value = 20\n")
    (after,) = results("import changing; changing.value")

    assert (shown(before), shown(after)) == ("1", "20")


# A child is forked from a process without threads, unlike the one that runs the tests.
CHILD = """
from literate.read import read
from literate.run.child import Child

def answer(message):
    text, *cause = message
    (chain,) = read(text).chains
    child = Child("page.md", chain, None)
    while child.take():
        pass
    child.end(*cause)
    assert not child.process.is_alive()
    return repr(child.results), child.reading is not None
"""
FOLLOWED = "```python\nx = 1\n```\n<!--pytest-codeblocks:cont-->\n```python\n{}\n```\n"


@pytest.fixture(scope="module")
def told(beside):
    """Return what tells the results of a chain by a child, and whether it told what it read."""
    with beside(CHILD) as ask:

        def told(text, *cause):
            results, has_read = ask([text, *cause])
            return eval(results, {"Ran": Ran, "Failure": Failure}), has_read  # noqa: S307

        yield told


def test_a_child_tells_the_result_of_each_step_and_then_what_it_read(told):
    assert told(FOLLOWED.format("y = 2")) == ([Ran(), Ran()], True)


def test_a_child_that_fails_tells_no_more(told):
    results, has_read = told(FOLLOWED.format("1 / 0\n```\n{{ x }}\n```text"))

    assert results == [Ran(), Failure(6, "ZeroDivisionError: division by zero")]
    assert not has_read


@pytest.mark.parametrize(
    ("code", "line", "message"),
    [
        ("import os; os._exit(3)", 5, "the block ended the interpreter (exit status 3)"),
        ("import ctypes\nctypes.string_at(0)", 7, "the block crashed the interpreter (SIGSEGV)"),
        ("import os; os.kill(os.getpid(), 9)", 5, "the block crashed the interpreter (SIGKILL)"),
        ("import os; os.kill(os.getpid(), 40)", 5, "the block crashed the interpreter (signal 40)"),
    ],
)
def test_a_child_that_dies_is_said_to_have_died_of_the_step_that_ran(told, code, line, message):
    results, has_read = told(FOLLOWED.format(code))

    assert results == [Ran(), Failure(line, message)]
    assert not has_read


def test_a_child_that_is_ended_before_its_time_takes_the_cause_that_it_is_given(told):
    code = "import os; os._exit(0)"
    results, _ = told(FOLLOWED.format(code), "its time was up")

    assert results == [Ran(), Failure(5, "its time was up")]
