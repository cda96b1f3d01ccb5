"""What every test starts from."""

import os
import re
import subprocess
import sys
from pathlib import Path

import lxml.html
import pytest
from filelock import FileLock
from hypothesis import HealthCheck, settings

# How long an example takes says nothing on a machine that does other things too.
settings.register_profile(
    "project", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("project")

ROOT = Path(__file__).parent.parent
HOSTED = {
    "EDIT_URI": "edit/main/docs/",
    "NO_MKDOCS_2_WARNING": "1",
    "REPO_URL": "https://code.example/worked-solutions",
    "SITE_URL": "https://site.example/",
    "SOURCE_DATE_EPOCH": "1700000000",
}


@pytest.fixture(scope="session")
def hosted():
    """Give the environment in which the site is built for a host."""
    return os.environ | HOSTED


@pytest.fixture(scope="session")
def site(tmp_path_factory, hosted):
    """Give the site, as it is built for a host: once, however many processes run the tests."""
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "site"
    with FileLock(folder.with_suffix(".lock")):
        if not folder.exists():
            subprocess.run(
                [
                    sys.executable,
                    "-m",
                    "mkdocs",
                    "build",
                    "--strict",
                    "--quiet",
                    "--site-dir",
                    own / "new",
                ],
                cwd=ROOT,
                env=hosted,
                check=True,
            )
            (own / "new").rename(folder)
    return folder


ADDED = (
    ".//a[@class='headerlink' or @id='__skip' or contains(@class, 'md-content__button')]"
    " | .//form | .//nav | .//aside | .//p[@class='notebook']"
)
AROUND = (
    ".//p[span[@class='drawing']] | .//p[not(node())] | .//div[not(@class)]"
    " | .//a[contains(@class, 'autorefs')]"
)
"""A paragraph around a drawing, one that a browser ends before a `div`, and links in code."""


@pytest.fixture(scope="session")
def article():
    """Give what an article says: its elements and texts, without what only one site adds."""

    def article(path):
        parser = lxml.html.HTMLParser(encoding="utf-8")
        (content,) = lxml.html.parse(path, parser).xpath("//article")
        content.attrib.clear()
        for added in content.xpath(ADDED):
            added.drop_tree()
        for around in content.xpath(AROUND):
            around.drop_tag()
        for hint in content.xpath(".//*[@data-search-exclude]"):
            del hint.attrib["data-search-exclude"]
        said = lxml.html.tostring(content, encoding="unicode")
        return re.sub(r"\s+", " ", re.sub(r"\s*(<[^>]*>)\s*", r"\1", said))

    return article


class FreshFigures:
    """No test finds the figures that another left open, those of the pages' blocks included."""

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_teardown(self):
        if plt := sys.modules.get("matplotlib.pyplot"):
            plt.close("all")


def pytest_configure(config):
    config.pluginmanager.register(FreshFigures())
