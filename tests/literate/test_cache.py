"""What is kept and what runs again: each build is compared with one that keeps nothing."""

import ctypes
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from html import unescape
from pathlib import Path
from threading import Thread

import matplotlib as mpl
import pytest
from mkdocs.commands.build import build as build_site
from mkdocs.config import load_config
from mkdocs.exceptions import Abort

import literate.build
import literate.cache
import literate.engine
from literate.cache import Cache
from literate.digest import INSTALLED, PACKAGES, digest, version
from literate.read import read
from literate.result import Figure, Ran, Reading, Run
from literate.site.plugin import LiteratePlugin

CONFIG = """\
site_name: Project
theme: {name: null, custom_dir: theme}
plugins: [literate]
"""
FILES = {
    "mkdocs.yml": CONFIG,
    "plain.yml": CONFIG.replace("literate", "literate: {cache: false}"),
    "theme/main.html": "{{ page.content }}",
    "deep.py": "def scale(x, by=2):\n    return by * x\n",
    "library.py": "import deep\n\n\ndef double(x):\n    return deep.scale(x)\n",
    "late.py": "def triple(x):\n    return 3 * x\n",
    "unused.py": "value = 1\n",
    "docs/data.csv": "1\n2\n",
    "docs/library.md": "```python\nfrom library import double\n```\n\nTwice is {{ double(21) }}.\n",
    "docs/late.md": (
        "```python\ndef triple(x):\n    import late\n    return late.triple(x)\n```\n\n"
        "Thrice is {{ triple(7) }}.\n"
    ),
    "docs/data.md": (
        "```python\nfrom pathlib import Path\n\n"
        "text = Path('docs/data.csv').read_text()\n```\n\nThe data is {{ text.split() }}.\n"
    ),
    "docs/blocks.md": (
        "# Blocks\n\n```python\nx = [1]\n```\n\n<!--pytest-codeblocks:cont-->\n\n"
        "```python\nx.append(2)\n```\n\n<!--pytest-codeblocks:cont-->\n\n"
        "```python\nx.append(3)\nprint(x)\n```\n\nThe first is {{ x[0] }}.\n"
    ),
}
PAGES = {"blocks", "data", "late", "library"}


class Kept:
    """A project whose pages were built once."""

    def __init__(self, folder):
        self.folder = folder
        self.project = None
        self.caplog = None

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    def edit(self, name, old, new):
        text = (self.folder / name).read_text("utf-8")
        assert old in text
        self.write(name, text.replace(old, new))

    def build(self, config="mkdocs.yml"):
        """Build the site; return the pages that ran, and check that the log's last line says so."""
        self.caplog.clear()
        self.caplog.set_level("INFO", "mkdocs")
        loaded = load_config(str(self.folder / config), site_dir=str(self.folder / config[:-4]))
        loaded.plugins.on_startup(command="build", dirty=False)
        plugin = loaded.plugins["literate"]
        plugin.project = self.project
        try:
            build_site(loaded)
        finally:
            # As a server does, the test keeps the warm parent from build to build.
            self.project, plugin.project = plugin.project, None
            loaded.plugins.on_shutdown()
        ways = dict(re.findall(r"docs/(\w+)\.md: (run|kept)\b", self.caplog.text))
        ran = {page for page, way in ways.items() if way == "run"}
        last = f"{len(ran)} pages? run, {len(ways) - len(ran)} kept\n$"
        assert re.search(last, self.caplog.text)
        return ran

    @contextmanager
    def copy(self, folder):
        """Make a copy of the project in another folder."""
        copy = Kept(shutil.copytree(self.folder, folder))
        copy.caplog = self.caplog
        yield copy
        copy.project.close()

    def published(self, config="mkdocs"):
        site = self.folder / config
        files = (path for path in site.rglob("*") if path.is_file())
        return {path.relative_to(site).as_posix(): path.read_bytes() for path in files}

    def html(self, page):
        return self.published()[f"{page}/index.html"].decode()

    def rebuild(self):
        """Build with and without what is kept; return the pages that ran in the first."""
        ran = self.build()
        assert self.build("plain.yml") >= PAGES
        assert self.published() == self.published("plain")
        return ran

    def entry(self, page):
        """Return the file that keeps a page."""
        for file in (self.folder / ".cache/literate").iterdir():
            if json.loads(file.read_text().partition("\n")[2])["page"] == f"docs/{page}.md":
                return file
        raise KeyError(page)


