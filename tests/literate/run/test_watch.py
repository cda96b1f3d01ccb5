"""What a run reads, as the interpreter tells where the kernel does not."""

import os
import py_compile
import sys

import pytest

from literate.digest import LISTING, STATUS, digest, sha256, version
from literate.result import Reading
from literate.run.imports import unload_shadowed

# What is watched cannot be let go, so that each reading is that of a process of its own.
WATCH = """
from dataclasses import asdict
from literate.run.record import Record
from literate.run.watch import watch

def answer(message):
    folder, code = message
    source, sink = os.pipe()
    if not os.fork():
        os.chdir(folder)
        sys.path.insert(0, folder)
        tell = watch(os.getcwd(), Record(os.getcwd()))
        exec(code, {})
        os.write(sink, json.dumps(asdict(tell())).encode())
        os._exit(0)
    os.close(sink)
    with open(source) as told:
        return json.load(told)
"""


@pytest.fixture(scope="module")
def watcher(beside):
    with beside(WATCH) as ask:
        yield ask


@pytest.fixture
def reading(watcher, tmp_path):
    """Return what tells the reading of code that runs in a folder with some files."""
    (tmp_path / "data.csv").write_text("1")
    (tmp_path / "library.py").write_text("import deep\n")
    (tmp_path / "deep.py").write_text("value = 1\n")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder/a.csv").write_text("2")
    return lambda code: Reading(**watcher([str(tmp_path), code]))


def seen(reading):
    """Return the names of the files that were there."""
    return {name.partition("\0")[0] for name, content in reading.files.items() if content}


def test_a_run_that_reads_nothing_follows_from_nothing(reading):
    assert reading("x = 1") == Reading()


@pytest.mark.parametrize(
    "code",
    [
        "open('data.csv').read()",
        "from pathlib import Path; Path('data.csv').read_bytes()",
        "import os; os.close(os.open('data.csv', os.O_RDONLY))",
        "import os; os.chdir('folder'); open('../data.csv')",
    ],
)
def test_a_file_that_is_opened_is_named_by_its_content(reading, code):
    assert reading(code).files["data.csv"] == sha256("1")


def test_a_module_counts_with_those_that_it_imports(reading, tmp_path):
    given = reading("import library")

    assert seen(given) == {".", "library.py", "deep.py"}
    assert given.files["deep.py"] == digest(str(tmp_path / "deep.py"))
    # One put there would have been imported in its place.
    assert given.files[f"library/__init__.py{STATUS}"] is None


def test_a_file_that_is_missing_is_noted_as_missing(reading):
    code = "try:\n    open('later.csv')\nexcept OSError:\n    pass"

    assert reading(code).files == {"later.csv": None}


def test_a_folder_that_is_listed_is_named_by_what_is_in_it(reading):
    given = reading("import os; os.listdir('folder'); list(os.scandir('.'))")

    assert given.files[f"folder{LISTING}"] == sha256("a.csv")
    assert seen(given) == {"folder", "."}


def test_a_file_that_another_program_changes_counts_as_it_was_first(reading):
    """C writes past Python, as another program would."""
    given = reading(
        "import ctypes; libc = ctypes.CDLL(None); open('data.csv').read()\n"
        "file = libc.open(b'data.csv', 1); libc.write(file, b'2', 1); libc.close(file)\n"
        "open('data.csv').read()"
    )

    assert given.files["data.csv"] == sha256("1")
    assert given.unseen.startswith("loads native code (by ctypes)")


def test_a_file_that_is_written_is_named_as_it_was_left(reading):
    given = reading("open('new.csv', 'w').write('3')\nopen('new.csv').read()")

    assert given == Reading({"new.csv": sha256("3")}, written=["new.csv"])


def test_a_file_that_is_made_and_deleted_leaves_no_name(reading):
    given = reading("import os\nopen('new.csv', 'w').close()\nos.remove('new.csv')")

    assert given == Reading()


def test_a_package_counts_by_its_version_and_the_standard_library_does_not(reading):
    given = reading("import markdown, csv, sqlite3")

    assert given.packages["markdown"] == version("markdown")
    assert not {"csv", "sqlite3"} & given.packages.keys()
    assert given.unseen == ""


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("import subprocess; subprocess.run(['true'])", "starts a program"),
        ("import os; os.system('true')", "starts a program"),
        ("import os; os.fork() or os._exit(0)", "starts a process"),
        ("import multiprocessing.popen_spawn_posix", "starts a process"),
        ("import socket; socket.getaddrinfo('127.0.0.1', 80)", "asks a network"),
        ("import sqlite3; sqlite3.connect(':memory:')", "opens a database"),
        ("open('data.csv', 'a').write('2')", "changes data.csv, which it has read"),
        (
            "open('data.csv'); import os; os.remove('data.csv')",
            "changes data.csv, which it has read",
        ),
    ],
)
def test_what_cannot_be_seen_is_said(reading, code, why):
    assert reading(code).unseen == why


def test_a_module_is_compiled_from_its_text_whatever_bytecode_says(reading, tmp_path):
    module = tmp_path / "deep.py"
    py_compile.compile(str(module), doraise=True)
    stamp = module.stat().st_mtime_ns
    module.write_text("value = 2\n")
    os.utime(module, ns=(stamp, stamp))
    reading("import deep; open('value', 'w').write(str(deep.value))")

    assert (tmp_path / "value").read_text() == "2"


@pytest.mark.parametrize("module", ["json.tool", "absent"])
def test_a_module_that_is_missing_is_noted(reading, module):
    code = f"try:\n    import {module}\nexcept ImportError:\n    pass"

    assert reading(code).missing == ["absent"] * (module == "absent")


@pytest.mark.parametrize(
    "code",
    [
        "import numpy as np; np.loadtxt('data.csv')",
        "import numpy as np; np.fromfile('data.csv', 'u1')",
        "import numpy as np; np.memmap('data.csv')",
        "import numpy as np; np.genfromtxt('data.csv')",
    ],
)
def test_what_trusted_native_code_reads_is_seen(reading, code):
    given = reading(code)

    assert given.files["data.csv"] == sha256("1")
    assert given.unseen == ""


def test_a_module_of_python_is_forgotten_where_the_project_has_one_of_its_name(
    tmp_path, monkeypatch
):
    import calendar
    import colorsys

    monkeypatch.setitem(sys.modules, "calendar", calendar)
    monkeypatch.setitem(sys.modules, "colorsys", colorsys)
    (tmp_path / "calendar.py").write_text("")
    (tmp_path / "os.py").write_text("")

    unload_shadowed(str(tmp_path))

    assert "calendar" not in sys.modules
    assert {"colorsys", "os"} <= sys.modules.keys()
