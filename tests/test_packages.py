"""What holds for every module of both packages."""

import ast
import importlib
import inspect
import pkgutil
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import literate
import mathlib

ROOT = Path(__file__).parent.parent
MODULES = [
    module.name
    for package in (literate, mathlib)
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
]


@pytest.mark.parametrize("name", MODULES)
def test_a_module_names_what_it_offers(name):
    module = importlib.import_module(name)
    tree = ast.parse(Path(module.__file__).read_text("utf-8"))
    defined = {
        node.name
        for node in tree.body
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_")
    }
    offered = set(module.__all__)

    assert all(hasattr(module, name) for name in offered)
    assert not {name for name in offered if name.startswith("_")}
    assert name.endswith((".plugin", ".drawing")) or defined <= offered


@pytest.mark.parametrize("name", MODULES)
def test_what_a_module_offers_is_documented(name):
    module = importlib.import_module(name)

    for offered in module.__all__:
        value = getattr(module, offered)
        if inspect.isfunction(value) or inspect.isclass(value):
            assert inspect.getdoc(value), offered


MODULE, FUNCTION = 300, 40
"""How many lines a module may have, and a function without its docstring."""

SMALLER = {"literate.site.plugin": 199}


def too_long(name, source):
    """Return what of a module is longer than it may be."""
    found = [name] * (source.count("\n") > SMALLER.get(name, MODULE))
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            docstring = node.body[0] if ast.get_docstring(node) else None
            lines = docstring.end_lineno - docstring.lineno + 1 if docstring else 0
            if node.end_lineno - node.lineno + 1 - lines > FUNCTION:
                found.append(node.name)
    return found


@pytest.mark.parametrize("name", MODULES)
def test_modules_and_functions_are_short(name):
    source = Path(importlib.import_module(name).__file__).read_text("utf-8")

    assert too_long(name, source) == []


def body(lines, docstring=0):
    """Return a function of some lines, its docstring among them."""
    described = ['    """Text.', *["    text"] * (docstring - 2), '    """'] if docstring else []
    return "\n".join(["def f():", *described, *["    x = 1"] * (lines - docstring - 1), ""])


@pytest.mark.parametrize(
    ("name", "source", "found"),
    [
        ("package.module", "x = 1\n" * 300, []),
        ("package.module", "x = 1\n" * 301, ["package.module"]),
        ("literate.site.plugin", "x = 1\n" * 199, []),
        ("literate.site.plugin", "x = 1\n" * 200, ["literate.site.plugin"]),
        ("package.module", body(40), []),
        ("package.module", body(41), ["f"]),
        ("package.module", body(60, docstring=20), []),
        ("package.module", body(61, docstring=20), ["f"]),
        ("package.module", "class C:\n    " + body(41).replace("\n", "\n    "), ["f"]),
    ],
)
def test_what_is_longer_than_it_may_be_is_found(name, source, found):
    assert too_long(name, source) == found


@pytest.mark.parametrize("package", ["mathlib", "literate"])
def test_the_packages_do_not_know_each_other(package):
    other = {"mathlib": "literate", "literate": "mathlib"}[package]
    sources = (path.read_text("utf-8") for path in (ROOT / package).rglob("*.py"))

    assert not any(f"import {other}" in source or f"from {other}" in source for source in sources)


def test_no_module_of_the_library_imports_in_a_circle():
    graph = {}
    for path in (ROOT / "mathlib").rglob("*.py"):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        tree = ast.parse(path.read_text("utf-8"))
        graph[name] = {
            node.module
            for node in tree.body
            if isinstance(node, ast.ImportFrom) and node.module.startswith("mathlib")
        }

    TopologicalSorter(graph).prepare()


def test_the_library_needs_numpy_alone():
    code = (
        "import sys, pkgutil, importlib, mathlib\n"
        "for module in pkgutil.iter_modules(mathlib.__path__, 'mathlib.'):\n"
        "    module.name == 'mathlib.drawing' or importlib.import_module(module.name)\n"
        "assert not {'matplotlib', 'autograd', 'scipy', 'mkdocs'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


@pytest.mark.parametrize(
    "command",
    [["ruff", "check", "."], ["ruff", "format", "--check", "."], ["mypy"]],
    ids=" ".join,
)
def test_the_code_is_clean(command):
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr
