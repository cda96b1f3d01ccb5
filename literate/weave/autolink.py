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

__all__ = ["link_names"]

CODE = re.compile(r'(<div class="highlight"><pre>.*?<code>)(.*?)(</code></pre></div>)', re.DOTALL)
TAG = re.compile(r"<[^>]*>")
TOKEN = re.compile(r"<[^>]*>|(?:[^<&]|&[^;\s]+;)+")
INLINE = re.compile(r"<(pre|a|h[1-6]|svg)\b.*?</\1>|<code>([^\W\d]\w*)</code>", re.DOTALL)


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
    content = CODE.sub(lambda m: m[1] + _link_code(m[2], scope) + m[3], content)
    known = {name: path for name, path in scope.imported.items() if name not in scope.rebound}
    return INLINE.sub(lambda m: _linked(m[0], known.get(m[2])), content)


def _linked(text: str, path: str | None) -> str:
    """Link a text to what documents a name, if there is one."""
    return f'<autoref optional identifier="{path}">{text}</autoref>' if path else text


def _link_code(code: str, scope: _Scope) -> str:
    """Link the names in a highlighted block."""
    paths = scope.read(html.unescape(TAG.sub("", code)))
    if not paths:
        return code
    parts, at = [], 0
    for token in TOKEN.findall(code):
        text = "" if token[0] == "<" else html.unescape(token) if "&" in token else token
        parts.append(_linked(token, paths.get((at, text))))
        at += len(text)
    return "".join(parts)


class _Scope:
    """What the names of a page mean, block by block."""

    def __init__(self, is_own: Callable[[str], bool]) -> None:
        self.is_own = is_own
        self.names: dict[str, str] = {}
        self.imported: dict[str, str] = {}
        self.rebound: set[str] = set()

    def read(self, source: str) -> dict[tuple[int, str], str]:
        """Return the path of each imported name in a block, by its offset and its text."""
        try:
            nodes = list(ast.walk(ast.parse(source)))
        except (SyntaxError, ValueError):
            return {}
        lines = source.encode().splitlines(keepends=True)
        starts = [0, *accumulate(len(line.decode()) for line in lines)]
        found = dict(self._imports(nodes))
        bound = {name for node in nodes for name in _bound(node)}
        self.rebound |= bound
        for name in bound:
            self.names.pop(name, None)
        for node in nodes:
            if isinstance(node, ast.Name) and node.id in self.names:
                found[node] = self.names[node.id]
        return {
            # Python counts columns in bytes.
            (
                starts[node.lineno - 1] + len(lines[node.lineno - 1][: node.col_offset].decode()),
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