def text_of(html):
    return unescape(re.sub("<[^>]*>", "", html))


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Return a project whose pages are kept, and a copy of it that tests may edit."""
    original = tmp_path_factory.mktemp("original")
    edited = Kept(tmp_path_factory.mktemp("edited"))
    for name, text in FILES.items():
        (original / name).parent.mkdir(parents=True, exist_ok=True)
        (original / name).write_text(text, "utf-8")
    command = [sys.executable, "-m", "mkdocs", "build", "-q", "-d", "mkdocs"]
    subprocess.run(command, cwd=original, check=True)
    yield original, edited
    edited.project.close()


@pytest.fixture
def interpreter(project, monkeypatch):
    """Return the project, watched by the interpreter as where the kernel does not tell."""
    if project.project:
        project.project.close()
    monkeypatch.setenv("LITERATE_WATCH", "interpreter")
    yield project
    project.project.close()


@pytest.fixture
def project(built, caplog):
    original, edited = built
    for path in edited.folder.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    shutil.copytree(original, edited.folder, dirs_exist_ok=True)
    edited.caplog = caplog
    return edited


def test_a_page_that_nothing_touched_is_kept(project):
    assert project.rebuild() == set()
    assert "Twice is 42" in project.html("library")


def test_a_build_without_cache_runs_every_page_and_leaves_the_entries(project):
    assert project.build("plain.yml") == PAGES
    assert project.build() == set()


EDITS = {
    "a used module": ("library.py", "scale(x)", "scale(x) + 1", {"library": "Twice is 43"}),
    "an unused module": ("unused.py", "1", "2", {}),
    "a module imported inside a function": ("late.py", "3 *", "4 *", {"late": "Thrice is 28"}),
    "a default argument that a module uses": ("deep.py", "=2", "=5", {"library": "Twice is 105"}),
    "a data file": ("docs/data.csv", "2", "3", {"data": "The data is [1, 3]"}),
    "an inline value": ("docs/blocks.md", "x[0]", "x[0] + 10", {"blocks": "The first is 11"}),
    "a format": ("docs/blocks.md", "x[0]", "x[0]:.2f", {"blocks": "The first is 1.00"}),
    "a cell option": ("docs/blocks.md", "x.app", "#| echo: fold\nx.app", {"blocks": "Code\nx.app"}),
    "a block": ("docs/blocks.md", "append(2)", "append(4)", {"blocks": "[1, 4, 3]"}),
}


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_reruns_the_pages_that_follow_from_it(project, edit):
    file, old, new, reran = EDITS[edit]
    project.edit(file, old, new)

    assert project.rebuild() == set(reran)
    for page, text in reran.items():
        assert text in text_of(project.html(page))


def test_prose_that_moves_the_lines_is_published_around_what_was_kept(project):
    project.edit("docs/blocks.md", "# Blocks", "# Three blocks\n\nNew lines.")
    project.edit("docs/blocks.md", "The first", "The very first")

    assert project.rebuild() == set()
    assert "The very first is 1" in project.html("blocks")


def test_a_page_that_runs_is_rendered_last_and_published_in_its_place(project):
    for config in ("mkdocs.yml", "plain.yml"):
        project.edit(config, "plugins: [", "plugins: [search, ")
    project.edit("docs/blocks.md", "append(2)", "append(4)")

    assert project.build() == {"blocks"}
    assert re.findall(r"docs/(\w+)\.md: (?:run|kept)", project.caplog.text)[-1] == "blocks"
    published = project.published()
    project.build("plain.yml")
    assert project.published("plain") == published


def test_the_order_of_blocks_reruns_their_page(project):
    text = FILES["docs/blocks.md"]
    project.write(
        "docs/blocks.md", text.replace("append(2)", "append(0)").replace("(3)", "(2)")
        .replace("append(0)", "append(3)")
    )  # fmt: skip

    assert project.rebuild() == {"blocks"}
    assert "[1, 3, 2]" in project.html("blocks")


def test_a_deleted_module_reruns_the_page_which_then_fails(project):
    before = project.published()
    (project.folder / "late.py").unlink()

    with pytest.raises(Abort):
        project.build()

    assert project.published() == before
    project.write("late.py", FILES["late.py"])
    assert project.rebuild() == set()


def test_a_page_that_failed_is_not_kept(project, capfd):
    project.edit("late.py", "3 * x", "x / 0")
    for _ in range(2):
        with pytest.raises(Abort):
            project.build()
        assert "docs/late.md:4: ZeroDivisionError" in capfd.readouterr().err


@pytest.mark.parametrize(
    "broken",
    [
        lambda _: b"",
        lambda content: content[: len(content) // 2],
        lambda content: content[:-1],
        lambda content: content.replace(b'"42"', b'"41"'),
        lambda content: content.replace(b"4", b"5", 1),
        lambda content: b"\xff" + content,
        lambda _: b"nonsense\n{}",
    ],
)
def test_a_broken_entry_is_none(project, broken):
    entry = project.entry("library")
    content = entry.read_bytes()
    entry.write_bytes(broken(content))
    assert entry.read_bytes() != content

    assert project.rebuild() == {"library"}
    assert "Twice is 42" in project.html("library")
    assert entry.read_bytes() == content


def test_a_clock_set_back_hides_no_edit(project):
    """A module keeps its size and its time stamp, by which bytecode would be taken for its own."""
    module = project.folder / "late.py"
    subprocess.run([sys.executable, "-m", "compileall", "-q", "-f", module], check=True)
    stamp = module.stat().st_mtime_ns
    project.edit("late.py", "3 *", "4 *")
    os.utime(module, ns=(stamp, stamp))
    os.utime(project.folder / "docs/late.md", ns=(0, 0))

    assert project.rebuild() == {"late"}
    assert "Thrice is 28" in project.html("late")

    project.edit("late.py", "4 *", "6 *")
    os.utime(module, ns=(stamp - 10**15, stamp - 10**15))
    assert project.rebuild() == {"late"}
    assert "Thrice is 42" in project.html("late")


def test_another_numpy_reruns_every_page(project, monkeypatch):
    known = literate.cache.version
    other = {"numpy": "1.0"}
    monkeypatch.setattr(literate.cache, "version", lambda name: other.get(name) or known(name))

    assert project.build() == PAGES


def test_a_changed_plugin_reruns_every_page(project, monkeypatch):
    known = literate.engine.digest
    monkeypatch.setattr(
        literate.engine, "digest", lambda path: "new" if path.endswith("weaver.py") else known(path)
    )

    assert project.build() == PAGES


def test_two_builds_at_once_do_not_disturb_each_other(project):
    shutil.rmtree(project.folder / ".cache")
    command = [sys.executable, "-m", "mkdocs", "build", "-d", project.folder / "mkdocs"]
    builds = [subprocess.Popen(command, cwd=project.folder) for _ in range(2)]

    assert [build.wait(timeout=60) for build in builds] == [0, 0]
    assert project.rebuild() == set()
    assert not list(project.folder.glob(".*mkdocs-*"))


def test_a_folder_that_cannot_be_written_is_no_obstacle(project):
    cache = project.folder / ".cache/literate"
    before = {path: path.read_bytes() for path in cache.iterdir()}
    project.edit("late.py", "3 *", "4 *")
    cache.chmod(0o555)

    def give_up_the_right_of_root_to_write_everywhere():
        ctypes.CDLL(None).prctl(24, 1)

    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "-d", project.folder / "mkdocs"],
        cwd=project.folder,
        capture_output=True,
        text=True,
        check=True,
        preexec_fn=give_up_the_right_of_root_to_write_everywhere,
    )
    cache.chmod(0o755)

    assert re.search(r"docs/late\.md: cannot be kept: \[Errno 13\]", done.stderr)
    assert "1 page run, 3 kept" in done.stderr
    assert {path: path.read_bytes() for path in cache.iterdir()} == before
    assert "Thrice is 28" in project.html("late")


def test_the_entries_of_pages_that_are_gone_go_too(project):
    entry = project.entry("late")
    other = [path for path in entry.parent.iterdir() if path != entry]
    (project.folder / "docs/late.md").unlink()

    assert project.build() == set()
    assert sorted(entry.parent.iterdir()) == sorted(other)


def test_the_entries_hold_in_another_folder(project, tmp_path):
    with project.copy(tmp_path / "copy") as copy:
        assert copy.rebuild() == set()


def test_a_build_that_cleans_the_site_still_uses_what_is_kept(project):
    command = [sys.executable, "-m", "mkdocs", "build", "--clean"]
    done = subprocess.run(command, cwd=project.folder, capture_output=True, text=True, check=True)

    assert "0 pages run, 4 kept" in done.stderr


def page_of(project, code, name="new"):
    """Put a page with one block into a project, and build it."""
    project.write(f"docs/{name}.md", f"```python\n{code}\n```\n")
    assert project.build() == {name}


def test_a_file_that_was_missing_counts_once_it_is_there(project):
    page_of(project, "from pathlib import Path\nfile = Path('docs/later.csv')\ntry:\n"
            "    print(file.read_text())\nexcept OSError:\n    print('nothing')")  # fmt: skip
    project.write("docs/later.csv", "something")

    assert project.rebuild() == {"new"}
    assert "something" in project.html("new")


def test_a_module_that_would_come_first_counts_once_it_is_there(project):
    page_of(project, "try:\n    import fast as way\nexcept ImportError:\n    import unused as way\n"
            "print(way.value)")  # fmt: skip
    project.write("fast.py", "value = 100\n")

    assert project.rebuild() == {"new"}
    assert "100" in project.html("new")

    project.write("fast/__init__.py", "value = 200\n")
    assert project.rebuild() == {"new"}
    assert "200" in project.html("new")


def test_a_module_with_the_name_of_a_standard_one_counts_once_it_is_there(project):
    page_of(project, "import statistics\nprint(statistics.__doc__[:5])")
    project.write("statistics.py", '"""Another module."""')

    assert "new" in project.rebuild()
    assert "Anoth" in project.html("new")


def test_a_folder_of_modules_that_is_missing_counts_once_it_is_there(project):
    page_of(project, "import sys\nsys.path.insert(0, 'first')\nimport unused\nprint(unused.value)")
    project.write("first/unused.py", "value = 100\n")

    assert project.rebuild() == {"new"}
    assert "100" in project.html("new")


def test_a_module_that_is_loaded_by_its_file_counts(project):
    page_of(
        project,
        "from importlib.util import module_from_spec, spec_from_file_location\n"
        "spec = spec_from_file_location('any', 'unused.py')\n"
        "module = module_from_spec(spec)\nspec.loader.exec_module(module)\nprint(module.value)",
    )
    module = project.folder / "unused.py"
    subprocess.run([sys.executable, "-m", "compileall", "-q", module], check=True)
    project.edit("unused.py", "1", "2")

    assert project.rebuild() == {"new"}
    assert "2" in text_of(project.html("new")).splitlines()


def test_a_library_of_c_counts(project):
    project.write("lib.so", "not one")
    page_of(project, "import ctypes\ntry:\n    ctypes.CDLL('./lib.so')\nexcept OSError:\n    pass")
    project.write("lib.so", "another")

    assert project.rebuild() == {"new"}


def test_a_page_that_reads_what_another_writes_is_refused(project, capfd):
    project.write("docs/writer.md", "```python\nopen('x.txt', 'w').write('1')\n```\n")
    project.write("docs/reader.md", "```python\nimport time\nopen('unused.py').read();\n```\n")
    assert project.build() == {"reader", "writer"}

    project.edit("docs/reader.md", "unused.py", "x.txt")
    with pytest.raises(Abort):
        project.build()
    message = (
        "docs/reader.md:1: the page reads x.txt, which docs/writer.md writes, in no sure order"
    )
    assert message in capfd.readouterr().err


def test_a_folder_that_is_listed_counts_by_its_names(project):
    project.write("tables/a.csv", "")
    page_of(project, "from pathlib import Path\nprint(sorted(map(str, Path('tables').glob('*'))))")
    project.write("tables/a.csv", "changed")
    assert project.rebuild() == set()

    project.write("tables/b.csv", "")
    assert project.rebuild() == {"new"}
    assert "b.csv" in project.html("new")


def test_a_file_that_a_page_writes_is_made_again_if_it_is_gone(project):
    page_of(project, "from pathlib import Path\nfile = Path('made.txt')\nfile.write_text('made')\n"
            "print(file.read_text())")  # fmt: skip
    assert project.rebuild() == set()

    (project.folder / "made.txt").unlink()
    assert project.build() == {"new"}
    assert (project.folder / "made.txt").read_text() == "made"


def test_a_page_that_makes_files_of_its_own_and_deletes_them_is_kept(project):
    page_of(project, "import tempfile\nfrom pathlib import Path\n"
            "with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile():\n"
            "    path = Path(folder, 'a')\n"
            "    path.write_text('b')\n    print(path.read_text())")  # fmt: skip

    assert project.rebuild() == set()


PROGRAM = (
    "import subprocess\nprint(subprocess.run(['cat', 'table.csv'], capture_output=True).stdout)"
)
NATIVE = """\
import ctypes
libc = ctypes.CDLL(None)
libc.fopen.restype, buffer = ctypes.c_void_p, ctypes.create_string_buffer(20)
file = ctypes.c_void_p(libc.fopen(b"table.csv", b"r"))
libc.fread(buffer, 1, 20, file)
print(buffer.value)"""
SEEN = {
    "program": PROGRAM,
    "shell": "import os\nassert os.system('test -s table.csv') == 0",
    "native code": NATIVE,
    "worker": (
        "from multiprocessing import get_context\nfrom late import size\n"
        "with get_context('spawn').Pool(1) as pool:\n    print(pool.map(size, ['table.csv']))"
    ),
    "fork": "import os\nos.fork() or (open('table.csv').read(), os._exit(0))\nos.wait()",
    "folder": (
        "import os\nfolder = os.open('.', 0)\n"
        "print(os.read(os.open('table.csv', 0, dir_fd=folder), 9))"
    ),
    "walk": "import os\nprint([files for *_, files, _ in os.fwalk('tables')])",
    "cwd": "print(open('/proc/self/cwd/table.csv').read())",
    "link": "import os\nprint(os.readlink('link'))",
    "size": "import os\nprint(os.stat('table.csv').st_size)",
    "existence": "import os\nprint(os.path.exists('tables/b.csv'), os.path.exists('table.csv'))",
    "map": "import numpy as np\nprint(np.memmap('table.csv', mode='r')[0])",
    "font": "from PIL import ImageFont\nprint(ImageFont.truetype('table.ttf').getname())",
}
"""What the kernel tells of, and Python's audit events do not, or not with the whole path."""


