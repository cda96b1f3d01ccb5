"""The extension of Markdown through which all goes that a site converts.

It comes right before fences are converted, when no other extension puts anything into the text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from markdown import Extension, Markdown
from mkdocs.structure.pages import Page

from literate.fault import Fault, PageError
from literate.gate import admit

if TYPE_CHECKING:  # what Markdown need not load
    from literate.build import Build

__all__ = ["NAME", "Conversion", "makeExtension"]

NAME = "literate.site.extension"
FENCES = "fenced_code_block"
BEFORE_FENCES = 25.001
BEFORE_CONTENTS = 5.5
LAST = -100
DOCSTRINGS = "mkdocstrings_ids"
"""What a conversion has that mkdocstrings begins within a page: docstrings are no pages."""


class Conversion:
    """What is converted at the moment: a page, and the build that wove it."""

    build: Build

    def begin(self, page: Page, path: str, given: str | None) -> None:
        """Begin a page, which messages name by its path, by what was woven of it, if it was."""
        self.page, self.path, self.given = page, path, given

    def admit(self, text: str) -> str:
        """Return the text of a page as it may be converted, or the fault of one that may not."""
        source = self.page.file.content_bytes.decode("utf-8", "replace")
        try:
            return admit(text, self.given or source, source, self.build.marks)
        except PageError as error:
            # An excerpt of the page is converted from its Markdown, later on.
            shown = self.build.show(Fault(self.path, error.line, error.message))
            self.page.markdown = shown
            return shown


class _Extension(Extension):  # type: ignore[misc] # Markdown has no types
    """Markdown as a site of woven pages needs it."""

    def __init__(self, conversion: Conversion) -> None:
        super().__init__()
        self.conversion = conversion

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """Add what comes before, between and after all others."""
        md.preprocessors.register(_Fences(md, self.conversion), NAME, BEFORE_FENCES)
        md.treeprocessors.register(_Attributes(self.conversion), NAME, BEFORE_CONTENTS)
        md.postprocessors.register(_Texts(self.conversion), NAME, LAST)


class _Fences:
    """Admit a text, and put its fences in the place of their marks."""

    def __init__(self, md: Markdown, conversion: Conversion) -> None:
        self.md = md
        self.conversion = conversion

    def run(self, lines: list[str]) -> list[str]:
        """Change the lines of a text."""
        if DOCSTRINGS in self.md.treeprocessors:
            return lines
        # Fences whose tabs are preserved are put back here, and not by the next preprocessor.
        text = "\n".join(self.md.preprocessors[FENCES].restore_raw_text(lines))
        return self.conversion.build.marks.show_blocks(self.conversion.admit(text)).split("\n")


class _Attributes:
    """Put texts in the place of their marks in links and names, which are resolved after this."""

    def __init__(self, conversion: Conversion) -> None:
        self.conversion = conversion

    def run(self, root: Element) -> None:
        """Change the elements of a page."""
        for element in root.iter():
            for name, value in element.items():
                if (text := self.conversion.build.marks.text(value)) != value:
                    element.set(name, text.replace("&", "&amp;"))


class _Texts:
    """Put texts in the place of their marks in HTML."""

    def __init__(self, conversion: Conversion) -> None:
        self.conversion = conversion

    def run(self, html: str) -> str:
        """Change the HTML of a page."""
        return self.conversion.build.marks.html(html)


def makeExtension(conversion: Conversion) -> Extension:  # noqa: N802
    """Return the extension, as Markdown asks for it."""
    return _Extension(conversion)
