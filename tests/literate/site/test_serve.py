"""A site that is served while its pages are written."""

import re
from pathlib import Path

import psutil
import pytest

from literate.result import Reading
from literate.site.serve import Watch


def test_a_served_page_follows_its_blocks_and_the_library_and_shows_what_fails(project):
    with project.serving() as wait_for:
        wait_for("Twice is 42")
        project.write("library.py", project.LIBRARY.replace("2 *", "3 *"))
        wait_for("Twice is 63")

        failing = (
            "\n```python\n#| fig-cap: A figure.\n#| fig-alt: Nothing.\n"
            "import matplotlib.pyplot as plt\nplt.figure()\nprint('printed', 1 + 1)\n```\n"
            "\n<!--pytest-codeblocks:cont-->\n\n```python\ny = 1\nx = y / 0\nz = 3\n```\n"
            "\n{{ x + 1 }}\n"
        )
        project.write("docs/index.md", project.PAGE + failing)
        html = wait_for("ZeroDivisionError: division by zero", "Twice is 63")
        assert "printed 2" in html
        assert "<svg" in html
        excerpt = "".join(
            f"  {mark}   {line} | {text}\n"
            for mark, line, text in zip(
                "  >  ",
                range(23, 28),
                ["```python", "y = 1", "x = y / 0", "z = 3", "```"],
                strict=True,
            )
        )
        assert f"docs/index.md:25\n{excerpt}" in html

        project.write("docs/index.md", "# Page\n\n```py\nx = 1\n```\n")
        wait_for("a block runs only after ```python alone", "docs/index.md:3")

        project.write("docs/index.md", "# Page\n\n$\\nonsense$\n")
        wait_for("Unknown command", "docs/index.md:3")

        project.write("docs/index.md", "```python\nprint(1)\n```\n\n<!--pytest-codeblocks:"
                      "expected-output-->\n\n```\n2\n```\n")  # fmt: skip
        wait_for("the chain does not print what is recorded", "docs/index.md:8")

        project.write("docs/index.md", project.PAGE)
        assert "failure" not in wait_for("Twice is 63")
    log = (project.folder / "log").read_text()
    assert f"\ndocs/index.md:25: ZeroDivisionError: division by zero\n{excerpt}" in log


def test_a_server_runs_only_what_an_edit_touches_in_the_warm_parent_it_has(project):
    project.write("data/numbers.csv", "1,2,3")
    project.write(
        "docs/data.md",
        "```python\nfrom pathlib import Path\n"
        "text = Path('data/numbers.csv').read_text()\n```\n\nThe data: {{ text }}.\n",
    )
    with project.serving() as wait_for:
        wait_for("The data: 1,2,3", page="data/")
        (server,) = [p for p in psutil.Process().children() if "serve" in p.cmdline()]
        before = server.children()

        project.write("data/numbers.csv", "4,5,6")
        wait_for("The data: 4,5,6", page="data/")
        project.write("library.py", project.LIBRARY.replace("2 *", "3 *"))
        wait_for("Twice is 63")
        project.write(
            "docs/data.md", "More prose.\n" + (project.folder / "docs/data.md").read_text()
        )
        wait_for("More prose", "The data: 4,5,6", page="data/")

        assert before
        assert server.children() == before
    log = (project.folder / "log").read_text()
    assert sorted(re.findall(r"docs/(\w+)\.md: run in", log)) == ["data", "data", "index", "index"]


class Server:
    """Stands for the server of MkDocs, and notes what it watches."""

    def __init__(self, root):
        self.root = root
        self.watched = []

    def watch(self, path):
        self.watched.append(Path(path).relative_to(self.root).as_posix())


@pytest.fixture
def server(tmp_path):
    for name in ("library.py", "package/__init__.py", "docs/data.csv", "data/a.csv", "notes.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    return Server(tmp_path)


def test_the_modules_of_a_project_are_watched(server, tmp_path):
    Watch(server, tmp_path, [str(tmp_path / "docs")])

    assert server.watched == ["docs", "library.py", "package"]


def test_what_pages_read_is_watched_once_unless_it_is_already(server, tmp_path):
    watch = Watch(server, tmp_path, [str(tmp_path / "docs")])
    server.watched.clear()
    read = {
        "data/a.csv": "1",
        "docs/data.csv": "1",
        "package/part.py": "1",
        "missing.csv": None,
        "/elsewhere/b.csv": "1",
    }
    for _ in range(2):
        watch.add([Reading(read), Reading({"notes.txt": "1"})])

    assert server.watched == ["data/a.csv", "notes.txt"]
