"""What stands on what: the folders of the engine are floors, and no import leads upwards."""

import ast
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import literate

ROOT = Path(literate.__file__).parent.parent

FLOORS = {
    # records, and what is done with one alone
    "page": set(),
    "result": set(),
    "text": set(),
    "digest": set(),
    "closings": set(),
    "markup": {"closings"},
    "process": set(),
    "lock": set(),
    "shape": set(),
    "fault": {"digest", "page", "result", "text"},
    "deadline": {"fault"},
    "entry": {"digest", "lock"},
    "engine": {"digest"},
    "reasons": {"digest", "page", "result"},
    "cache": {"digest", "engine", "entry", "page", "reasons", "result", "shape"},
    "published": {"page", "result", "text"},
    "differences": {"published"},
    "outputs": {"fault", "page", "result"},
    # from text to page, and on
    "read": {"closings", "fault", "markup", "page"},
    "run": {"digest", "fault", "page", "process", "result", "text"},
    "weave": {"closings", "fault", "markup", "page", "process", "result", "text"},
    "notebook": {"closings", "markup", "page", "process", "result", "text", "weave"},
    # where all of it meets
    "gate": {"fault", "page", "read", "weave"},
    "project": {"result", "run"},
    "build": {
        *("cache", "deadline", "digest", "fault", "page", "project", "read", "result", "text"),
        "weave",
    },
    "settings": {"result"},
    "site": {
        *("build", "cache", "digest", "fault", "gate", "lock", "notebook", "page", "project"),
        *("result", "settings", "shape", "text", "weave"),
    },
    # what the command does
    "new": set(),
    "importing": {"fault", "markup", "read"},
    "acceptance": {
        *("build", "differences", "fault", "outputs", "page", "published", "read", "reasons"),
        *("project", "result", "settings"),
    },
    "export": {"build", "digest", "fault", "markup", "project", "settings", "text", "weave"},
    "testing": set(),
    "cli": {"acceptance", "export", "importing", "new", "settings", "site", "text"},
    "__main__": {"cli"},
}
"""For each module and each folder of the engine what it may import of the others."""

WITH_MKDOCS = {"literate.notebook.renderer": {"mkdocs_jupyter"}}
"""What modules outside of the site may load of MkDocs and its plugins."""


