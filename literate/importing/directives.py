"""The directives of MyST and the divisions of Quarto: admonitions, formulas, figures, tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from literate.importing.fences import shown
from literate.importing.inline import plain_line
from literate.importing.names import equation_name, name_of

__all__ = ["Directive", "Translator", "translate"]

FIELD = re.compile(r":([\w-]+):[ \t]*(.*)")
CALLOUT = re.compile(r"\.callout-(\w+)")
ATTRIBUTE = re.compile(r"([\w-]+)=\"?([^\"}]*?)\"?(?=[\s}])")
KINDS = {
    **dict.fromkeys(("note", "seealso", "admonition", "dropdown", "toggle", "topic"), "note"),
    **dict.fromkeys(("margin", "sidebar", "todo", "card"), "note"),
    **dict.fromkeys(("tip", "hint"), "tip"),
    **dict.fromkeys(("warning", "important", "attention", "caution"), "warning"),
    **dict.fromkeys(("danger", "error"), "danger"),
    **dict.fromkeys(("question", "exercise"), "question"),
    **dict.fromkeys(("success", "solution"), "success"),
    "abstract": "abstract",
    "epigraph": "quote",
    "example": "example",
    "info": "info",
}
TITLES = {"seealso": "See also", "exercise": "Exercise", "solution": "Solution", "toggle": "More"}
CODE = {"code", "code-block", "sourcecode", "parsed-literal", "prompt", "mermaid", "ipython"}
SILENT = {"index", "contents", "tableofcontents"}
DROPPED = {"toctree", "bibliography", "only", "raw"}

Say = Callable[[int, str], None]


class Translator(Protocol):
    """What translates the prose within a directive."""

    def translate(self, lines: Sequence[str], say: Say, first: int = 0) -> list[str]:
        """Return lines of prose in this format."""


@dataclass(frozen=True)
class Directive:
    """A directive: its name, what follows it on its line, its options, its lines.

    Attributes
    ----------
    line
        The number of the first line of the body.
    """

    name: str
    title: str
    body: Sequence[str]
    line: int
    options: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, name: str, title: str, body: Sequence[str], line: int) -> Directive:
        """Return a directive, the options cut from its body."""
        options = {}
        count = 0
        if not name.startswith(("{", ".")):
            while count < len(body) and (found := FIELD.fullmatch(body[count].strip())):
                options[found[1]] = found[2]
                count += 1
        return cls(name, title, body[count:], line + count, options)


def translate(directive: Directive, prose: Translator, say: Say) -> list[str]:
    """Return what a directive becomes."""
    name = directive.name.removeprefix("prf:")
    at = directive.line - 1 - len(directive.options)
    if name in CODE | {"math", "figure", "image", "table"}:
        return _thing(directive, prose, say, at)
    if name in SILENT | DROPPED:
        if name in DROPPED:
            say(at, f"the directive {{{name}}} has no counterpart, and is left out")
        return []
    if name != directive.name:  # of sphinx-proof
        title = f"{name.capitalize()} ({directive.title})" if directive.title else name.capitalize()
        return _boxed("!!! abstract", title, prose.translate(directive.body, say, directive.line))
    if name in KINDS:
        return _admonition(directive, prose, say)
    if name.endswith(("-start", "-end")):
        word = name.rpartition("-")[0].capitalize()
        return [f"**{word}.**"] if name.endswith("-start") else []
    if name.startswith(("{", ".", "#")):
        return _division(directive, prose, say, at)
    say(at, f"the directive {{{name}}} has no counterpart; what stands in it is left as prose")
    ahead = [directive.title, ""] if directive.title and "/" not in directive.title else []
    return [*ahead, *prose.translate(directive.body, say, directive.line)]


def _thing(directive: Directive, prose: Translator, say: Say, at: int) -> list[str]:
    """Return a formula, code, an image or a table."""
    name = directive.name
    if name == "math":
        return _math(directive)
    if name in CODE:
        return shown("\n".join(directive.body), directive.title or "text")
    if name in {"figure", "image"}:
        return _figure(directive, prose, say, at)
    return _table(directive, prose, say)


def _boxed(kind: str, title: str, lines: Sequence[str]) -> list[str]:
    """Return an admonition."""
    text = plain_line(title).replace('"', "&quot;")
    heading = f'{kind} "{text}"' if text else kind
    return [heading, "", *(f"    {line}" if line.strip() else "" for line in lines)]


def _admonition(directive: Directive, prose: Translator, say: Say) -> list[str]:
    """Return an admonition of MyST."""
    name, classes = directive.name, directive.options.get("class", "")
    kind = next(
        (KINDS[word] for word in classes.split() if word in KINDS and word != "dropdown"),
        KINDS[name],
    )
    takes_title = name in {"admonition", "dropdown", "topic", "sidebar", "card", "toggle", "margin"}
    body, line = list(directive.body), directive.line
    title = TITLES.get(name, "")
    if takes_title:
        title = directive.title or title
    elif directive.title and name not in {"solution", "exercise"}:
        body.insert(0, directive.title)
        line -= 1
    folds = name in {"dropdown", "toggle"} or "dropdown" in classes
    return _boxed(f"{'???' if folds else '!!!'} {kind}", title, prose.translate(body, say, line))


def _division(directive: Directive, prose: Translator, say: Say, at: int) -> list[str]:
    """Return a division of Quarto: a callout, or what stands in another."""
    given, body, line = directive.name, list(directive.body), directive.line
    callout = CALLOUT.search(given)
    if not callout:
        say(at, f"the division {given} has no counterpart; what stands in it is left as prose")
        return prose.translate(body, say, line)
    attributes = dict(ATTRIBUTE.findall(given))
    title = attributes.get("title", "")
    first = next((i for i, text in enumerate(body) if text.strip()), len(body))
    if not title and first < len(body) and body[first].startswith("#"):
        title = body[first].lstrip("# ")
        line += first + 1
        body = body[first + 1 :]
    folds = {"true": "???", "false": "???+"}.get(attributes.get("collapse", ""), "!!!")
    kind = KINDS.get(callout[1], "note")
    return _boxed(f"{folds} {kind}", title, prose.translate(body, say, line))


def _math(directive: Directive) -> list[str]:
    """Return a formula."""
    lines = [line.strip() for line in (directive.title, *directive.body) if line.strip()]
    label = directive.options.get("label") or directive.options.get("name")
    lines = [re.sub(r"\{(?=\{)", "{ ", line) for line in lines]
    lines = [re.sub(r"\\(begin|end)\{split\}", r"\\\1{aligned}", line) for line in lines]
    return ["$$", *lines, *([rf"\label{{{equation_name(label)}}}"] if label else []), "$$"]


def _figure(directive: Directive, prose: Translator, say: Say, at: int) -> list[str]:
    """Return an image, its caption below it."""
    alt = directive.options.get("alt", "")
    if not alt:
        say(at, "this image has no alternative text")
    if name := directive.options.get("name"):
        say(at, f"the image {name} has no number here; a block that shows an Image has one")
    caption = prose.translate(directive.body, say, directive.line)
    alt = plain_line(alt).replace("]", "\\]")
    return [f"![{alt}]({directive.title})", *(["", *caption] if any(caption) else [])]


def _table(directive: Directive, prose: Translator, say: Say) -> list[str]:
    """Return a table in Markdown with its caption."""
    lines = prose.translate(directive.body, say, directive.line)
    name = directive.options.get("name")
    if not directive.title:
        return lines
    label = f" {{#{name_of(name, 'tbl')}}}" if name else ""
    while lines and not lines[-1].strip():
        lines.pop()
    return [*lines, "", f": {plain_line(directive.title)}{label}"]
