"""What every test starts from."""

import sys

import pytest
from hypothesis import HealthCheck, settings

# How long an example takes says nothing on a machine that does other things too.
settings.register_profile(
    "project", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("project")


class FreshFigures:
    """No test finds the figures that another left open, those of the pages' blocks included."""

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_teardown(self):
        if plt := sys.modules.get("matplotlib.pyplot"):
            plt.close("all")


def pytest_configure(config):
    config.pluginmanager.register(FreshFigures())