@pytest.mark.parametrize("how", SEEN)
def test_what_is_read_past_python_counts(project, how):
    project.write("table.csv", "1\n")
    project.write("tables/a.csv", "1\n")
    project.write(
        "late.py",
        FILES["late.py"] + "\n\ndef size(name):\n    return len(open(name).read())\n",
    )
    project.build()
    (project.folder / "link").symlink_to("a")
    font = Path(mpl.get_data_path(), "fonts/ttf")
    shutil.copy(font / "DejaVuSans.ttf", project.folder / "table.ttf")
    page_of(project, SEEN[how])
    assert project.build() == set()

    project.write("table.csv", "22\n")
    project.write("tables/b.csv", "")
    (project.folder / "link").unlink()
    (project.folder / "link").symlink_to("bb")
    shutil.copy(font / "DejaVuSerif.ttf", project.folder / "table.ttf")
    assert project.build() == {"new"}


def test_a_database_counts_by_its_content(project):
    def fill(number):
        with closing(sqlite3.connect(project.folder / "numbers.db")) as database, database:
            database.execute("create table if not exists numbers(n)")
            database.execute("insert into numbers values (?)", [number])

    fill(1)
    page_of(
        project,
        "import sqlite3\nnumbers = sqlite3.connect('numbers.db')\n"
        "print(numbers.execute('select n from numbers').fetchall())",
    )
    assert project.build() == set()

    fill(2)
    assert project.build() == {"new"}


