"""A site that is served is, after any edits, what a build of it all would give."""

import shutil
import tempfile
import threading
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.livereload import LiveReloadServer

CONFIG = """\
site_name: Project
use_directory_urls: {urls}
theme: {{name: material, font: false}}
plugins: [search, literate]
markdown_extensions: [admonition]
"""
FILES = {
    "library.py": "def double(x):\n    return 2 * x\n",
    "data.csv": "1,2,3",
    "docs/index.md": "# Home\n\nTo [one](one.md#part) and two.\n",
    "docs/one.md": "# One $a_1$\n\n## Part\n\n```python\nfrom library import double\nx = 1\n```\n\n"
    "Twice: {{ double(x) }}.\n",
    "docs/two.md": "---\ntitle: Two\n---\n\n```python\n#| fig-cap: Points.\n#| fig-alt: Points.\n"
    "from pathlib import Path\nimport matplotlib.pyplot as plt\n"
    "plt.plot([int(n) for n in Path('data.csv').read_text().split(',')]);\n```\n\nEnd 0.\n",
}
BLOCK = "\n```python\nx = {0}\n```\n\nIt is {{{{ x }}}}.\n"


class Served:
    """A project that is served, but for the waiting."""

    def __init__(self, folder):
        self.folder = folder
        self.site = Path(tempfile.mkdtemp(dir=folder.parent))
        self.plugins = {}
        config = self.config()
        config.plugins.on_startup(command="serve", dirty=False)
        self.plugin = config.plugins["literate"]
        self.builds = 0
        self.after_each = lambda: None
        self.server = LiveReloadServer(self.build, "127.0.0.1", 0, str(self.site))
        self.build(config)
        self.server.watch(config.docs_dir)
        self.server.watch(config.config_file_path)
        config.plugins.on_serve(self.server, config=config, builder=self.build)

    def config(self):
        # MkDocs keeps plugins from one build to the next; these are of this server alone.
        dict(MkDocsConfig._schema)["plugins"].plugin_cache = self.plugins
        return load_config(str(self.folder / "mkdocs.yml"), site_dir=str(self.site))

    def build(self, config=None):
        self.builds += 1
        if config is None:
            config = self.config()
        build(config, serve_url="http://127.0.0.1/")

    def save(self):
        """Let the server build what was saved."""
        self.server._want_rebuild = True
        while self.server._want_rebuild:
            self.server._want_rebuild = False
            self.server.builder()
            self.after_each()

    def close(self):
        self.server.observer.stop()
        self.plugin.on_shutdown()
        self.server.observer.join()
        self.server.server_close()
        shutil.rmtree(self.site)


def fresh(folder):
    """Return a site that is built of it all."""
    served = Served(folder)
    copy = Path(tempfile.mkdtemp(dir=folder.parent))
    shutil.copytree(served.server.root, copy, dirs_exist_ok=True)
    served.close()
    return copy


def contents(site):
    """Return what is in the files of a site, but for one that holds the time of its build."""
    return {
        path.relative_to(site): path.read_bytes()
        for path in site.rglob("*")
        if path.is_file() and path.name != "sitemap.xml.gz"
    }


@pytest.fixture
def served(tmp_path):
    """Return what serves the project."""
    for name, text in {"mkdocs.yml": CONFIG.format(urls="true"), **FILES}.items():
        path = tmp_path / "project" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    served = Served(tmp_path / "project")
    yield served
    served.close()


def write(served, name, old, new):
    path = served.folder / name
    path.write_text(path.read_text().replace(old, new))
    served.save()
    return Path(served.server.root, "two/index.html").read_text()


def test_an_edit_of_a_page_or_of_what_it_reads_builds_no_other(served):
    pages = {path: path.stat().st_mtime_ns for path in Path(served.server.root).rglob("*.html")}

    assert "<p>Finish.</p>" in write(served, "docs/two.md", "End 0.", "Finish.")
    drawn = write(served, "library.py", "2 *", "3 *")
    assert drawn != write(served, "data.csv", "1,2,3", "1,2,9")

    assert "Twice: 3." in Path(served.server.root, "one/index.html").read_text()
    assert served.builds == 1
    touched = {path.parent.name for path, time in pages.items() if path.stat().st_mtime_ns != time}
    assert touched == {"one", "two"}


def test_a_save_that_changes_nothing_builds_nothing(served):
    wanted = served.server._wanted_epoch
    write(served, "docs/two.md", "End 0.", "End 0.")
    served.save()

    assert served.builds == 1
    assert served.server._wanted_epoch == wanted


