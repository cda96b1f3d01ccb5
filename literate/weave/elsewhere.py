"""Find what a page refers to on other pages: its number there, and where it is."""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from literate.fault import PageError
from literate.page import Page, labels_of, references_of
from literate.result import Ran, Result
from literate.weave.numbering import Elsewhere, number_figures

__all__ = ["find_elsewhere", "outcomes_of", "title_of"]

TITLE = re.compile(r"^(?:title:|#)[ \t]+(\S.*)$", re.MULTILINE)
MARKUP = re.compile(r"[`*$]")


def find_elsewhere(
    page: Page,
    folder: str,
    pages: Mapping[str, Page],
    results: Callable[[str], Sequence[Sequence[Result]]],
) -> dict[str, Elsewhere]:
    """Return what other pages have of that which a page refers to, by its label.

    Parameters
    ----------
    page
        The page.
    folder
        Where it stands below the site's pages.
    pages
        All pages of the site, by their names below it.
    results
        Returns the results of the page that goes by a name; it may wait for them.
    """
    wanted = references_of(page) - labels_of(page)
    owners = defaultdict(list)
    for name, other in pages.items() if wanted else ():
        for label in labels_of(other) & wanted:
            owners[label].append(name)
    found = {}
    for label, (name, *more) in owners.items():
        other = pages[name]
        if more:
            paths = tuple(sorted(pages[owner].path for owner in (name, *more)))
            found[label] = Elsewhere(paths=paths)
            continue
        try:
            labelled = number_figures(other, outcomes_of(other, results(name))).labelled
        except PageError:  # which is a fault of that page
            continue
        address = posixpath.relpath(name, folder or ".")
        if label in labelled:
            found[label] = Elsewhere(labelled[label], title_of(other), address)
    return found


def outcomes_of(page: Page, results: Sequence[Sequence[Result]]) -> dict[int, Ran]:
    """Return what the steps of a page gave, by their starts."""
    return {
        step.start: outcome
        for chain, outcomes in zip(page.chains, results, strict=True)
        for step, outcome in zip(chain.steps, outcomes, strict=False)
        if isinstance(outcome, Ran)
    }


def title_of(page: Page) -> str:
    """Return the title of a page as plain text, its path where it has none.

    Examples
    --------
    >>> title_of(Page("a.md", "# The `loss` { #top }", (), ()))
    'The loss'
    """
    found = TITLE.search(page.text)
    title = found[1].partition(" {")[0].strip(" \t\"'#") if found else page.path
    return " ".join(MARKUP.sub("", title).split()) or page.path