UNSEEN = {
    "starts a program": "import subprocess\nsubprocess.run(['true'])",
    "starts a process": "import os\nos.fork() or os._exit(0)",
    "asks a network": "import socket\nsocket.getaddrinfo('127.0.0.1', 80)",
    "opens a database": "import sqlite3\nsqlite3.connect(':memory:');",
    "loads native code (lxml.etree)": "import lxml.etree",
    "loads native code (by ctypes)": "import ctypes\nctypes.CDLL(None);",
    "opens a file by its folder": "import os\nos.open('a', 0, dir_fd=os.open('docs/sub', 0))",
}


@pytest.mark.parametrize("why", UNSEEN)
def test_a_page_runs_in_every_build_where_the_system_does_not_tell(project, why, interpreter):
    project.write("docs/sub/a", "")
    page_of(interpreter, UNSEEN[why])

    assert f"docs/new.md: runs in every build, because it {why}" in interpreter.caplog.text
    assert "new" in interpreter.build()


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("import socket\nsocket.socket(type=socket.SOCK_DGRAM)", "asks a network"),
        ("open('unused.py', 'a').write('3')", "changes unused.py, which it has read"),
        ("open('unused.py', 'r+').write('3')", "changes unused.py, which it has read"),
    ],
)
def test_a_page_runs_in_every_build_that_follows_from_what_none_can_compare(project, code, why):
    page_of(project, code)

    assert f"docs/new.md: runs in every build, because it {why}" in project.caplog.text
    assert "new" in project.build()


