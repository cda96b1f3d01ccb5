"""What every test starts from."""

import os
import subprocess
import sys
from pathlib import Path

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


class FreshFigures:
    """No test finds the figures that another left open, those of the pages' blocks included."""

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_teardown(self):
        if plt := sys.modules.get("matplotlib.pyplot"):
            plt.close("all")


def pytest_configure(config):
    config.pluginmanager.register(FreshFigures())
