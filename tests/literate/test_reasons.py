"""Why a page runs, by what its results followed from."""

import pytest

import literate.cache
from literate.cache import Cache
from literate.digest import LINK, LISTING, STATUS, digest, version
from literate.read import read
from literate.result import Ran, Reading, Run

CONT = "<!--pytest-codeblocks:cont-->\n"
PAGE = (
    "# T\n\n```python\nx = 1\n```\n\nIt is {{ x }}.\n\n"
    f"{CONT}\n```python\nx += 1\n```\n\n```python\ny = 3\n```\n"
)


@pytest.fixture
def cache(tmp_path):
    return Cache(tmp_path / ".cache/literate", tmp_path)


def keep(cache, text=PAGE, **reading):
    """Keep results of a page that has read something."""
    page = read(text)
    results = [[Ran(value={"text/markdown": "1"}) for _ in chain.steps] for chain in page.chains]
    cache.store(page, Run(page.path, results, reading=Reading(**reading)))
    return page


def reasons(cache, text=PAGE):
    """Return why a page would run, by another look at the cache."""
    return Cache(cache.folder, cache.root).explain(read(text)).now


def test_nothing_is_said_of_what_still_holds(cache):
    keep(cache)

    assert reasons(cache) == []
    assert reasons(cache, f"Prose.\n\n{PAGE}") == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("x = 1", "x = 2", ["the block on line 3 has changed"]),
        ("x += 1", "x += 2", ["the block on line 11 has changed"]),
        ("{{ x }}", "{{ x:.1f }}", ["the value {{ x }} on line 7 has changed"]),
        ("{{ x }}", "{{ x }} {{ y }}", ["the value {{ y }} on line 7 is new or has changed"]),
        ("It is {{ x }}.", "It is.", ["a block or a value before line 11 is gone"]),
        ("```python\ny = 3\n```\n", "", ["a block or a value at the end is gone"]),
        (CONT, "", ["its blocks are chained otherwise"]),
    ],
)  # fmt: skip
def test_what_of_the_page_changed_is_said_with_its_line(cache, old, new, said):
    keep(cache)

    assert reasons(cache, PAGE.replace(old, new)) == said


def test_what_changed_of_files_is_said(cache, tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    for name in ("same", "other", "larger", "gone"):
        (folder / name).write_text("1")
    (folder / "link").symlink_to("same")
    keys = ["data/same", "data/other", "data/larger", f"data/larger{STATUS}", "data/gone",
            "data/new", f"data{LISTING}", f"data/link{LINK}"]  # fmt: skip
    keep(cache, files={key: digest(f"{tmp_path}/{key}") for key in keys})
    (folder / "other").write_text("2")
    (folder / "larger").write_text("12")
    (folder / "gone").unlink()
    (folder / "new").write_text("")
    (folder / "link").unlink()
    (folder / "link").symlink_to("other")

    assert reasons(cache) == [
        "data/other has changed",
        "data/larger has changed",
        "data/gone is gone",
        "data/new is there now",
        "the names in data have changed",
        "data/link leads elsewhere",
    ]


def test_what_changed_of_packages_and_of_the_engine_is_said(cache, monkeypatch):
    keep(cache, packages={"numpy": version("numpy"), "six": "0.1"}, missing=["absent"])
    monkeypatch.setattr(literate.cache, "version", {"numpy": "9"}.get)
    monkeypatch.setattr(literate.cache, "is_importable", lambda name: name == "absent")
    monkeypatch.setattr("literate.engine.platform.python_version", lambda: "2.7")

    assert reasons(cache) == [
        "Python has changed",
        f"numpy was {version('numpy')} and is 9",
        "six was 0.1 and is none",
        "the module absent can be imported",
    ]


def test_a_page_of_which_nothing_is_kept_says_so(cache):
    assert reasons(cache) == ["nothing was kept of it"]
    assert str(cache.explain(read(PAGE))) == "It would run now because\n  nothing was kept of it"


def test_a_page_that_runs_in_every_build_says_why(cache):
    page = keep(cache, unseen="asks a network")

    assert cache.load(page) is None
    assert reasons(cache) == ["it asks a network"]


def test_results_that_show_their_place_follow_from_it(cache):
    text = PAGE.replace("x = 1", "import inspect")
    keep(cache, text)

    assert reasons(cache, f"Prose.\n\n{text}") == [
        "it shows where its blocks stand, and they have moved"
    ]


def test_why_a_page_ran_is_kept_with_what_it_gave(cache):
    keep(cache, packages={"numpy": "2.0"}, missing=["cupy"], files={"a.csv": None, "b.csv": "1"})
    edited = PAGE.replace("x = 1", "x = 2")
    again = Cache(cache.folder, cache.root)
    assert again.load(read(edited)) is None
    reading = {"packages": {"numpy": version("numpy")}, "missing": ["cupy"]}
    keep(again, edited, **reading, files={f".{LISTING}": digest(f"{cache.root}{LISTING}")})

    assert str(again.explain(read(edited))) == (
        "Its results are kept: they still hold.\n"
        "It last ran because\n"
        "  the block on line 3 has changed\n"
        f"  numpy was 2.0 and is {version('numpy')}\n"
        "  b.csv is gone\n"
        "Its results follow from\n"
        "  its blocks and inline values\n"
        "  it reads the names in: .\n"
        f"  it uses: numpy {version('numpy')}\n"
        "  it looks in vain for: cupy"
    )