def read_sources():
    """Return the text of each module of the engine, by the module's name."""
    sources = {}
    for path in sorted(Path(literate.__file__).parent.rglob("*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        sources[name.removesuffix(".__init__")] = path.read_text("utf-8")
    return sources


SOURCES = read_sources()


def place(module):
    """Return the folder of the engine, or the module beside the folders, that a module is in."""
    return module.split(".")[1] if "." in module else ""


def typing_only(tree):
    """Return the nodes that a type checker alone reads."""
    guards = (
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")
    )
    return {inner for guard in guards for line in guard.body for inner in ast.walk(line)}


def imports(sources, module, *, typing=True):
    """Return the names of all modules that a module imports, in its functions too."""
    tree = ast.parse(sources[module])
    left_out = set() if typing else typing_only(tree)
    found = set()
    for node in ast.walk(tree):
        if node in left_out:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{module} imports by dots"
            names = {alias.name: f"{node.module}.{alias.name}" for alias in node.names}
            found |= {whole if whole in sources else node.module for whole in names.values()}
    return found


def strangers(sources):
    """Return the imports of MkDocs, or of a plugin to it, outside of the site."""
    return [
        (module, name)
        for module in sources
        for name in sorted(imports(sources, module))
        if name.startswith(("mkdocs", "material")) and place(module) != "site"
        if name.split(".")[0] not in WITH_MKDOCS.get(module, ())
    ]


def upward(sources):
    """Return the imports from one place of the engine to another that the table does not have."""
    return [
        (module, name)
        for module in sources
        for name in sorted(imports(sources, module))
        if name.startswith("literate.") and place(name) != place(module)
        if place(name) not in FLOORS.get(place(module), ())
    ]


def reaching_in(sources):
    """Return the imports of a module in a folder from outside of the folder."""
    return [
        (module, name)
        for module in sources
        for name in sorted(imports(sources, module))
        if name.startswith("literate.") and place(name) != place(module) and name.count(".") > 1
    ]


def circle(sources):
    """Return modules each of which imports the next, and the last of them the first."""
    graph = {module: imports(sources, module, typing=False) for module in sources}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return error.args[1][::-1]
    return []


def reached(sources, module):
    """Return all modules of the engine that are loaded with one, but for the folder it is in."""
    found, new = set(), [module]
    while new:
        names = imports(sources, new.pop(), typing=False) - found
        found |= names
        new += names & sources.keys()
    return found


def test_only_the_site_knows_mkdocs():
    assert strangers(SOURCES) == []


def test_the_core_is_loaded_without_mkdocs():
    code = (
        "import sys, literate.cli, literate.acceptance, literate.notebook\n"
        "assert not [name for name in sys.modules if name.startswith('mkdocs')]"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_every_import_leads_to_a_floor_below():
    assert upward(SOURCES) == []


def test_the_table_names_each_place_once_and_below_those_that_stand_on_it():
    assert FLOORS.keys() == {place(module) for module in SOURCES} - {""}
    order = list(FLOORS)
    assert all(order.index(low) < order.index(high) for high in order for low in FLOORS[high])


def test_every_permission_of_the_table_is_used():
    used = {
        (place(module), place(name))
        for module in SOURCES
        for name in imports(SOURCES, module)
        if name.startswith("literate.")
    }

    assert {(high, low) for high in FLOORS for low in FLOORS[high]} <= used


def test_a_folder_is_entered_by_its_door():
    assert reaching_in(SOURCES) == []


def test_no_module_is_needed_for_itself():
    assert circle(SOURCES) == []


@pytest.mark.parametrize("module", ["cache", "site.downloads", "site.progress"])
def test_what_needs_records_alone_does_not_load_what_runs_pages(module):
    loaded = {place(name) for name in reached(SOURCES, f"literate.{module}") & SOURCES.keys()}

    assert "result" in loaded
    assert "run" not in loaded


def test_the_records_are_loaded_without_what_runs_pages():
    code = (
        "import sys, literate.cache, literate.fault\n"
        "assert not [name for name in sys.modules if name.startswith('literate.run')]"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


WRONG = {
    "a record imports MkDocs": (strangers, "text", "import mkdocs.config"),
    "a function does": (strangers, "build", "def f():\n    from mkdocs.plugins import BasePlugin"),
    "so does a type checker": (
        strangers,
        "weave.math",
        "if TYPE_CHECKING:\n    from mkdocs.structure.pages import Page",
    ),
    "another module renders notebooks": (strangers, "notebook.view", "import mkdocs_jupyter"),
    "the renderer knows more": (strangers, "notebook.renderer", "import mkdocs"),
    "weaving needs reading": (upward, "weave.weaver", "from literate.read import read"),
    "running needs reading": (upward, "run.session", "import literate.read"),
    "a record needs another": (upward, "text", "from literate import page"),
    "the core needs the site": (upward, "build", "def f():\n    import literate.site"),
    "nobody knows the module": (upward, "another", "import literate.text"),
    "a module is taken from a folder": (
        reaching_in,
        "build",
        "from literate.weave.weaver import weave",
    ),
    "it is taken as a name": (reaching_in, "build", "from literate.weave import weaver"),
    "two modules need each other": (
        circle,
        "read.fence",
        "from literate.read.reader import decode",
    ),
    "a module needs itself": (circle, "text", "def f():\n    import literate.text"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_wrong_is_found(wrong):
    check, module, source = WRONG[wrong]
    module = f"literate.{module}"

    found = check(SOURCES | {module: source})

    assert found
    assert module in found or found[0][0] == module


def test_what_is_read_by_a_type_checker_alone_makes_no_circle():
    source = "if TYPE_CHECKING:\n    from literate.read.reader import decode\n"

    assert circle(SOURCES | {"literate.read.fence": source}) == []


def test_what_is_loaded_is_followed_from_module_to_module():
    source = "from literate.build import Build"

    assert "literate.run" in reached(SOURCES | {"literate.cache": source}, "literate.cache")
