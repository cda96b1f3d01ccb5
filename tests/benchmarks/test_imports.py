"""The folders of the benchmarks stand on each other in one direction."""

import ast

import pytest

from benchmarks.setting import ROOT

RECORDS = {"results", "setting"}
BELOW = {
    "peers": RECORDS,
    "arrays": RECORDS,
    "building": RECORDS | {"peers"},
    "reading": RECORDS | {"peers"},
}


def imported(source):
    """Return what a module imports of the benchmarks: folders, and modules beside them."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("benchmarks."):
            yield node.module.split(".")[1]


@pytest.mark.parametrize("folder", BELOW)
def test_a_folder_imports_from_itself_and_from_those_below_it(folder):
    modules = sorted((ROOT / "benchmarks" / folder).glob("*.py"))
    found = {name for module in modules for name in imported(module.read_text("utf-8"))}

    assert len(modules) > 2
    assert found <= BELOW[folder] | {folder}


def test_what_all_folders_stand_on_imports_no_folder():
    for name in RECORDS:
        found = set(imported((ROOT / "benchmarks" / f"{name}.py").read_text("utf-8")))

        assert found <= RECORDS


def test_an_import_of_a_folder_would_be_found():
    source = "from benchmarks.peers.tools import Peer\nfrom benchmarks.setting import ROOT\n"

    assert list(imported(source)) == ["peers", "setting"]
