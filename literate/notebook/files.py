"""Write a notebook as Jupyter's file, or as a script for Python alone."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from literate.notebook.cells import AFRESH, RAISES, RESET

__all__ = ["write_notebook", "write_script"]

FORGET = f"""{AFRESH}for _name in [name for name in globals() if not name.startswith("__")]:
    del globals()[_name]"""
FUTURE = re.compile(r"^from __future__ import .*\n?", re.MULTILINE)


def write_notebook(notebook: Mapping[str, Any]) -> str:
    """Return the text of a notebook's file."""
    return f"{json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True)}\n"


def write_script(notebook: Mapping[str, Any]) -> str:
    """Return a notebook as a script for Python alone, its prose in comments."""
    codes = [cell["source"] for cell in notebook["cells"] if cell["cell_type"] == "code"]
    future = dict.fromkeys(line for code in codes for line in FUTURE.findall(code))
    parts = ["".join(line if line.endswith("\n") else f"{line}\n" for line in future)]
    for cell in notebook["cells"]:
        if RAISES in cell.get("metadata", {}).get("tags", ()):
            lines = (f"# {line}".rstrip() for line in cell["source"].split("\n"))
            parts.append("# %% raises an error\n" + "\n".join(lines) + "\n")
        elif cell["cell_type"] == "code":
            parts.append(f"# %%\n{FUTURE.sub('', cell['source'].replace(RESET, FORGET))}\n")
        else:
            lines = (f"# {line}".rstrip() for line in cell["source"].split("\n"))
            parts.append("# %% [markdown]\n" + "\n".join(lines) + "\n")
    return "\n".join(part for part in parts if part)
