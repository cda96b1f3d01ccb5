"""The tools that are compared: what each needs, how its project looks and how it is built."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.peers import dialect
from benchmarks.peers.environment import PROJECT
from benchmarks.peers.example import Page
from benchmarks.peers.woven import weaver
from benchmarks.setting import Setting

__all__ = ["FLOOR", "JUPYTER", "LITERATE", "MARKDOWN_EXEC", "Peer", "peers"]

LITERATE, FLOOR = "literate", "plain Material"
JUPYTER, MARKDOWN_EXEC = "mkdocs-jupyter", "markdown-exec"

COMPUTING = ("numpy", "matplotlib")
"""What the pages' library and figures need."""

MKDOCS_BUILD = ("-m", "mkdocs", "build", "--quiet")
# Click 8.3 takes an option that is not given for one that is turned off.
MKDOCS_SERVE = ("-m", "mkdocs", "serve", "--livereload", "--dev-addr", "127.0.0.1:{port}")

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
  - pymdownx.blocks.caption
  - pymdownx.details
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
    address
        Where a page is on the site; the page's name stands for ``{name}``.
    runs
        Whether it runs blocks; if not, its pages already have their results.
    """

    name: str
    packages: tuple[str, ...]
    write: Callable[[Sequence[Page]], list[str]]
    files: Mapping[str, str]
    build: tuple[str, ...] = MKDOCS_BUILD
    serve: tuple[str, ...] = MKDOCS_SERVE
    largest: int = 100
    address: str = "{name}/"
    runs: bool = True

    @property
    def folder(self) -> str:
        """The name of its folders."""
        return self.name.lower().replace(" ", "-").replace(",", "")


def peers(setting: Setting) -> dict[str, Peer]:
    """Return the tools by their names: this project's is between those that are near to it.

    They take turns in this order, and the less time lies between two, the truer is their ratio.
    """
    material = "mkdocs-material"
    jupyter = 'mkdocs-jupyter: {include: ["*.md"], execute: true}'
    tools = (
        Peer(
            FLOOR,
            (material,),
            weaver(setting.folder / "woven"),
            _mkdocs(f"{EXTENSIONS}{WOVEN_EXTENSIONS}") | {"as_it_is.py": AS_IT_IS},
            runs=False,
        ),
        Peer(LITERATE, (PROJECT,), _each(dialect.for_literate), _mkdocs("", "literate")),
        Peer(
            MARKDOWN_EXEC,
            (material, "markdown-exec", *COMPUTING),
            _each(dialect.for_markdown_exec),
            _mkdocs(EXTENSIONS, "markdown-exec"),
        ),
        Peer(
            JUPYTER,
            (material, "mkdocs-jupyter", "ipykernel", *COMPUTING),
            _each(dialect.for_jupytext),
            _mkdocs(EXTENSIONS, jupyter),
            largest=20,
        ),
        _sphinx("myst-nb, cache", "cache", largest=20),
        _sphinx("myst-nb, no cache", "force", largest=5),
    )
    return {peer.name: peer for peer in tools}


def _mkdocs(extensions: str, *plugins: str) -> dict[str, str]:
    """Return the configuration of MkDocs with Material."""
    return {"mkdocs.yml": f"{MKDOCS_YML}plugins: [{', '.join(('search', *plugins))}]\n{extensions}"}


def _sphinx(name: str, mode: str, largest: int) -> Peer:
    """Return Sphinx with myst-nb in one of its modes."""
    return Peer(
        name,
        ("sphinx", "myst-nb", "ipykernel", "sphinx-autobuild", *COMPUTING),
        _each(dialect.for_myst),
        {"docs/conf.py": CONF_PY.format(mode=mode), "docs/index.md": TOCTREE},
        build=("-m", "sphinx", "-q", "-b", "html", "docs", "site"),
        serve=("-m", "sphinx_autobuild", "--port", "{port}", "docs", "site"),
        largest=largest,
        address="{name}.html",
    )


def _each(write: Callable[[Page], str]) -> Callable[[Sequence[Page]], list[str]]:
    """Return a writer of pages from one that writes a single page."""
    return lambda pages: [write(page) for page in pages]