@pytest.mark.parametrize(
    ("code", "what"),
    [
        ("import time\nprint(time.time() > 0)", "the clock"),
        ("import datetime\nprint(datetime.date.today().year > 2000)", "the clock"),
        (
            "import numpy as np\nprint(np.random.default_rng().random() < 1)",
            "chance without a seed",
        ),
        ("import os\nprint(os.environ.get('HOME', ''))", "the environment"),
    ],
)
def test_what_no_build_compares_is_said_in_the_log(project, code, what):
    page_of(project, code)

    assert f"docs/new.md: follows from {what} too, which is not compared" in project.caplog.text
    assert project.build() == set()


def test_a_page_that_seeds_its_chance_follows_from_none(project):
    page_of(project, "import numpy as np\nprint(np.random.default_rng(0).random())")

    assert "which is not compared" not in project.caplog.text


@pytest.mark.parametrize("name", ["later.so", "later.pyc", "later/inner.py"])
def test_a_module_of_any_kind_counts_once_it_is_there(project, name):
    page_of(
        project,
        "try:\n    import later\n    print('found')\nexcept ImportError:\n    print('none')",
    )
    assert project.build() == set()

    project.write(name, "")
    assert project.build() == {"new"}


def test_a_package_that_is_installed_later_counts(project, monkeypatch):
    page_of(project, "try:\n    import absent_package\nexcept ImportError:\n    print('none')")
    assert project.build() == set()

    known = literate.cache.is_importable
    found = {"absent_package"}
    monkeypatch.setattr(literate.cache, "is_importable", lambda name: name in found or known(name))
    assert project.build() == {"new"}


