"""Link the names that a page's code imports to the place that documents them.

What is linked becomes an ``<autoref>`` element, which the plugin mkdocs-autorefs turns into a link
once all pages are there, or into plain text where nothing documents the name.
"""

from __future__ import annotations

import ast
import html
import re
from collections.abc import Callable, Iterator
from itertools import accumulate

from literate.closings import find_enclosed, put

__all__ = ["link_names"]

BLOCK = '<div class="highlight"><pre>'
CODE, END_OF_CODE = "<code>", "</code></pre></div>"
TOKEN = re.compile(r"<[^>]*>?|[^<]+")
INLINE = re.compile(r"<(?:(pre|a|h[1-6]|svg)\b|code>([^\W\d]\w*)</code>)")
END_OF_INLINE = re.compile(r"</(pre|a|h[1-6]|svg)>")


def link_names(content: str, is_own: Callable[[str], bool]) -> str:
    """Link the imported names in a page's blocks, and in its prose where they are set as code.

    Parameters
    ----------
    content
        The page's HTML, its blocks highlighted.
    is_own
        Tells of a module whether names from it are linked.

    Examples
    --------
    >>> page = '<div class="highlight"><pre><code>from a import <i>b</i></code></pre></div>'
    >>> print(link_names(page + "<code>b</code>", lambda module: module == "a"))
    <div class="highlight"><pre><code>from a import <i><autoref optional \
identifier="a.b">b</autoref></i></code></pre></div><autoref optional \
identifier="a.b"><code>b</code></autoref>
    """
    scope = _Scope(is_own)
    blocks = ((a, b, _link_code(content[a:b], scope)) for a, b in _blocks(content))
    content = put(content, blocks)
    known = {name: path for name, path in scope.imported.items() if name not in scope.rebound}
    inline = (code for code, _ in find_enclosed(INLINE, END_OF_INLINE, content))
    return put(content, ((*code.span(), _linked(code[0], known.get(code[2]))) for code in inline))


def _blocks(content: str) -> Iterator[tuple[int, int]]:
    """Yield where the code of each highlighted block stands."""
    end = 0
    while (
        (begin := content.find(BLOCK, end)) >= 0
        and (code := content.find(CODE, begin)) >= 0
        and (end := content.find(END_OF_CODE, code)) >= 0
    ):
        yield code + len(CODE), end


def _linked(text: str, path: str | None) -> str:
    """Link a text to what documents a name, if there is one."""
    return f'<autoref optional identifier="{path}">{text}</autoref>' if path else text


def _link_code(code: str, scope: _Scope) -> str:
    """Link the names in a highlighted block."""
    tokens = TOKEN.findall(code)
    texts = ["" if token[0] == "<" else html.unescape(token) for token in tokens]
    paths = scope.read("".join(texts))
    # Python counts columns in bytes.
    starts = accumulate((len(text.encode()) for text in texts), initial=0)
    known = map(paths.get, zip(starts, texts, strict=False))
    return "".join(map(_linked, tokens, known))


class _Scope:
    """What the names of a page mean, block by block."""

    def __init__(self, is_own: Callable[[str], bool]) -> None:
        self.is_own = is_own
        self.names: dict[str, str] = {}
        self.imported: dict[str, str] = {}
        self.rebound: set[str] = set()

    def read(self, source: str) -> dict[tuple[int, str], str]:
        """Return the path of each imported name in a block, by its offset in bytes and its text."""
        try:
            nodes = list(ast.walk(ast.parse(source)))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return {}
        starts = [0, *accumulate(map(len, source.encode().splitlines(keepends=True)))]
        found = dict(self._imports(nodes))
        bound = {name for node in nodes for name in _bound(node)}
        self.rebound |= bound
        for name in bound:
            self.names.pop(name, None)
        for node in nodes:
            if isinstance(node, ast.Name) and node.id in self.names:
                found[node] = self.names[node.id]
        return {
            (
                starts[node.lineno - 1] + node.col_offset,
                node.id if isinstance(node, ast.Name) else node.name,
            ): path
            for node, path in found.items()
        }

    def _imports(self, nodes: list[ast.AST]) -> Iterator[tuple[ast.Name | ast.alias, str]]:
        """Note what a block imports; a name from elsewhere hides one that was known."""
        for node in nodes:
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                for alias in node.names:
                    name = alias.asname or alias.name
                    self.names.pop(name, None)
                    if self.is_own(node.module):
                        path = f"{node.module}.{alias.name}"
                        self.names[name] = self.imported[name] = path
                        yield alias, path


def _bound(node: ast.AST) -> list[str]:
    """Return the names that a node binds other than by import."""
    if isinstance(node, ast.Name):
        return [] if isinstance(node.ctx, ast.Load) else [node.id]
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return [node.name]
    if isinstance(node, ast.ExceptHandler):
        return [node.name or ""]
    return [node.arg] if isinstance(node, ast.arg) else []
