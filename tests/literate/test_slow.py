"""Slow blocks are left out on demand, and only while a page is written."""

import pytest

from literate.page import without_slow
from literate.read import read
from literate.weave import weave

CONT = "<!--pytest-codeblocks:cont-->\n"
PAGE = f"""\
```python
print("fast")
```

{CONT}
```python
#| slow: true
x = "slow"
print(x)
```

It is {{{{ x }}}}.

{CONT}
```python
print("after")
```

<!--pytest-codeblocks:expected-output-->

```
fast
slow
after
```

```python
print("other")
```
"""


def test_a_slow_block_is_left_out_with_all_that_follows_on_it(pool):
    page = without_slow(read(PAGE))
    (run,) = pool.run([page])

    assert [[ran.stdout for ran in chain] for chain in run.results] == [["fast\n"], ["other\n"]]
    assert page.chains[0].expected is None
    text = weave(page, run.results).text
    assert text.count("Left out while writing") == 2
    assert "It is <code>?</code>." in text


def test_a_page_without_slow_blocks_is_the_same():
    page = read("```python\nx = 1\n```\n\n```python\n#| slow: false\nx = 1\n```\n")

    assert without_slow(page) is page


@pytest.fixture
def slow(project, monkeypatch):
    """Return a project with a slow block, where slow blocks are to be left out."""
    monkeypatch.setenv("LITERATE_SKIP_SLOW", "1")
    project.write("docs/index.md", f"# Page\n\n{PAGE}")
    return project


def test_a_build_leaves_nothing_out_and_a_server_shows_what_it_kept(slow):
    with slow.serving() as wait_for:
        wait_for("Left out while writing", "other")
    status, log = slow.build("--strict")

    assert status == 0, log
    assert "docs/index.md: run in" in log
    assert "Left out" not in slow.html()
    assert "It is slow." in slow.html()
    with slow.serving() as wait_for:
        assert "Left out" not in wait_for("It is slow.")