STYLED = """\
import os
import matplotlib.pyplot as plt
plt.style.use("own.mplstyle" if os.path.exists("own.mplstyle") else "default")
print(plt.rcParams["lines.color"])"""
STARTED = "import builtins\nprint(getattr(builtins, 'colour', 'none'))"
SETTINGS = {
    "matplotlibrc": (
        "lines.color: {}",
        "import matplotlib as mpl\nmpl.rc_file_defaults()\nprint(mpl.rcParams['lines.color'])",
    ),
    "own.mplstyle": ("lines.color: {}", STYLED),
    "start/sitecustomize.py": ("import builtins\nbuiltins.colour = '{}'", STARTED),
    "start/sitecustomize/__init__.py": ("import builtins\nbuiltins.colour = '{}'", STARTED),
    "start/usercustomize.py": ("import builtins\nbuiltins.colour = '{}'", STARTED),
}
"""Files of the project that are read before a page is watched, or by its own code."""


@pytest.mark.parametrize("name", SETTINGS)
def test_settings_of_the_project_count_once_they_are_there_and_when_they_change(
    project, monkeypatch, name
):
    """The interpreter has no user's settings in a virtual environment."""
    if project.project:
        project.project.close()
    monkeypatch.setenv("PYTHONPATH", str(project.folder / "start"))
    text, code = SETTINGS[name]
    project.write("docs/new.md", f"```python\n{code}\n```\n")
    assert "new" in project.build()
    assert project.build() == set()

    for colour in ("red", "blue"):
        project.write(name, text.format(colour))
        assert "new" in project.build()
        assert name.endswith("usercustomize.py") or colour in project.html("new")
    (project.folder / name).unlink()
    assert "new" in project.build()
    project.project.close()


LOOKING = {
    "another Python": (
        "import subprocess, sys\ncode = 'try: import absent\\nexcept ImportError: print(1)'\n"
        "subprocess.run([sys.executable, '-c', code])"
    ),
    "the packages' metadata": (
        "import importlib.metadata as metadata\n"
        "try:\n    metadata.version('absent')\nexcept metadata.PackageNotFoundError:\n    print(1)"
    ),
}


@pytest.mark.parametrize("how", LOOKING)
def test_any_package_that_is_installed_later_counts_for_who_looks_at_all(project, monkeypatch, how):
    page_of(project, LOOKING[how])
    assert project.rebuild() == set()

    known = literate.cache.version
    other = {INSTALLED: "another package"}
    monkeypatch.setattr(literate.cache, "version", lambda name: other.get(name) or known(name))
    assert project.build() == {"new"}


def test_a_package_that_a_program_looks_for_in_vain_counts_once_it_is_there(project, monkeypatch):
    page_of(project, f"import os\nos.system('cat {PACKAGES[0]}/absent_package.py')")
    assert project.build() == set()

    monkeypatch.setattr(literate.cache, "is_importable", lambda name: name == "absent_package")
    assert project.build() == {"new"}


def test_a_package_counts_that_was_loaded_before_the_page(project, monkeypatch):
    known = literate.cache.version
    monkeypatch.setattr(
        literate.cache, "version", lambda name: None if name == "cycler" else known(name)
    )

    assert project.build() == PAGES


def test_the_names_that_a_build_makes_are_none_that_a_page_follows_from(project):
    page_of(project, "import importlib.metadata\nprint(importlib.metadata.version('numpy') > '1')")

    assert project.build() == set()
    assert project.build("plain.yml") >= PAGES
    assert project.build() <= {"new"}


