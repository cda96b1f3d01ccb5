"""The command ``literate``."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from literate.text import counted

if TYPE_CHECKING:  # what a command loads when it needs it
    from literate.acceptance import Comparison
    from literate.settings import Settings

__all__ = ["main"]

NEXT = """\
{path} is written. It builds and passes its tests as it stands.

1. Add it to `nav` in mkdocs.yml:  - {name}
2. See it while you write:         mkdocs serve
3. Test it:                        pytest {path}
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says.

    Parameters
    ----------
    arguments
        What stands after the command's name; by default what the process was started with.

    Returns
    -------
    int
        The exit status: 0 if all is well, 1 if something is wrong with pages.

    Raises
    ------
    SystemExit
        With status 2: the command line asks for what cannot be done.
    """
    given = _parser().parse_args(arguments)
    try:
        status: int = given.do(given)
    except (OSError, ValueError) as error:
        sys.stderr.write(f"literate: {error}\n")
        return 2
    except RuntimeError as error:  # what runs pages cannot start
        sys.stderr.write(f"literate: {error}\n")
        return 1
    return status


def _parser() -> argparse.ArgumentParser:
    """Return what reads the command line."""
    parser = argparse.ArgumentParser("literate", description="Write and check pages that run.")
    commands = parser.add_subparsers(required=True, metavar="command")
    new = _command(commands, "new", _new, "start a new page")
    new.add_argument("path", type=Path, help="where it goes, such as docs/solutions/name.md")
    new.add_argument("title", help="its heading")
    imports = _command(commands, "import", _import, "start a page from a notebook")
    imports.add_argument("path", type=Path, help="a notebook, a MyST or a Quarto file")
    imports.add_argument("--to", default="", help="its name, such as solutions/name")
    check = _command(commands, "check", _check, "compare what pages give with what is on record")
    accept = _command(commands, "accept", _accept, "put on record what pages give")
    for command in (check, accept):
        command.add_argument(
            "pages", metavar="page", nargs="*", type=Path, help="a page or a folder; all by default"
        )
        command.add_argument("--record", type=Path, help="the folder of the record")
    why = _command(commands, "why", _why, "say why pages run, and what their results follow from")
    why.add_argument("pages", metavar="page", nargs="+", type=Path, help="a page or a folder")
    weave = _command(commands, "weave", _weave, "write pages that need no plugin")
    weave.add_argument("docs", type=Path, help="the folder of the pages")
    weave.add_argument("out", type=Path, help="the folder that they go to")
    weave.add_argument("--latex", action="store_true", help="leave formulas as LaTeX")
    weave.add_argument("--figure-files", action="store_true", help="put drawings into files")
    for command in (check, accept, weave):
        command.add_argument("--verbose", action="store_true", help="say which pages run")
    return parser


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    do: Callable[[argparse.Namespace], int],
    purpose: str,
) -> argparse.ArgumentParser:
    """Add a command, which a function does."""
    parser = commands.add_parser(name, help=purpose, description=f"{purpose.capitalize()}.")
    parser.set_defaults(do=do)
    if name != "weave":
        parser.add_argument("--docs", type=Path, help="the folder of the pages, without mkdocs.yml")
    parser.add_argument(
        "-f",
        "--config-file",
        type=Path,
        help="the configuration of the site, instead of mkdocs.yml",
    )
    return parser


def _new(given: argparse.Namespace) -> int:
    """Start a new page, and say what comes next."""
    from literate.new import new_page

    docs = Path(os.path.relpath(_settings(given).docs))
    name = new_page(given.path, given.title, docs)
    sys.stdout.write(NEXT.format(path=given.path.as_posix(), name=name))
    return 0


def _import(given: argparse.Namespace) -> int:
    """Start a page from one of another tool, and say what is left to do."""
    from literate.importing import ForeignError, import_page

    docs = Path(os.path.relpath(_settings(given).docs))
    try:
        imported = import_page(given.path, given.to, docs)
    except ForeignError as error:
        sys.stderr.write(f"{given.path}:{error.line}: {error}\n")
        return 1
    sys.stderr.writelines(f"{remark}\n" for remark in imported.remarks)
    path = imported.path.as_posix()
    left = f", {counted(len(imported.remarks), 'thing')} left to do" if imported.remarks else ""
    sys.stdout.write(f"{path} is written{left}; add it to `nav`:  - {imported.name}\n")
    return 0


def _check(given: argparse.Namespace) -> int:
    """Say how pages differ from what is on record."""
    found, status = _compared(given)
    other = [page for page in found if page.differences]
    if other:
        sys.stdout.write(f"{counted(len(other), 'page')} not as recorded; see `literate accept`\n")
        return 1
    sys.stdout.write(f"{counted(len(found), 'page')} as recorded\n")
    return status


def _accept(given: argparse.Namespace) -> int:
    """Put on record what pages give."""
    from literate.acceptance import accept

    found, status = _compared(given)
    accepted = 0
    for page in found:
        if accept(page):
            accepted += bool(page.files)
        else:
            sys.stderr.write(f"{page.path}:1: changed while it ran, and is not accepted\n")
            status = 1
    sys.stdout.write(f"{counted(accepted, 'page')} accepted\n")
    return status


def _why(given: argparse.Namespace) -> int:
    """Say why pages would run and why they ran, and what their results follow from."""
    from literate.acceptance import explain

    settings = _settings(given)
    explained, faults = explain(settings, _chosen(given.pages, settings))
    sys.stdout.writelines(f"{path}\n{explanation}\n" for path, explanation in explained.items())
    sys.stderr.writelines(f"{fault}\n" for fault in faults)
    return 1 if faults else 0


def _weave(given: argparse.Namespace) -> int:
    """Write pages that need no plugin."""
    from literate.export import weave_pages

    settings = _settings(given)
    options = {"formulas": not given.latex, "figures": given.figure_files}
    uris = _chosen([], settings)
    faults = weave_pages(settings, given.out, say=_log(given), **options)
    sys.stderr.writelines(f"{fault}\n" for fault in faults)
    if faults:
        return 1
    sys.stdout.write(f"{counted(len(uris), 'page')} woven\n")
    return 0


def _compared(given: argparse.Namespace) -> tuple[list[Comparison], int]:
    """Compare pages with what is on record, and say what differs and what is wrong."""
    from literate.acceptance import compare, find_gone

    settings = _settings(given)
    if given.record:
        settings = replace(settings, record=given.record.absolute())
    uris = _chosen(given.pages, settings)
    found, faults = compare(settings, uris, _log(given))
    found += [] if given.pages else find_gone(settings)
    sys.stdout.writelines(map(str, found))
    sys.stdout.flush()
    sys.stderr.writelines(f"{fault}\n" for fault in faults)
    return found, 1 if faults else 0


def _settings(given: argparse.Namespace) -> Settings:
    """Return what a project's configuration says, or what its folders say if it has none."""
    from literate.settings import Settings

    config = given.config_file or Path("mkdocs.yml")
    if given.config_file or config.exists():
        from literate.site import read_settings

        settings = read_settings(config)
        if given.docs is None or given.docs.resolve() == settings.docs.resolve():
            return settings
    return Settings.of_folder(given.docs or Path("docs"))


def _chosen(pages: Sequence[Path], settings: Settings) -> list[str]:
    """Return the pages that were named, by themselves or by a folder above them."""
    if not settings.uris:
        raise ValueError(f"{os.path.relpath(settings.docs)} is no folder with pages")
    if not pages:
        return list(settings.uris)
    chosen = dict[str, None]()
    for given in pages:
        path = given.resolve()
        files = ((uri, (settings.docs / uri).resolve()) for uri in settings.uris)
        found = [uri for uri, file in files if path in (file, *file.parents)]
        if not found:
            raise ValueError(f"{given} is no page of the site, nor a folder with pages")
        chosen |= dict.fromkeys(found)
    return list(chosen)


def _log(given: argparse.Namespace) -> Callable[[str], None]:
    """Return what takes the lines of the log."""
    return (lambda line: print(line, file=sys.stderr)) if given.verbose else lambda _: None  # noqa: T201
