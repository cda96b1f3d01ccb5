r"""What stands in the lines of foreign prose: roles, references, braces, formulas, live HTML."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from literate.importing.names import Names, equation_name, name_of
from literate.markup import cut_prose

__all__ = ["plain_line", "translate_inline"]

ROLE = re.compile(r"\{([\w:.+-]+)\}\Z")
TITLED = re.compile(r"(.*?)\s*<([^<>]+)>\Z", re.DOTALL)
COMPUTED = re.compile(r"\{(python|eval)\}\s+(.*)\Z", re.DOTALL)
BRACES = re.compile(r"\{{2,}")
SPACED = re.compile(
    r"(?<![\\$\w])\$[ \t]+([^$\n]+?)[ \t]*\$(?![\w$])"
    r"|(?<![\\$\w])\$([^$\s][^$\n]*?)[ \t]+\$(?![\w$])"
)
EQUATION = re.compile(r"(?<!\\)\\(?:eq)?ref\{([^}]*)\}")
LABEL = re.compile(r"(\\(?:label|eqref|ref))\s*\{([^}]*)\}")
CROSS = re.compile(
    r"(?<![\w.@/\\])(\[?)-?@((?:fig|tbl|eq|sec|lst|thm|exr|sol)-\w(?:[\w-]*\w)?)(\]?)"
)
CITATION = re.compile(r"\[-?@[^\]]+\]")
LIVE = re.compile(
    r"<(script|style|iframe|object|embed)\b.*?(?:</\1\s*>|\Z)|(?<=\s)on\w+=(?:\"[^\"]*\"|'[^']*')"
    r"|javascript:[^\s\"')]*",
    re.DOTALL | re.IGNORECASE,
)
DEFINING = re.compile(r"\\(?:re|provide)?newcommand\b|\\DeclareMathOperator\b|\\g?def\\|\\let\\")
KEPT_ROLES = {"kbd": "<kbd>", "sub": "<sub>", "sup": "<sup>", "abbr": "", "dfn": "", "term": ""}

Say = Callable[[int, str], None]


def translate_inline(text: str, names: Names, say: Say) -> str:
    """Return a stretch of prose, without fences, in this format.

    Parameters
    ----------
    text
        The prose.
    names
        What its labels stand for.
    say
        Takes what cannot be translated, with its line in the stretch, counted from 0.
    """
    text = LIVE.sub(partial(_dead, text, say), text)
    text = SPACED.sub(lambda found: f"${found[1] or found[2]}$", text)
    done: list[str] = []
    number = 0
    for kind, piece in cut_prose(text):
        speak = partial(_at, say, number)
        if kind == "code" and piece.startswith("`"):
            role = ROLE.search(done[-1]) if done else None
            content = piece.strip("`").strip()
            if role:
                done[-1] = done[-1][: role.start()]
                done.append(_role(role[1], content, names, speak))
            elif computed := COMPUTED.match(content):
                done.append(f"{{{{ {computed[2]} }}}}")
            else:
                done.append(piece)
        elif kind == "formula":
            done.append(_formula(piece, speak))
        elif kind == "text":
            done.append(_text(piece, names, say, number))
        else:
            done.append(piece)
        number += piece.count("\n")
    return "".join(done)


def plain_line(text: str) -> str:
    """Return a caption or a title as a page has it: its braces are no values."""
    return BRACES.sub(_escaped, " ".join(text.split()))


def _at(say: Say, number: int, what: str) -> None:
    """Say something of a line."""
    say(number, what)


def _dead(text: str, say: Say, found: re.Match[str]) -> str:
    """Leave out what would be live, and keep its lines."""
    what = f"<{found[1]}>" if found[1] else found[0][:40]
    say(text.count("\n", 0, found.start()), f"{what} is live HTML, and is left out")
    return "\n" * found[0].count("\n")


def _escaped(found: re.Match[str]) -> str:
    """Return braces that are read as text."""
    return "\\{" * (len(found[0]) - 1) + "{"


def _formula(formula: str, say: Callable[[str], None]) -> str:
    """Return a formula without what would be read as a value."""
    if DEFINING.search(formula):
        say("a formula defines a command, which must be written out where it is used")
    formula = LABEL.sub(lambda found: f"{found[1]}{{{equation_name(found[2])}}}", formula)
    formula = re.sub(r"\\(begin|end)\{split\}", r"\\\1{aligned}", formula)
    return re.sub(r"\{(?=\{)", "{ ", formula)


def _equation(label: str) -> str:
    """Return what refers to an equation."""
    return rf"$\eqref{{{equation_name(label)}}}$"


def _text(text: str, names: Names, say: Say, number: int) -> str:
    """Return plain text with its references and its braces translated."""

    def line(found: re.Match[str]) -> int:
        return number + text.count("\n", 0, found.start())

    for found in BRACES.finditer(text):
        say(line(found), "braces that this format would read as a value are written as text")
    for found in CITATION.finditer(text):
        if not CROSS.match(found[0]):
            say(line(found), f"the citation {found[0]} has no counterpart")
    text = EQUATION.sub(lambda found: _equation(found[1]), text)

    def cross(found: re.Match[str]) -> str:
        label, kind = found[2], found[2][:3]
        if kind in {"fig", "tbl"} and label in names.shown:
            return f"@{names.shown[label]}"
        if kind == "eq-" and label in names.equations:
            return _equation(label)
        if label in names.sections:
            return f"[{names.sections[label]}](#{label})"
        say(line(found), f"@{label} refers to nothing that this page labels; its name is left")
        return f"`{label}`"

    pieces = re.split(r"(\$\\eqref\{[^}]*\}\$)", text)
    pieces[::2] = [CROSS.sub(cross, BRACES.sub(_escaped, piece)) for piece in pieces[::2]]
    return "".join(pieces)


def _role(name: str, content: str, names: Names, say: Callable[[str], None]) -> str:
    """Return what a role of MyST becomes."""
    titled = TITLED.match(content)
    title, target = (titled[1], titled[2]) if titled else ("", content)
    if name == "math":
        return f"${_formula(content, say)}$"
    if name in {"eval", "python"}:
        return f"{{{{ {content} }}}}"
    if name in {"eq", "math:numref"} or target in names.equations:
        return _equation(target)
    if name in {"doc", "download"}:
        suffix = ".md" if name == "doc" and not re.search(r"\.\w{2,5}$", target) else ""
        return f"[{title or target.rpartition('/')[2]}]({target.lstrip('/')}{suffix})"
    if name in {"ref", "numref", "numbered"}:
        if target in names.shown:
            return f"@{names.shown[target]}"
        if target in names.sections:
            return f"[{title or names.sections[target]}](#{target})"
        say(f"{{{name}}}`{content}` refers to nothing that this page labels; its text is left")
        return title or f"`{name_of(target, 'ref').removeprefix('ref-')}`"
    if name in KEPT_ROLES:
        tag = KEPT_ROLES[name]
        return f"{tag}{title or target}{tag.replace('<', '</')}"
    say(f"the role {{{name}}} has no counterpart; its text is left as code")
    return f"`{content}`"
