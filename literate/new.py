"""Start a new page: ``python -m literate.new docs/solutions/name.md "Title"``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import resources
from pathlib import Path

__all__ = ["main", "new_page"]

DOCS = Path("docs")
NEXT = """\
{path} is written. It builds and passes its tests as it stands.

1. Add it to `nav` in mkdocs.yml:  - {name}
2. See it while you write:         mkdocs serve
3. Test it:                        pytest {path}
"""


def new_page(path: Path, title: str) -> str:
    """Write a page to start from.

    Parameters
    ----------
    path
        Where it goes: a Markdown file in the folder ``docs``, named from the project's folder.
    title
        Its heading.

    Returns
    -------
    str
        The page's name in the navigation.

    Raises
    ------
    ValueError
        The path is no Markdown file in ``docs``, or the title is empty.
    FileExistsError
        There is such a file already; it is left as it is.
    """
    if path.suffix != ".md" or ".." in path.parts or not path.is_relative_to(DOCS):
        raise ValueError(f"a page is a file such as docs/solutions/name.md, not {path}")
    if not title.strip():
        raise ValueError("a page needs a title")
    template = (resources.files("literate") / "template.md").read_text("utf-8")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("x", encoding="utf-8", newline="\n") as file:
        file.write(template.replace("TITLE", title.strip(), 1))
    return path.relative_to(DOCS).as_posix()


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the page that the command line names, and say what comes next."""
    parser = argparse.ArgumentParser("python -m literate.new", description="Start a new page.")
    parser.add_argument("path", type=Path, help="where it goes, such as docs/solutions/name.md")
    parser.add_argument("title", help="its heading")
    given = parser.parse_args(arguments)
    try:
        name = new_page(given.path, given.title)
    except FileExistsError:
        parser.error(f"{given.path} is there already")
    except ValueError as error:
        parser.error(str(error))
    sys.stdout.write(NEXT.format(path=given.path.as_posix(), name=name))


if __name__ == "__main__":
    main()
