"""One page as each tool wants it written."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.peers.example import CAPTION, DESCRIPTION, Block, Page

__all__ = ["for_jupytext", "for_literate", "for_markdown_exec", "for_myst"]

JUPYTEXT_HEAD = """\
---
jupyter:
  jupytext: {text_representation: {extension: .md, format_name: markdown}}
  kernelspec: {display_name: Python 3, language: python, name: python3}
---
"""

MYST_HEAD = """\
---
jupytext: {text_representation: {extension: .md, format_name: myst}}
kernelspec: {display_name: Python 3, language: python, name: python3}
---
"""

GOES_ON = "<!--pytest-codeblocks:cont-->\n\n"

OPTIONS = f"""\
#| label: fig-loss
#| fig-cap: {CAPTION}
#| fig-alt: >-
#|   {DESCRIPTION}
"""

PRINT_FIGURE = """\
from io import StringIO
drawn = StringIO()
fig.savefig(drawn, format="svg")
plt.close(fig)
print(drawn.getvalue())
"""


def for_literate(page: Page) -> str:
    """Return the page with fences of Python that go on, as pytest-codeblocks reads them."""

    def fence(block: Block) -> str:
        return GOES_ON + _fence("python", OPTIONS * block.draws + block.code)

    return _written(page, fence).replace(GOES_ON, "", 1)  # the first goes on from none


def for_jupytext(page: Page) -> str:
    """Return the page as a notebook in Jupytext's Markdown, for mkdocs-jupyter."""
    return f"{JUPYTEXT_HEAD}\n{_written(page, lambda block: _fence('python', block.code))}"


def for_myst(page: Page) -> str:
    """Return the page as a notebook in MyST Markdown, for myst-nb."""
    info = "{code-cell} python3"
    return f"{MYST_HEAD}\n{_written(page, lambda block: _fence(info, block.code))}"


def for_markdown_exec(page: Page) -> str:
    """Return the page with the options of markdown-exec; an author prints the figure there."""

    def fence(block: Block) -> str:
        result = 'html="on"' if block.draws else 'result="text"'
        info = f'python exec="on" source="above" session="{page.name}" {result}'
        return _fence(info, block.code + PRINT_FIGURE * block.draws)

    return _written(page, fence)


def _written(page: Page, fence: Callable[[Block], str]) -> str:
    """Return prose and blocks one below the other."""
    parts = page.parts()
    return "\n".join(fence(part) if isinstance(part, Block) else part for part in parts)


def _fence(info: str, code: str) -> str:
    return f"```{info}\n{code}```\n"
