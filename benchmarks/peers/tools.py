"""The tools that are compared: what each needs, how its project looks and how it is built."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.peers import dialect
from benchmarks.peers.example import Page
from benchmarks.peers.woven import Weaver
from benchmarks.setting import Setting

__all__ = ["FLOOR", "JUPYTER", "LITERATE", "MARKDOWN_EXEC", "Peer", "peers"]

LITERATE, FLOOR = "literate", "plain Material"
JUPYTER, MARKDOWN_EXEC = "mkdocs-jupyter", "markdown-exec"

MKDOCS_BUILD = ("-m", "mkdocs", "build", "--quiet")
# Click 8.3 takes an option that is not given for one that is turned off.
MKDOCS_SERVE = ("-m", "mkdocs", "serve", "--livereload", "--dev-addr", "127.0.0.1:{port}")
SPHINX_BUILD = ("-m", "sphinx", "-q", "-b", "html", "docs", "site")
SPHINX_SERVE = ("-m", "sphinx_autobuild", "--port", "{port}", "docs", "site")

MKDOCS_YML = """\
site_name: Pages
theme: {name: material, font: false}
"""

EXTENSIONS = """\
markdown_extensions:
  - attr_list
  - tables
  - pymdownx.arithmatex: {generic: true}
  - pymdownx.highlight
  - pymdownx.superfences
"""

WOVEN_EXTENSIONS = """\
markdown_extensions:
  - attr_list
  - tables
  - pymdownx.arithmatex: {generic: true}
  - pymdownx.blocks.caption
  - pymdownx.details
  - pymdownx.highlight
  - pymdownx.superfences:
      custom_fences:
        - name: woven
          class: woven
          format: !!python/name:as_it_is.fence
"""

AS_IT_IS = '''\
def fence(source, *_, **__):
    """Put a fence of HTML into the page."""
    return source
'''

CONF_PY = """\
project = "Pages"
extensions = ["myst_nb"]
myst_enable_extensions = ["dollarmath"]
nb_execution_mode = "{mode}"
"""

TOCTREE = """\
# Pages

```{toctree}
:glob:
page-*
```
"""


@dataclass(frozen=True, slots=True)
class Peer:
    """A tool that publishes pages.

    Attributes
    ----------
    name
        What the tables call it.
    packages
        What is installed for it.
    write
        From pages to their Markdown in its dialect.
    files
        Its project, by names below the project's folder, without pages and library.
    build, serve
        What its interpreter is given.
    largest
        The most pages that it is measured with.
    published
        Where a page comes out, below the site; the page's name stands for ``{name}``.
    address
        How it is asked for.
    runs
        Whether it runs blocks; else it is given what they gave.
    shares
        The environment that it has together with another; by default it has its own.
    """

    name: str
    packages: tuple[str, ...]
    write: Callable[[Sequence[Page]], list[str]]
    files: Mapping[str, str]
    build: tuple[str, ...] = MKDOCS_BUILD
    serve: tuple[str, ...] = MKDOCS_SERVE
    largest: int = 100
    published: str = "{name}/index.html"
    address: str = "{name}/"
    runs: bool = True
    shares: str = ""

    @property
    def folder(self) -> str:
        """The name of its folders."""
        return self.name.lower().replace(" ", "-").replace(",", "")

    @property
    def environment(self) -> str:
        """The name of its environment."""
        return self.shares or self.folder


def peers(setting: Setting) -> list[Peer]:
    """Give the tools: this project's stands between those that are near to it.

    They take turns in this order, and the less time lies between two, the truer is their ratio.
    """
    return [
        Peer(
            FLOOR,
            ("mkdocs-material",),
            Weaver(setting.folder / "woven"),
            {
                "mkdocs.yml": f"{MKDOCS_YML}plugins: [search]\n{WOVEN_EXTENSIONS}",
                "as_it_is.py": AS_IT_IS,
            },
            runs=False,
        ),
        Peer(
            LITERATE,
            (".",),
            _each(dialect.for_literate),
            {"mkdocs.yml": f"{MKDOCS_YML}plugins: [search, literate]\n"},
        ),
        Peer(
            MARKDOWN_EXEC,
            ("mkdocs-material", "markdown-exec", "numpy", "matplotlib"),
            _each(dialect.for_markdown_exec),
            {"mkdocs.yml": f"{MKDOCS_YML}plugins: [search, markdown-exec]\n{EXTENSIONS}"},
        ),
        Peer(
            JUPYTER,
            ("mkdocs-material", "mkdocs-jupyter", "ipykernel", "numpy", "matplotlib"),
            _each(dialect.for_jupytext),
            {
                "mkdocs.yml": f"{MKDOCS_YML}plugins:\n  - search\n"
                f'  - mkdocs-jupyter: {{include: ["*.md"], execute: true}}\n{EXTENSIONS}'
            },
            largest=20,
        ),
        _sphinx("myst-nb, cache", "cache", largest=20),
        _sphinx("myst-nb, no cache", "force", largest=5),
    ]


def _each(write: Callable[[Page], str]) -> Callable[[Sequence[Page]], list[str]]:
    """Write pages one by one."""
    return lambda pages: [write(page) for page in pages]


def _sphinx(name: str, mode: str, largest: int) -> Peer:
    """Give Sphinx with myst-nb in one of its modes."""
    return Peer(
        name,
        ("sphinx", "myst-nb", "ipykernel", "sphinx-autobuild", "numpy", "matplotlib"),
        _each(dialect.for_myst),
        {"docs/conf.py": CONF_PY.format(mode=mode), "docs/index.md": TOCTREE},
        build=SPHINX_BUILD,
        serve=SPHINX_SERVE,
        largest=largest,
        published="{name}.html",
        address="{name}.html",
        shares="myst-nb",
    )
