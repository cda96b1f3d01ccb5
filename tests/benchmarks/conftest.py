"""A project of a tool that is not there."""

import pytest

from benchmarks.dialect import for_literate
from benchmarks.environment import Environment
from benchmarks.peer import Peer
from benchmarks.project import Project


@pytest.fixture
def project(tmp_path):
    """Give a project of two pages."""
    peer = Peer("tool", (), lambda pages: [for_literate(page) for page in pages], {"a.yml": "a"})
    return Project(peer, Environment(tmp_path, tmp_path, {}), tmp_path / "site", 2)
