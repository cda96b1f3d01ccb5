"""A build of pages, without MkDocs."""

import pytest

import literate.project
from literate.build import Build
from literate.project import Project
from literate.result import Failure, Limits, Ran, Reading, Run

PAGE = "# T\n\n```python\nx = 2\n```\n\nIt is {{ x }}.\n"


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    project = Project(tmp_path_factory.mktemp("build"))
    project.configure(Limits(seconds=60), workers=1)
    yield project
    project.close()


@pytest.fixture
def said():
    return []


@pytest.fixture
def build(tmp_path, said):
    """Return a build that has nothing to run pages with."""
    return Build(Project(tmp_path), keep=False, say=said.append)


def run(*results, path="docs/a.md", **reading):
    return Run(path, [list(results)], 0.25, Reading(**reading))


SOUND = run(Ran(), Ran(value={"text/markdown": "2"}))


def never(path):
    raise AssertionError(path)


def test_a_page_is_read_run_and_woven(project, said):
    build = Build(project, keep=False, say=said.append)
    build.read("a.md", "docs/a.md", PAGE.encode())
    runs = build.start()
    text = build.weave("a.md", lambda path: runs[path].result(timeout=60))

    assert "It is 2." in build.marks.plain(text)
    assert build.all_faults() == []
    assert build.is_sound("a.md")
    assert str(build) == "1 page run, 0 kept"
    assert said[-1].startswith("docs/a.md: run in 0.")


def test_what_was_kept_needs_no_process(project, said):
    first = Build(project, keep=True, say=said.append)
    first.read("a.md", "docs/a.md", PAGE.encode())
    runs = first.start()
    text = first.weave("a.md", lambda path: runs[path].result(timeout=60))
    other = Project(project.root)
    second = Build(other, keep=True, say=said.append)
    second.read("a.md", "docs/a.md", PAGE.encode())

    assert second.start() == {}
    assert second.marks.plain(second.weave("a.md", never)) == first.marks.plain(text)
    assert other._pool is None  # noqa: SLF001 - that nothing was started shows nowhere else
    assert str(second) == "0 pages run, 1 kept"
    assert said[-1] == "docs/a.md: kept"
    second.prune([], "docs")
    third = Build(other, keep=True, say=said.append)
    third.read("a.md", "docs/a.md", PAGE.encode())
    assert third.cache.load(third.pages["a.md"]) is None


def test_a_page_with_nothing_to_weave_stays_as_it_is(build):
    build.read("a.md", "docs/a.md", b"# Title\n\nProse.\n")

    assert build.pages == {}
    assert build.start() == {}
    assert build.weave("a.md", never) is None
    assert not build.is_sound("a.md")


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        (b"a\n\n```py\n```\n", 3, "a block runs only after ```python alone, not after ```py"),
        (b"a\n\xff\n", 2, "the page is not UTF-8: it has the byte 0xff"),
    ],
)
def test_a_page_that_cannot_be_read_is_replaced_by_its_fault(build, content, line, message):
    build.read("a.md", "docs/a.md", content)
    text = build.marks.plain(build.weave("a.md", never))

    assert [str(fault) for fault in build.all_faults()] == [f"docs/a.md:{line}: {message}"]
    assert '<div class="admonition failure">' in text
    assert f"docs/a.md:{line}" in text


def test_a_page_that_cannot_be_woven_is_replaced_by_its_fault(build):
    build.read("a.md", "docs/a.md", PAGE.encode() + b"\nSee @fig-a.\n")
    text = build.marks.plain(build.weave("a.md", lambda _: SOUND))

    assert [fault.line for fault in build.all_faults()] == [9]
    assert '<div class="admonition failure">' in text
    assert not build.is_sound("a.md")


def test_a_step_that_failed_is_shown_on_its_page(build):
    build.read("a.md", "docs/a.md", PAGE.encode())
    woven = build.weave("a.md", lambda _: run(Failure(4, "NameError: x")))
    text = build.marks.plain(woven)

    assert [str(fault).splitlines()[0] for fault in build.all_faults()] == [
        "docs/a.md:4: NameError: x"
    ]
    assert text.startswith("# T\n")
    assert '<p class="admonition-title">NameError: x</p>' in text
    assert not build.is_sound("a.md")


