"""The page for authors: its examples come out as it shows them, and no message is missing."""

import ast
import re
from html import unescape
from pathlib import Path

import pytest

from literate.page import Block
from literate.read.options import OPTIONS
from literate.result import richest

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs/authoring.md").read_text("utf-8")
EXAMPLES = re.findall(
    r"^`{5}markdown\n(.*?)^`{5}$\n*(.*?^</div>\n)", PAGE, re.MULTILINE | re.DOTALL
)
MESSAGES = {"PageError": 1, "Failure": 1, "Fault": 2, "MathError": 1}
"""What takes a message, and which of its arguments that is."""

NAMED_ELSEWHERE = {"streams.py": ("OverflowError",), "value.py": ("ValueError",)}
"""Errors of Python whose texts are the plugin's, in the modules that raise them for a page."""


def pattern(node):
    """Give a pattern for the texts that an expression gives, None if it holds none of its own."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return re.escape(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(pattern(part) or ".+?" for part in node.values)
    return None


def templates(source, errors=()):
    """Give a pattern for each message that a module may give about a page."""
    places = MESSAGES | dict.fromkeys(errors, 0)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, (ast.Name, ast.Attribute)):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            texts = node.args[places[name] :][:1] if name in places else []
        elif isinstance(node, ast.FunctionDef) and node.name == "_cause":
            texts = [n.value for n in ast.walk(node) if isinstance(n, ast.Return)]
        else:
            continue
        yield from filter(None, map(pattern, texts))


GUARDS = (
    r"No\ class\ says",  # which only a newer math-core brings about
    r"the\ block\ wrote\ to\ files",  # these two attack what runs pages: see test_lost.py
    r"a\ block\ of\ the\ page\ killed",
    r"the\ system\ starts\ no\ process",  # see test_parent.py
)
"""How messages begin that no page on the page for authors can show."""

TEMPLATES = {
    template: path.name
    for path in sorted((ROOT / "literate").rglob("*.py"))
    for template in templates(path.read_text("utf-8"), NAMED_ELSEWHERE.get(path.name, ()))
    if not template.startswith(GUARDS)
}


@pytest.fixture(scope="module")
def published(runs):
    """Give all that the page's blocks print and return."""
    page, results = runs["docs/authoring.md"]
    return "\n".join(
        ran.stdout + unescape(richest(ran.value or {})[1])
        for chain, outcomes in zip(page.chains, results, strict=True)
        for step, ran in zip(chain.steps, outcomes, strict=True)
        if isinstance(step, Block)
    )


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda t: t.replace("\\", "")[:60])
def test_the_page_shows_every_message_as_it_is_produced(template, published):
    assert re.search(template, published), TEMPLATES[template]


def test_there_are_messages_of_every_kind():
    modules = [
        "child",
        "deadline",
        "display",
        "fault",
        "fence",
        "gate",
        "math",
        "numbering",
        "options",
        "outputs",
        "parent",
        "prose",
        "reader",
        "session",
        "streams",
        "value",
        "weaver",
    ]
    assert {f"{module}.py" for module in modules} == set(TEMPLATES.values())


def test_a_message_that_the_page_does_not_show_would_be_found(published):
    (template,) = templates("raise PageError(3, f'the {name} is not what it was')")

    assert not re.search(template, published)


@pytest.mark.parametrize("index", range(len(EXAMPLES)))
def test_an_example_is_published_as_it_is_shown(index):
    shown, rest = EXAMPLES[index]
    assert rest.startswith(f'<div class="result" markdown>\n\n{shown}\n</div>\n')


def test_there_are_examples():
    assert len(EXAMPLES) == PAGE.count("`````markdown") > 5


def test_every_cell_option_is_in_the_table():
    assert re.findall(r"^\| `([\w-]+)` \| (?:a |`true)", PAGE, re.MULTILINE) == list(OPTIONS)
