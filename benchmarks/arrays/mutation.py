"""Mutate what mutmut leaves out of `mathlib`: properties, and what stands outside functions.

The operators are mutmut's. Each mutant is written into a copy of the project, and the tests run
until one fails: ``python -m benchmarks.arrays.mutation``, with the paths of modules as arguments
for some. Type aliases and `__all__` are left alone, as mutmut leaves annotations alone.
"""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from difflib import unified_diff
from pathlib import Path
from tempfile import TemporaryDirectory

import libcst as cst
from mutmut.mutation.file_mutation import NEVER_MUTATE_FUNCTION_CALLS, deep_replace
from mutmut.mutation.mutators import mutation_operators

from benchmarks.setting import ROOT

PYTEST = [sys.executable, "-B", "-m", "pytest", "-x", "-p", "no:cacheprovider"]
PYTEST += ["--hypothesis-profile=ci"]
UNCALLED = (cst.Annotation, cst.Decorator, cst.Import, cst.ImportFrom)


class Mutations(cst.CSTVisitor):
    """Collect pairs of a node and what it is replaced with."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[cst.CSTNode, cst.CSTNode]] = []

    def on_visit(self, node: cst.CSTNode) -> bool:
        """Collect the mutations of a node, and return whether to go on inside it."""
        if is_left_alone(node):
            return False
        for kind, operator in mutation_operators:
            if isinstance(node, kind):
                self.found += [(node, mutated) for mutated in operator(node)]
        return True


def is_left_alone(node: cst.CSTNode) -> bool:
    """Return whether a node is mutmut's, or has nothing that a test could tell."""
    match node:
        case cst.FunctionDef():
            return not node.decorators
        case cst.Assign() | cst.AnnAssign():
            return is_alias(node)
        case cst.Call():
            return getattr(node.func, "value", "") in NEVER_MUTATE_FUNCTION_CALLS
    return isinstance(node, UNCALLED)


def is_alias(node: cst.Assign | cst.AnnAssign) -> bool:
    """Return whether a statement names a type, as `Pair = ...` does, or is `__all__`."""
    target = node.targets[0].target if isinstance(node, cst.Assign) else node.target
    name = target.value if isinstance(target, cst.Name) else ""
    return name == "__all__" or (name[:1].isupper() and not name.isupper())


def mutants(source: str) -> Iterator[str]:
    """Yield the module with one change at a time."""
    module = cst.parse_module(source)
    visitor = Mutations()
    module.visit(visitor)
    for node, mutated in visitor.found:
        yield deep_replace(module, node, mutated).code


def survives(copy: Path, path: Path) -> bool:
    """Return whether the tests pass, the module's own before all others."""
    own = sorted(map(str, (copy / "tests" / "mathlib").rglob(f"test_*{path.stem}.py")))
    command = [*PYTEST, *own, "tests/mathlib"]
    done = subprocess.run(command, cwd=copy, capture_output=True, check=False)  # noqa: S603
    return done.returncode == 0


def measure(copy: Path, path: Path) -> None:
    """Print the survivors of one module as differences, and how many there are."""
    source = (copy / path).read_text("utf-8")
    count = survivors = 0
    for count, mutant in enumerate(mutants(source), start=1):  # noqa: B007
        (copy / path).write_text(mutant, "utf-8")
        if survives(copy, path):
            survivors += 1
            lines = unified_diff(source.splitlines(), mutant.splitlines(), n=0, lineterm="")
            print(*list(lines)[2:], sep="\n")
    (copy / path).write_text(source, "utf-8")
    print(f"{path}: {count} mutants, {survivors} survived", flush=True)


def main() -> None:
    """Mutate the modules that are named, or all."""
    paths = [Path(name) for name in sys.argv[1:]]
    paths = paths or [path.relative_to(ROOT) for path in sorted(ROOT.glob("mathlib/**/*.py"))]
    with TemporaryDirectory() as folder:
        copy = Path(folder)
        for part in ("mathlib", "tests"):
            shutil.copytree(ROOT / part, copy / part, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "pyproject.toml", copy)
        for path in paths:
            measure(copy, path)


if __name__ == "__main__":
    main()
