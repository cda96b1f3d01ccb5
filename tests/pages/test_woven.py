"""The site's pages without the plugin: other builders make the same articles of them."""

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent.parent
PAGES = [
    path.relative_to(ROOT / "docs").with_suffix("").as_posix()
    for path in sorted((ROOT / "docs").rglob("*.md"))
    if "```python\n" in path.read_text("utf-8") and "\n::: " not in path.read_text("utf-8")
]
CONFIG = {
    "site_name": "Plain",
    "docs_dir": "out",
    "theme": {"name": "material", "font": False},
    "plugins": [],
    "extra_css": ["assets/literate/literate.css"],
}
EXTENSIONS = [
    "pymdownx.blocks.caption",
    "pymdownx.highlight",
    {"tables": {"use_align_attribute": True}},
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Give a folder with the woven pages, built by plain MkDocs and by Zensical."""
    folder = tmp_path_factory.mktemp("woven")
    extensions = (ROOT / "mkdocs.yml").read_text("utf-8").partition("\nmarkdown_extensions:")[2]
    config = CONFIG | {"markdown_extensions": yaml.safe_load(extensions) + EXTENSIONS}
    weave = ["literate", "weave", "docs", str(folder / "out")]
    subprocess.run([sys.executable, "-m", *weave], cwd=ROOT, check=True)
    for builder in ("mkdocs", "zensical"):
        (folder / f"{builder}.yml").write_text(yaml.safe_dump(config | {"site_dir": builder}))
        build = [builder, "build", "-f", f"{builder}.yml"]
        subprocess.run([sys.executable, "-m", *build], cwd=folder, check=True)
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("builder", ["mkdocs", "zensical"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_the_same_article_without_the_plugin(page, builder, folder, site, article):
    name = "index.html" if page == "index" else f"{page}/index.html"

    assert article(folder / builder / name) == article(site / name)