def test_the_notebook_follows(served):
    config = CONFIG.format(urls="true").replace("literate]", "literate: {notebooks: true}]")
    (served.folder / "mkdocs.yml").write_text(config)
    served.save()
    for old, new in [("x = 1\n", "x = 1 / 0\n"), ("x = 1 / 0\n", "x = 3\n")]:
        write(served, "docs/one.md", old, new)
        whole = fresh(served.folder)

        assert contents(Path(served.server.root)) == contents(whole)
    assert served.builds == 2


def test_another_title_shows_at_once_and_then_on_the_other_pages(served):
    shown = []
    served.after_each = lambda: shown.append(
        [
            "Again" in Path(served.server.root, name).read_text()
            for name in ("two/index.html", "index.html")
        ]
    )
    write(served, "docs/two.md", "title: Two", "title: Again")

    assert shown == [[True, False], [True, True]]


def test_a_newer_save_ends_a_run_that_is_outdated(served):
    path = served.folder / "docs/one.md"
    text = path.read_text()
    path.write_text(text.replace("x = 1\n", "import time\ntime.sleep(60)\nx = 1\n"))

    def save_again():
        path.write_text(text.replace("x = 1\n", "x = 7\n"))
        served.server._want_rebuild = True

    started = time.monotonic()
    threading.Timer(1, save_again).start()
    served.save()

    assert "Twice: 14." in Path(served.server.root, "one/index.html").read_text()
    assert time.monotonic() - started < 30
    assert served.builds == 1


class Editing(RuleBasedStateMachine):
    """An author at work."""

    @initialize(urls=st.booleans())
    def begin(self, urls):
        self.parent = Path(tempfile.mkdtemp())
        self.folder = self.parent / "project"
        self.write("mkdocs.yml", CONFIG.format(urls=str(urls).lower()))
        for name, text in FILES.items():
            self.write(name, text)
        self.served = Served(self.folder)
        self.count = 0

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def change(self, name, old, new):
        path = self.folder / name
        if path.exists():
            self.write(name, path.read_text().replace(old, new))

    def pages(self):
        return sorted((self.folder / "docs").glob("*.md"))

    @rule(index=st.integers(0, 9))
    def write_prose(self, index):
        self.count += 1
        page = self.pages()[index % len(self.pages())]
        page.write_text(page.read_text() + f"\nSentence {self.count} with $b_{self.count}$.\n")

    @rule(index=st.integers(0, 9))
    def write_code(self, index):
        self.count += 1
        page = self.pages()[index % len(self.pages())]
        page.write_text(page.read_text() + BLOCK.format(self.count))

    @rule(number=st.integers(1, 9))
    def change_data(self, number):
        self.write("data.csv", f"1,{number},3")

    @rule(number=st.integers(2, 5))
    def change_the_library(self, number):
        self.write("library.py", f"def double(x):\n    return {number} * x\n")

    @rule()
    def break_a_block(self):
        self.change("docs/one.md", "x = 1\n", "x = 1 / 0\n")

    @rule()
    def mend_it(self):
        self.change("docs/one.md", "x = 1 / 0\n", "x = 1\n")

    @rule()
    def break_a_formula(self):
        self.change("docs/one.md", "$a_1$", "$\\nonsense$")

    @rule()
    def mend_that(self):
        self.change("docs/one.md", "$\\nonsense$", "$a_1$")

    @rule()
    def title(self):
        self.count += 1
        self.change("docs/two.md", "title: ", f"title: {self.count} ")

    @rule(text=st.sampled_from(["# New\n", "New.\n" + BLOCK.format(3)]))
    def new_page(self, text):
        self.count += 1
        self.write(f"docs/new{self.count}.md", text)

    @rule(index=st.integers(0, 9))
    def delete(self, index):
        others = [page for page in self.pages() if page.name.startswith("new")]
        if others:
            others[index % len(others)].unlink()

    @rule()
    def rename(self):
        self.count += 1
        if (self.folder / "docs/two.md").exists():
            (self.folder / "docs/two.md").rename(self.folder / f"docs/new{self.count}.md")

    @invariant()
    def the_site_is_that_of_a_build_of_it_all(self):
        self.served.save()
        whole = fresh(self.folder)
        try:
            served, built = contents(Path(self.served.server.root)), contents(whole)
            assert served.keys() == built.keys()
            assert [str(name) for name in built if served[name] != built[name]] == []
        finally:
            shutil.rmtree(whole)

    def teardown(self):
        if hasattr(self, "served"):
            self.served.close()
            shutil.rmtree(self.parent)


class TestEditing(Editing.TestCase):
    settings = settings(
        max_examples=2,
        stateful_step_count=10,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
