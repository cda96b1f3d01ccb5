"""Entries of the cache that are no entries, those of others, and what killed builds have left."""

import copy
import json
import os
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from literate.cache import Cache
from literate.digest import sha256
from literate.fault import PageError
from literate.lock import take
from literate.read import read
from literate.result import Figure, Ran, Reading, Run
from literate.weave import weave

PAGE = read(
    "```python\n#| fig-cap: 'x is {{ x }}'\n#| fig-alt: A point.\nx = 1\n```\n\n{{ x }}\n",
    "docs/page.md",
)


@pytest.fixture
def cache(tmp_path):
    cache = Cache(tmp_path / ".cache/literate", tmp_path)
    ran = Ran(
        "out", "", {"text/html": "<b>"}, (Figure("<svg/>", 100, b"", b"\x00"),), (("1",),), ((),)
    )
    run = Run(PAGE.path, [[ran, Ran(value={"text/markdown": "1"})]], reading=Reading({"a": None}))
    cache.store(PAGE, run)
    assert cache.load(PAGE) == run
    return cache


def entry_of(cache):
    (entry,) = cache.folder.glob("*.json")
    return entry


def write(entry, data):
    body = json.dumps(data)
    entry.write_text(f"{sha256(body)}\n{body}")


def places(data, path=()):
    """Give the path to everything that an entry holds."""
    yield path
    parts = data.items() if isinstance(data, dict) else enumerate(data)
    for name, part in parts if isinstance(data, (dict, list)) else ():
        if isinstance(part, (dict, list)):
            yield from places(part, (*path, name))
        else:
            yield (*path, name)


def put(data, path, value):
    """Put a value at a place of an entry."""
    if not path:
        return value
    data = copy.deepcopy(data)
    inner = data
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = value
    return data


def test_an_entry_of_another_shape_is_none_wherever_it_differs(cache):
    """Each value is replaced by one of each type that JSON has, and each mapping lacks a name."""
    entry = entry_of(cache)
    known = json.loads(entry.read_text().partition("\n")[2])
    tried = 0
    for path in places(known):
        for value in (None, True, 5, 0.5, "text", [], {}, [[]], [{}], {"a": 1}, [None]):
            write(entry, put(known, path, value))
            if run := cache.load(PAGE):
                with suppress(PageError):  # such as a caption without a figure
                    weave(PAGE, run.results)
            tried += 1
    for name in known:
        write(entry, {key: value for key, value in known.items() if key != name})
        assert cache.load(PAGE) is None
        write(entry, known | {"later": 1})
        assert cache.load(PAGE) is None
    assert tried > 200


@pytest.mark.parametrize("results", [[], [[]], [[{}]], [{}], {}, None, "x", [[], []]])
def test_results_of_another_shape_are_none(cache, results):
    entry = entry_of(cache)
    write(entry, json.loads(entry.read_text().partition("\n")[2]) | {"results": results})

    assert cache.load(PAGE) is None


@pytest.mark.parametrize("content", [[], {}, None, 5, "text", [{}], {"key": None}])
def test_what_was_made_is_none_in_another_shape(cache, content):
    made = entry_of(cache).with_suffix(".made")
    write(made, content)
    assert cache.load_made(PAGE.path, "source", Figure) is None

    cache.store_made(PAGE.path, "source", Figure("", 1))
    assert cache.load_made(PAGE.path, "source", Figure) == Figure("", 1)
    write(made, json.loads(made.read_text().partition("\n")[2]) | {"made": content})
    assert cache.load_made(PAGE.path, "source", Figure) is None


def nested(path):
    body = "[" * 100_000 + "]" * 100_000
    path.write_text(f"{sha256(body)}\n{body}")


def bind(path):
    with socket.socket(socket.AF_UNIX) as server:
        here = Path.cwd()
        os.chdir(path.parent)  # a socket's name may have a hundred characters
        server.bind(path.name)
        os.chdir(here)


ODD = {
    "a pipe": os.mkfifo,
    "a folder": Path.mkdir,
    "a socket": bind,
    "a link to a device": lambda path: path.symlink_to("/dev/zero"),
    "a link to itself": lambda path: path.symlink_to(path.name),
    "lists without end": nested,
}


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("suffix", [".json", ".made", ".0123456789abcdef"])
def test_what_is_no_file_is_no_entry_and_is_waited_for_by_nobody(cache, odd, suffix):
    entry = entry_of(cache).with_suffix(suffix)
    entry.unlink(missing_ok=True)
    ODD[odd](entry)

    assert (cache.load(PAGE) is None) == (suffix == ".json")
    assert cache.load_made(PAGE.path, "source", Figure) is None
    cache.prune([], "docs")
    cache.prune([PAGE.path], "docs")


def test_a_pipe_makes_way_for_an_entry(cache):
    entry, run = entry_of(cache), cache.load(PAGE)
    entry.unlink()
    os.mkfifo(entry)

    cache.store(PAGE, run)

    assert cache.load(PAGE) == run


def test_only_what_is_the_caches_own_is_deleted(cache):
    names = [".gitignore", "notes.txt", "notes.json", "notes.made", "0" * 31 + ".json", "0" * 32]
    for name in names:
        (cache.folder / name).write_text("mine")
    (cache.folder / ("f" * 32 + ".json")).write_text("of a later format")

    cache.prune([], "docs")

    left = {path.name for path in cache.folder.iterdir()}
    assert left == {*names, "f" * 32 + ".json"}


@pytest.mark.parametrize(
    ("docs", "is_there", "stays"),
    [
        ("docs", False, False),
        ("docs", True, True),
        (".", False, False),
        ("other", False, True),
        ("doc", False, True),
        ("../docs", False, True),
    ],
)
def test_an_entry_goes_with_its_page_and_no_other_configuration_evicts_it(
    cache, tmp_path, docs, is_there, stays
):
    if is_there:
        (tmp_path / "docs").mkdir()
        (tmp_path / "docs/page.md").touch()
    cache.store_made(PAGE.path, "source", Figure("", 1))

    cache.prune([], docs)

    assert len(list(cache.folder.iterdir())) == 2 * stays


def test_two_configurations_of_one_folder_keep_their_own(project):
    project.write("other.yml", project.CONFIG + "docs_dir: others\nsite_dir: other\n")
    project.write("others/index.md", project.PAGE)
    for _ in range(2):
        project.build()
        status, log = project.build("-f", "other.yml")

    assert "0 pages run, 1 kept" in log, log
    assert status == 0


def test_what_a_killed_build_was_writing_goes_with_the_next(cache):
    """A process holds what it writes, so that nobody else deletes it."""
    entry = entry_of(cache)
    code = (
        "import os, signal, sys\nfrom pathlib import Path\nfrom literate.entry import write_entry\n"
        "Path.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        "write_entry(Path(sys.argv[1]), {})"
    )
    killed = subprocess.run([sys.executable, "-c", code, entry], check=False)
    assert killed.returncode == -9
    old = entry.with_suffix(".4194304")
    old.write_text("of an earlier version")
    new = entry.with_suffix(".0123456789abcdef")
    with take(new):
        assert len(list(cache.folder.iterdir())) == 4

        cache.prune([PAGE.path], "docs")

        assert sorted(cache.folder.iterdir()) == sorted([entry, new])
    cache.prune([PAGE.path], "docs")
    assert list(cache.folder.iterdir()) == [entry]


def test_entries_are_for_all_who_may_read_the_folder(cache):
    (cache.folder / "other").touch()

    assert entry_of(cache).stat().st_mode == (cache.folder / "other").stat().st_mode
