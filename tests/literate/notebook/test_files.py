"""The files of a notebook."""

import subprocess
import sys

import nbformat

from literate.notebook import write_notebook, write_script

CHAINS = "```python\nsum = 3\nprint(sum)\n```\n\n```python\nprint(sum([4, 5]))\n```\n\n"
FIGURE = """\
```python
#| fig-cap: A line
#| fig-alt: A rising line
import matplotlib.pyplot as plt
plt.plot([1, 2]);
```
"""


def run_script(notebook, tmp_path):
    script = tmp_path / "script.py"
    script.write_text(write_script(notebook), "utf-8")
    return subprocess.run(
        [sys.executable, "-W", "error", script], capture_output=True, text=True, check=False
    )


def test_a_chain_that_starts_afresh_does_so_in_the_script(convert, tmp_path):
    done = run_script(convert(CHAINS), tmp_path)

    assert (done.returncode, done.stdout, done.stderr) == (0, "3\n9\n", "")


def test_future_statements_of_any_chain_begin_the_script(convert, tmp_path):
    second = "```python\nfrom __future__ import annotations\nprint(2)\n```\n"
    page = f"# T\n\n```python\nx = 1\n```\n\n{second}"
    done = run_script(convert(page), tmp_path)

    assert (done.returncode, done.stdout, done.stderr) == (0, "2\n", "")


def test_the_prose_of_a_script_is_in_its_comments(convert):
    script = write_script(convert("# T\n\nOne\ntwo.\n\n```python\nx = 1\n```\n"))

    assert script == ("# %% [markdown]\n# # T\n\n# %% [markdown]\n# One\n# two.\n\n# %%\nx = 1\n")


def test_a_notebook_has_the_same_bytes_each_time(convert):
    first, second = (write_notebook(convert(CHAINS + FIGURE)) for _ in range(2))

    assert first == second
    assert [cell.id for cell in nbformat.reads(first, 4).cells[:2]] == ["cell-1", "cell-2"]


def test_what_no_file_can_hold_is_left_out_as_on_the_page(convert):
    page = "```python\nx = '\\ud800'\nprint(f'\\033[1ma\\033[0m{x}')\n```\n"
    notebook = convert(page)

    assert notebook.cells[0].outputs[0].text == "a\n"
    assert write_notebook(notebook).encode("utf-8")


def test_a_file_is_written_alike_whatever_the_order_of_its_keys():
    one, other = {"nbformat": 4, "cells": ["ä"]}, {"cells": ["ä"], "nbformat": 4}

    assert write_notebook(one) == write_notebook(other)
    assert write_notebook(one) == '{\n "cells": [\n  "ä"\n ],\n "nbformat": 4\n}\n'


def test_a_future_statement_of_two_blocks_stands_once_in_a_script():
    future = "from __future__ import annotations\n"
    cells = [{"cell_type": "code", "source": f"{future}x = {number}"} for number in (1, 2)]

    assert write_script({"cells": cells}) == f"{future}\n# %%\nx = 1\n\n# %%\nx = 2\n"
