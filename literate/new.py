"""Write a page to start from."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

__all__ = ["new_page"]


def new_page(path: Path, title: str, docs: Path = Path("docs")) -> str:
    """Write a page to start from.

    Parameters
    ----------
    path
        Where it goes: a Markdown file in the folder of the pages.
    title
        Its heading.
    docs
        The folder of the pages.

    Returns
    -------
    str
        The page's name in the navigation.

    Raises
    ------
    ValueError
        The path is no Markdown file in that folder, or the title is empty.
    FileExistsError
        There is such a file already; it is left as it is.
    """
    if path.suffix != ".md" or ".." in path.parts or not path.is_relative_to(docs):
        raise ValueError(
            f"a page is a file such as {docs.as_posix()}/solutions/name.md, not {path}"
        )
    if not title.strip():
        raise ValueError("a page needs a title")
    template = (resources.files("literate") / "template.md").read_text("utf-8")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(template.replace("TITLE", title.strip(), 1))
    except FileExistsError:
        raise FileExistsError(f"{path.as_posix()} is there already") from None
    return path.relative_to(docs).as_posix()
