"""The prose of a foreign page: its fences, directives, callouts and formulas."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from literate.importing.directives import Directive, translate
from literate.importing.fences import info_of, is_pythonic, shown
from literate.importing.inline import translate_inline
from literate.importing.names import Names, equation_name

__all__ = ["Prose"]

FENCE = re.compile(r"([ \t]*)(`{3,}|~{3,}|:{3,})[ \t]*(.*?)[ \t]*$")
QUOTED = re.compile(r"([ \t]*(?:>[ \t]*)+)(`{3,})(.*)$")
DIRECTIVE = re.compile(r"\{(\w[\w:.+-]*)\}[ \t]*(.*)$")
TARGET = re.compile(r"\(([^)\n]+)\)=[ \t]*$")
DISPLAY = re.compile(
    r"([ \t]*)\$\$(?P<body>(?:(?!\$\$).)+)\$\$[ \t]*"
    r"(?:\{#(?P<quarto>eq-[\w-]+)[^}\n]*\}|\((?P<myst>[^)\n]+)\))?"
    r"(?P<after>[.,;:]?)[ \t]*$"
)
ENVIRONMENT = re.compile(
    r"[ \t]*\\begin\{(equation|align|gather|multline|alignat|flalign|eqnarray)(\*?)\}"
)
DROPPED = re.compile(r"\+\+\+.*|<!-- #(?:end)?(?:region|md).*-->")

Say = Callable[[int, str], None]


@dataclass(frozen=True)
class Prose:
    """What translates prose: the labels of its page, and whether it follows Quarto or MyST."""

    names: Names
    is_quarto: bool
    runs_after: bool = False
    """Whether a block of the chain stands before the prose, and one after it."""

    def translate(self, lines: Sequence[str], say: Say, first: int = 0) -> list[str]:
        """Return lines of prose in this format; `first` is the number of the first of them."""
        done: list[str] = []
        waiting: list[str] = []
        index = begin = 0
        target = ""

        def flush() -> None:
            if waiting:
                at = first + begin
                text = "\n".join(waiting)
                new = translate_inline(text, self.names, lambda i, what: say(at + i, what))
                _add(done, new.split("\n"))
                waiting.clear()

        while index < len(lines):
            line = lines[index]
            end, new = self._region(lines, index, say, first)
            if end:
                flush()
                _add(done, new)
                index = end
                continue
            index += 1
            if DROPPED.fullmatch(line) or (not self.is_quarto and line.startswith("% ")):
                flush()
                continue
            if found := TARGET.match(line):
                flush()
                target = found[1]
                continue
            if target and line.startswith("#"):
                line, target = f"{line} {{#{target}}}", ""
            if not waiting:
                begin = index - 1
            waiting.append(line)
        flush()
        return done

    def _region(
        self, lines: Sequence[str], index: int, say: Say, first: int
    ) -> tuple[int, list[str]]:
        """Return the end of what begins here and its translation, 0 where nothing does."""
        line = lines[index]
        if quoted := QUOTED.match(line):
            return self._quoted(lines, index, quoted)
        if fence := FENCE.match(line):
            return self._fence(lines, index, fence, say, first)
        if "$$" in line or ENVIRONMENT.match(line):
            return self._display(lines, index, say, first)
        return 0, []

    def _quoted(
        self, lines: Sequence[str], index: int, found: re.Match[str]
    ) -> tuple[int, list[str]]:
        """Return a fence in a quotation with tildes."""
        done = [f"{found[1]}~~~{info_of(found[3])}"]
        for end in range(index + 1, len(lines)):
            text = lines[end].lstrip(" \t>").rstrip()
            if not lines[end].lstrip().startswith(">"):
                return end, [*done, f"{found[1]}~~~"]
            if text == found[2]:
                return end + 1, [*done, f"{found[1]}~~~"]
            done.append(lines[end])
        return len(lines), [*done, f"{found[1]}~~~"]

    def _fence(
        self, lines: Sequence[str], index: int, fence: re.Match[str], say: Say, first: int
    ) -> tuple[int, list[str]]:
        """Return what a fence becomes: a block that is shown, or what its directive says."""
        indent, ticks, info = fence[1], fence[2], fence[3]
        if ticks[0] == ":" and not info:
            say(first + index, "a closing ::: without its opening is left out")
            return index + 1, []
        end = _end(lines, index, ticks)
        body = [_less(line, len(indent)) for line in lines[index + 1 : end]]
        after = min(end + 1, len(lines))
        directive = DIRECTIVE.match(info)
        if ticks[0] == ":" or (directive and not self.is_quarto):
            name, title = (directive[1], directive[2]) if directive else (info, "")
            found = Directive.of(name, title, body, first + index + 1)
            new = translate(found, self, say)
        else:
            if is_pythonic(info) and self.runs_after:
                say(
                    first + index,
                    "Python that is shown only: a fence of it would end the chain, so it is text",
                )
            new = shown("\n".join(body), info, is_free=not self.runs_after)
        return after, ["", *(indent + line if line else "" for line in new), ""]

    def _display(
        self, lines: Sequence[str], index: int, say: Say, first: int
    ) -> tuple[int, list[str]]:
        """Return a formula of its own on lines of its own, its label in it."""
        environment = ENVIRONMENT.match(lines[index])
        if environment:
            stop = rf"\end{{{environment[1]}{environment[2]}}}"
            end = next((i for i in range(index, len(lines)) if stop in lines[i]), None)
            if end is None:
                return 0, []
            body = lines[index : end + 1]
            label = ""
            tail = ""
            indent = re.match(r"[ \t]*", lines[index])[0]  # type: ignore[index]
        else:
            end, found = _dollars(lines, index)
            if found is None:
                return 0, []
            body = found["body"].strip("\n").split("\n")
            label = found["quarto"] or found["myst"] or ""
            tail, indent = found["after"], found[1]
        while body and not body[-1].strip():
            body = body[:-1]
        math = [indent + line.strip() for line in body if line.strip()]
        if environment and environment[1] == "eqnarray":
            math = [line.replace("eqnarray", "align").replace("&=&", "&=") for line in math]
            say(first + index, "eqnarray is written as align; look at its columns")
        text = translate_inline(
            "\n".join(["$$", *(line.strip() for line in math), "$$"]), self.names,
            lambda i, what: say(first + index + max(0, i - 1), what),
        )  # fmt: skip
        math = [indent + line for line in text.split("\n")[1:-1]]
        if tail:
            math[-1] += tail
        if label:
            math.append(rf"{indent}\label{{{equation_name(label)}}}")
        return end + 1, ["", f"{indent}$$", *math, f"{indent}$$", ""]


def _add(done: list[str], new: Sequence[str]) -> None:
    """Add lines, of the blank ones between what was and what comes a single one."""
    start = 0
    if not done or not done[-1].strip():
        start = next((i for i, line in enumerate(new) if line.strip()), len(new))
    done.extend(new[start:])


def _dollars(lines: Sequence[str], index: int) -> tuple[int, re.Match[str] | None]:
    """Return the last line of a formula between double dollars, and the formula."""
    pattern = re.compile(DISPLAY.pattern, re.DOTALL)
    text = ""
    for end in range(index, len(lines)):
        text += f"\n{lines[end]}" if text else lines[end]
        if text.count("$$") >= 2:
            return end, pattern.match(text)
    return index, None


def _end(lines: Sequence[str], index: int, ticks: str) -> int:
    """Return the index of the line that ends a fence or a division."""
    if ticks[0] != ":":
        closing = re.compile(rf"[ \t]*{ticks[0]}{{{len(ticks)},}}[ \t]*$")
        return next(
            (i for i in range(index + 1, len(lines)) if closing.match(lines[i])), len(lines)
        )
    depth = 1
    for number, kind in _colons(lines, index + 1):
        depth += 1 if kind else -1
        if depth == 0:
            return number
    return len(lines)


def _colons(lines: Sequence[str], start: int) -> Iterator[tuple[int, str]]:
    """Yield the lines of colons outside of other fences, and what follows the colons."""
    inside = ""
    for number in range(start, len(lines)):
        fence = FENCE.match(lines[number])
        if not fence:
            continue
        if fence[2][0] == ":":
            if not inside:
                yield number, fence[3]
        elif not inside:
            inside = fence[2]
        elif fence[2].startswith(inside) and not fence[3]:
            inside = ""


def _less(line: str, indent: int) -> str:
    """Return a line without its fence's indent."""
    return line[indent:] if not line[:indent].strip() else line
