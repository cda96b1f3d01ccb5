"""A new site in the place of an old one."""

import os
import subprocess
import sys

import pytest

from literate.site.publish import NewSite


def test_a_site_that_a_link_leads_to_stays_there(project):
    (project.folder / "public").mkdir()
    (project.folder / "site").symlink_to("public")
    project.build()
    project.write("docs/index.md", "New text.\n")
    status, log = project.build()

    assert status == 0, log
    assert (project.folder / "site").is_symlink()
    assert "New text." in project.html()
    assert [path.name for path in project.folder.glob(".*-*")] == []


def test_what_a_killed_build_left_goes_with_the_next(bare):
    bare.write("docs/index.md", "Text.\n")
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    bare.write(f".site-{ended.pid}/index.html", "half")
    bare.write(f".site-{os.getpid()}/index.html", "of a build that lives")

    bare.build()

    assert bare.leftovers() == [f".site-{os.getpid()}"]


@pytest.fixture
def new(tmp_path):
    """Return a site that is built, in the place of an old one."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site/old.html").write_text("old")
    new = NewSite(tmp_path / "site")
    new.built.mkdir()
    (new.built / "index.html").write_text("new")
    return new


def test_a_site_is_built_beside_the_one_that_is_there(new, tmp_path):
    assert new.built == tmp_path / f".site-{os.getpid()}"
    assert [path.name for path in new.site.iterdir()] == ["old.html"]


def test_a_complete_site_takes_the_place_of_the_old_one(new, tmp_path):
    new.publish()

    assert [path.name for path in new.site.iterdir()] == ["index.html"]
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_the_first_site_needs_no_old_one(tmp_path):
    new = NewSite(tmp_path / "site")
    new.built.mkdir()
    new.publish()

    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_what_is_discarded_leaves_the_old_site(new, tmp_path):
    new.discard()
    new.discard()

    assert [path.name for path in tmp_path.iterdir()] == ["site"]
    assert (tmp_path / "site/old.html").read_text() == "old"


def test_a_site_that_cannot_be_put_in_its_place_is_an_error(new, tmp_path):
    new.discard()

    with pytest.raises(FileNotFoundError):
        new.publish()