def test_faults_are_in_the_order_of_pages_and_lines_with_those_between_pages(build):
    for name in ("b", "a"):
        build.read(f"{name}.md", f"docs/{name}.md", PAGE.encode() + b"\n```py\n```\n")
    build.read("c.md", "docs/c.md", PAGE.encode())
    build.read("d.md", "docs/d.md", PAGE.encode())
    reading = {"docs/c.md": {"written": ["x"]}, "docs/d.md": {"files": {"x": None}}}
    for name in "abcd":
        build.weave(f"{name}.md", lambda path: run(*SOUND.results[0], path=path, **reading[path]))

    assert [(fault.path, fault.line) for fault in build.all_faults()] == [
        ("docs/a.md", 9),
        ("docs/b.md", 9),
        ("docs/d.md", 1),
    ]


def test_what_a_block_wrote_to_its_error_stream_is_said(build, said):
    build.read("a.md", "docs/a.md", PAGE.encode())
    build.weave("a.md", lambda _: run(Ran(stderr="careful\n"), SOUND.results[0][1]))

    assert said == ["docs/a.md:3: careful", "docs/a.md: run in 0.25 s"]


def test_a_page_that_cannot_be_kept_says_why(tmp_path, said):
    build = Build(Project(tmp_path), keep=True, say=said.append)
    build.read("a.md", "docs/a.md", PAGE.encode())
    build.weave("a.md", lambda _: run(*SOUND.results[0], unseen="asks a network"))

    assert said[0] == "docs/a.md: runs in every build, because it asks a network"
    assert build.cache.load(build.pages["a.md"]) is None


def test_a_folder_that_cannot_be_written_is_said_and_no_fault(tmp_path, said):
    (tmp_path / ".cache").write_text("in the way")
    build = Build(Project(tmp_path), keep=True, say=said.append)
    build.read("a.md", "docs/a.md", PAGE.encode())

    assert "It is 2." in build.marks.plain(build.weave("a.md", lambda _: SOUND))
    assert said[0].startswith("docs/a.md: cannot be kept: [Errno 20] Not a directory")
    assert build.all_faults() == []


def test_a_byte_order_mark_is_not_published(build):
    build.read("a.md", "docs/a.md", b"\xef\xbb\xbf" + PAGE.encode())

    assert build.weave("a.md", lambda _: SOUND).startswith("# T")


def test_the_line_of_a_formula_is_that_of_the_page(build):
    text = PAGE + "\n$$\n\\alpha + \\beta\n$$\n"
    build.read("a.md", "docs/a.md", text.encode())
    build.weave("a.md", lambda _: run(Ran(stdout="1\n2\n"), SOUND.results[0][1]))

    assert build.line_of("a.md", "\\alpha + \\beta", text) == 10
    assert build.line_of("other.md", "b\n", "a\nb\n") == 2
    assert build.line_of("other.md", "none", "a\nb\n") == 1


def test_a_module_is_the_projects_own_if_it_lies_in_its_folder(tmp_path, build):
    (tmp_path / "library.py").write_text("")
    (tmp_path / "package").mkdir()
    (tmp_path / "package/__init__.py").write_text("")
    (tmp_path / "data").mkdir()

    own = [
        module for module in ("library", "package.part", "data", "numpy") if build.is_own(module)
    ]
    assert own == ["library", "package.part"]


class Pool:
    """Stands for the process that runs pages."""

    def __init__(self, root, workers, limits):
        self.given = root, workers, limits
        self.closed = 0

    def close(self):
        self.closed += 1


def test_a_project_keeps_its_process_until_it_is_configured_anew(tmp_path, monkeypatch):
    monkeypatch.setattr(literate.project, "Pool", Pool)
    project = Project(tmp_path)
    project.configure(Limits(seconds=1), workers=1)
    first = project.pool
    project.configure(Limits(seconds=1), workers=1)

    assert project.pool is first
    assert first.given == (tmp_path, 1, Limits(seconds=1))
    assert first.closed == 0
    project.configure(Limits(seconds=1), workers=2)
    assert first.closed == 1
    assert project.pool.given == (tmp_path, 2, Limits(seconds=1))
    project.close()
    project.close()
    assert first.closed == 1
