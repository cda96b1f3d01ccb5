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
