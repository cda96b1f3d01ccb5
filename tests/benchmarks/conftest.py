"""A project of a tool that is not there."""

import pytest

from benchmarks.peers.dialect import for_literate
from benchmarks.peers.environment import Environment
from benchmarks.peers.project import Project
from benchmarks.peers.tools import Peer


@pytest.fixture
def project(tmp_path):
    """Return a project of two pages."""
    peer = Peer("tool", (), lambda pages: [for_literate(page) for page in pages], {"a.yml": "a"})
    return Project(peer, Environment(tmp_path, tmp_path, {}), tmp_path / "site", 2)