def test_a_folder_that_is_listed_and_changed_by_another_page_is_refused(project, capfd):
    project.write("tables/a.csv", "")
    project.write("docs/lister.md", "```python\nimport os\nos.listdir('tables');\n```\n")
    project.write("docs/writer.md", "```python\nopen('tables/b.csv', 'w').close()\n```\n")

    with pytest.raises(Abort):
        project.build()
    message = (
        "docs/lister.md:1: the page reads tables/b.csv, which docs/writer.md writes, in no sure"
    )
    assert message in capfd.readouterr().err


def test_a_file_of_the_same_name_in_another_folder_is_no_exchange(project):
    project.write("data.csv", "1")
    project.write("docs/reader.md", "```python\nprint(open('data.csv').read())\n```\n")
    project.write(
        "docs/writer.md",
        "```python\nimport tempfile\nfrom pathlib import Path\n"
        "with tempfile.TemporaryDirectory() as folder:\n"
        "    Path(folder, 'data.csv').write_text('2');\n```\n",
    )

    assert project.build() == {"reader", "writer"}
    assert project.build() == set()


def test_a_module_that_is_edited_while_the_site_is_built_stops_the_build(project, capfd):
    project.write(
        "docs/last.md",
        "```python\nfrom pathlib import Path\nimport time\ntime.sleep(0.3)\n"
        "path = Path('library.py')\n"
        "path.write_text('def double(x):\\n    return 3 * x\\n');\n```\n",
    )

    with pytest.raises(Abort):
        project.build()
    error = capfd.readouterr().err
    assert "docs/library.md:1: the page reads library.py, which docs/last.md writes" in error


def test_each_file_that_was_read_is_compared_once_before_the_site_is_published(
    project, capfd, monkeypatch
):
    compared, before = [], project.published()
    known = literate.build.digest
    monkeypatch.setattr(
        literate.build, "digest", lambda name, made: compared.append(name) or known(name, made)
    )
    project.build()
    assert len(compared) == len(set(compared))
    assert str(project.folder / "library.py") in compared

    monkeypatch.setattr(
        LiteratePlugin, "on_post_page", lambda *_, **__: project.write("library.py", "value = 1\n")
    )
    with pytest.raises(Abort):
        project.build()
    error = capfd.readouterr().err
    assert "docs/library.md:1: library.py changed while the site was built; build again" in error
    assert project.published() == before


@pytest.mark.parametrize("name", ["random", "calendar", "secrets", "numbers", "packaging"])
def test_a_module_of_the_project_is_imported_as_plain_python_would(project, name):
    project.write(f"{name}.py", "value = 'of the project'\n")
    page_of_all(project, f"import {name}\nprint({name}.value)")

    assert "of the project" in project.html("new")


def page_of_all(project, code):
    """Put a page with one block into a project, and build it with all that it concerns."""
    project.write("docs/new.md", f"```python\n{code}\n```\n")
    assert "new" in project.build()


def test_a_page_is_not_kept_if_a_file_changed_while_it_ran(project, interpreter):
    """Another program writes the module between its import and the end of the run."""
    code = "import time, unused\nopen('started', 'w').close()\ntime.sleep(1)\nprint(unused.value)"

    def edit():
        while not (project.folder / "started").exists():
            time.sleep(0.01)
        project.edit("unused.py", "1", "2")

    editing = Thread(target=edit)
    editing.start()
    page_of(interpreter, code)
    editing.join()

    assert "because it was run while unused.py changed" in interpreter.caplog.text
    assert interpreter.build() == {"new"}
    assert "2" in text_of(interpreter.html("new")).splitlines()


@pytest.mark.parametrize(
    "code",
    [
        "import traceback\nprint(traceback.format_stack()[-1])",
        "import inspect\nprint(inspect.currentframe().f_lineno)",
        "import asker\n\nprint(asker.line())",
    ],
)
def test_a_page_that_shows_its_own_lines_runs_again_when_they_move(project, code):
    project.write(
        "asker.py", "import inspect\n\n\ndef line():\n    return inspect.stack()[1].lineno\n"
    )
    page_of(project, code)
    project.write("docs/new.md", f"A paragraph.\n\n```python\n{code}\n```\n")

    assert project.rebuild() == {"new"}
    assert re.search(r"line 5|^[56]$", text_of(project.html("new")), re.MULTILINE)


