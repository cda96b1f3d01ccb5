"""Pages of a few chains, and what they come to."""

import pytest

from literate.read import read
from literate.result import Ran


@pytest.fixture(scope="session")
def page():
    """Return what makes a page of chains, each of one block."""

    def page(*chains, path="page.md"):
        return read("\n\n".join(f"```python\n{code}\n```\n" for code in chains), path)

    return page


@pytest.fixture(scope="session")
def results(pool, page):
    """Return what runs chains, and returns the last result of each."""

    def results(*chains):
        (run,) = pool.run([page(*chains)])
        return [chain[-1] for chain in run.results]

    return results


@pytest.fixture(scope="session")
def shown():
    """Return what tells the value that a block shows."""

    def shown(result):
        assert isinstance(result, Ran), result
        return result.value["text/plain"]

    return shown
