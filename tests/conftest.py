"""What every test starts from."""

import sys

import pytest


class FreshFigures:
    """No test finds the figures that another left open, those of the pages' blocks included."""

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_teardown(self):
        if plt := sys.modules.get("matplotlib.pyplot"):
            plt.close("all")


def pytest_configure(config):
    config.pluginmanager.register(FreshFigures())
