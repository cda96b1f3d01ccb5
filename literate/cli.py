"""The command ``literate``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

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
    parser = argparse.ArgumentParser("literate", description="Write and check pages that run.")
    commands = parser.add_subparsers(required=True, metavar="command")
    new = _command(commands, "new", _new, "start a new page")
    new.add_argument("path", type=Path, help="where it goes, such as docs/solutions/name.md")
    new.add_argument("title", help="its heading")
    given = parser.parse_args(arguments)
    try:
        status: int = given.do(given)
    except (OSError, ValueError) as error:
        parser.exit(2, f"literate: {error}\n")
    return status


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    do: Callable[[argparse.Namespace], int],
    purpose: str,
) -> argparse.ArgumentParser:
    """Add a command, which a function does."""
    parser = commands.add_parser(name, help=purpose, description=f"{purpose.capitalize()}.")
    parser.set_defaults(do=do)
    return parser


def _new(given: argparse.Namespace) -> int:
    """Start a new page, and say what comes next."""
    from literate.new import new_page

    name = new_page(given.path, given.title)
    sys.stdout.write(NEXT.format(path=given.path.as_posix(), name=name))
    return 0