def test_a_page_that_shows_its_folder_is_kept_there_alone(project, tmp_path):
    page_of(project, "import os\nprint(os.getcwd())")
    assert project.rebuild() == set()

    with project.copy(tmp_path / "copy") as copy:
        assert copy.rebuild() == {"new"}
        assert str(copy.folder) in copy.html("new")


def test_an_imported_package_counts_by_its_version(project, monkeypatch):
    page_of(project, "import scipy")
    known = literate.cache.version
    other = {"scipy": "1.0"}
    monkeypatch.setattr(literate.cache, "version", lambda name: other.get(name) or known(name))

    assert project.build() == {"new"}


def test_figures_and_values_come_back_as_they_were(tmp_path):
    page = read(
        "```python\n#| fig-cap: '{{ x }} {{ x }}'\n#| fig-alt: ['A', '{{ x }}']\nx = 1\n```\n"
    )
    figures = Figure("<svg/>", 100), Figure("", 200, b"\x00\xff", b"\x01")
    ran = Ran("out\ud800\x1b[1m", "err", {"text/html": "<b>"}, figures, (("1", "2"),), ((), ("3",)))
    run = Run(page.path, [[ran]], reading=Reading({"missing": None}))

    Cache(tmp_path / "cache", tmp_path).store(page, run)

    assert Cache(tmp_path / "cache", tmp_path).load(page) == run


PAGE = "```python\nx = 1\n```\n\n{{ x }}\n"
RAN = Ran(), Ran(value={"text/markdown": "1"})


def kept(folder, text=PAGE, **reading):
    """Keep the run of a page that read something, and return what is kept of it."""
    page = read(text)
    run = Run(page.path, [list(RAN)], reading=Reading(**reading))
    folder.mkdir(exist_ok=True)
    Cache(folder / "cache", folder).store(page, run)
    return Cache(folder / "cache", folder).load(page)


def test_a_run_is_kept_only_if_all_that_it_read_was_seen(tmp_path):
    assert kept(tmp_path) == Run("page.md", [list(RAN)], reading=Reading())
    assert kept(tmp_path / "other", unseen="asks a network") is None


def test_a_run_is_kept_by_the_content_of_what_it_read(tmp_path):
    (tmp_path / "data.csv").write_text("1")
    seen = {"data.csv": digest(str(tmp_path / "data.csv")), "missing": None}

    assert kept(tmp_path, files=seen)
    (tmp_path / "data.csv").write_text("2")
    assert Cache(tmp_path / "cache", tmp_path).load(read(PAGE)) is None
    (tmp_path / "data.csv").write_text("1")
    assert Cache(tmp_path / "cache", tmp_path).load(read(PAGE))
    (tmp_path / "missing").write_text("")
    assert Cache(tmp_path / "cache", tmp_path).load(read(PAGE)) is None


def test_a_run_is_kept_by_the_versions_of_what_it_imported(tmp_path):
    assert kept(tmp_path, packages={"numpy": version("numpy"), "no-such-package": None})
    assert kept(tmp_path, packages={"numpy": "0.1"}) is None


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        (f"# Title\n\n{PAGE}More.\n", True),
        (PAGE.replace("x = 1", "x = 2"), False),
        (PAGE.replace("{{ x }}", "{{ x:.1f }}"), False),
        (PAGE.replace("{{ x }}", "${{ x }}$"), False),
        (PAGE.replace("{{ x }}", ""), False),
    ],
)
def test_a_run_is_kept_by_what_its_steps_mean_and_not_by_where_they_stand(tmp_path, text, holds):
    kept(tmp_path)
    found = Cache(tmp_path / "cache", tmp_path).load(read(text))

    assert (found is not None) is holds


def test_what_was_made_of_a_page_is_kept_by_its_source(tmp_path):
    cache = Cache(tmp_path / "cache", tmp_path)
    made = Figure("ä", 1)
    cache.store_made("page.md", "a source", made)

    assert cache.load_made("page.md", "a source", Figure) == made
    assert cache.load_made("page.md", "another", Figure) is None
    assert cache.load_made("other.md", "a source", Figure) is None


def test_pages_that_are_gone_are_forgotten_with_what_was_made_of_them(tmp_path):
    cache = Cache(tmp_path / "cache", tmp_path)
    kept(tmp_path)
    for path in ("page.md", "gone.md"):
        cache.store_made(path, "a source", Figure("", 1))

    cache.prune(["page.md"], ".")

    assert cache.load(read(PAGE))
    assert cache.load_made("page.md", "a source", Figure) == Figure("", 1)
    assert cache.load_made("gone.md", "a source", Figure) is None
    assert len(list((tmp_path / "cache").iterdir())) == 2
