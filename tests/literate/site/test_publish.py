"""A new site in the place of an old one."""

import os
import subprocess
import sys


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
