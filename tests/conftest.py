"""What every test starts from."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
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
}


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """Give the site, as it is built for a host."""
    folder = tmp_path_factory.mktemp("site")
    subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", folder],
        cwd=ROOT,
        env=os.environ | HOSTED,
        check=True,
    )
    return folder


class FreshFigures:
    """No test finds the figures that another left open, those of the pages' blocks included."""

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_teardown(self):
        if plt := sys.modules.get("matplotlib.pyplot"):
            plt.close("all")


def pytest_configure(config):
    config.pluginmanager.register(FreshFigures())
