"""One page as each tool wants it written."""

from __future__ import annotations

from benchmarks.peers.example import CAPTION, DESCRIPTION, Block, Page

__all__ = ["for_jupytext", "for_literate", "for_markdown_exec", "for_myst"]

JUPYTEXT_HEAD = """\
---
jupyter:
  jupytext:
    text_representation:
      extension: .md
      format_name: markdown
  kernelspec:
    display_name: Python 3
    language: python
    name: python3
---
"""

MYST_HEAD = """\
---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---
"""

OPTIONS = f"""\
#| label: fig-loss
#| fig-cap: {CAPTION}
#| fig-alt: "{DESCRIPTION}"
"""

PRINT_FIGURE = """\
from io import StringIO
drawn = StringIO()
fig.savefig(drawn, format="svg")
plt.close(fig)
print(drawn.getvalue())
"""


def for_literate(page: Page) -> str:
    """Write fences of Python that go on from the one before, as pytest-codeblocks reads them."""
    texts, goes_on = [], ""
    for part in page.parts():
        if isinstance(part, Block):
            options = (
                f"#| label: fig-loss\n#| fig-cap: {CAPTION}\n#| fig-alt: >-\n#|   {DESCRIPTION}\n"
            )
            code = options * part.draws + part.code
            texts.append(goes_on + _fence("python", code))
            goes_on = "<!--pytest-codeblocks:cont-->\n\n"
        else:
            texts.append(part.text)
    return "\n".join(texts)


def for_jupytext(page: Page) -> str:
    """Write a notebook in Jupytext's Markdown, for mkdocs-jupyter."""
    return "\n".join([JUPYTEXT_HEAD, *_fenced(page, "python")])


def for_myst(page: Page) -> str:
    """Write a notebook in MyST Markdown, for myst-nb."""
    return "\n".join([MYST_HEAD, *_fenced(page, "{code-cell} python3")])


def for_markdown_exec(page: Page) -> str:
    """Write fences with the options of markdown-exec; an author prints the figure there."""
    texts = []
    for part in page.parts():
        if isinstance(part, Block):
            shown = f'python exec="on" source="above" session="{page.name}"'
            if part.draws:
                texts.append(_fence(f'{shown} html="on"', part.code + PRINT_FIGURE))
            else:
                texts.append(_fence(f'{shown} result="text"', part.code))
        else:
            texts.append(part.text)
    return "\n".join(texts)


def _fenced(page: Page, info: str) -> list[str]:
    """Give the page's parts, its blocks in fences that all have the same info string."""
    return [
        _fence(info, part.code) if isinstance(part, Block) else part.text for part in page.parts()
    ]


def _fence(info: str, code: str) -> str:
    return f"```{info}\n{code}```\n"
