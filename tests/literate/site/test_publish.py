"""A site is published whole, whatever kills, second builds, mounts and hidden files do."""

import errno
import os
import random
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from mkdocs.exceptions import PluginError

from literate.site import publish
from literate.site.publish import NewSite

NAMESPACES = subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False)
needs_mounts = pytest.mark.skipif(NAMESPACES.returncode != 0, reason="no right to mount")

BUILD = """
import os, signal, sys
from pathlib import Path
from literate.site import publish

count, ways, name, content = int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4]
if ways == "renames":
    publish._exchange = lambda *_: False
if ways == "files":
    publish._is_mounted = lambda _: True

def hear(event, arguments):
    "Die at one of the moments at which something changes on the disk."
    global count
    if event in {"os.rename", "os.link", "os.remove", "os.rmdir", "os.mkdir", "open", "exchange"}:
        count -= 1
        if not count:
            os.kill(os.getpid(), signal.SIGKILL)

exchange = publish._exchange
publish._exchange = lambda *paths: (sys.audit("exchange"), exchange(*paths))[1]
new = publish.NewSite(Path(name))
for file in range(3):
    path = new.built / f"{content}-{file}" / "index.html"
    path.parent.mkdir(parents=True)
    path.write_text(content)
(new.built / "index.html").write_text(content)
sys.addaudithook(hear)
new.publish()
new.discard()
print("done")
"""


def fill(folder, content):
    """Put a site into a folder: each of its files says which."""
    for name in ("index.html", *(f"{content}-{file}/index.html" for file in range(3))):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)


def publish_site(site, content):
    new = NewSite(site)
    fill(new.built, content)
    new.publish()
    new.discard()


def fail_to_publish(site):
    new = NewSite(site)
    fill(new.built, "half")
    new.discard()


def shown(site):
    """Give what the site consists of; it must be one site, and all of it."""
    files = [p for p in site.rglob("*") if p.is_file() and p.relative_to(site).parts[0][0] != "."]
    contents = {path.read_text() for path in files}
    assert len(files) == 4, files
    assert len(contents) == 1
    return contents.pop()


def leftovers(site):
    around = [*site.parent.iterdir(), *site.iterdir()]
    return [path.name for path in around if path.name.startswith(f".{site.name}")]


@pytest.fixture
def site(tmp_path):
    site = tmp_path / "site"
    fill(site, "old")
    return site


def without_exchange(monkeypatch):
    monkeypatch.setattr(publish, "_exchange", lambda *_: False)


def as_a_mount(monkeypatch):
    monkeypatch.setattr(publish, "_is_mounted", lambda _: True)


def unmovable(monkeypatch):
    """Refuse to rename a folder of the site, as an image's layer or a busy mount does."""
    rename = Path.rename

    def refuse(path, target):
        if path.name == "site" and path.parent.name[0] != ".":
            raise OSError(errno.EXDEV, "Invalid cross-device link", str(path))
        return rename(path, target)

    without_exchange(monkeypatch)
    monkeypatch.setattr(Path, "rename", refuse)


WAYS = {
    "exchange": lambda _: None,
    "renames": without_exchange,
    "mount": as_a_mount,
    "unmovable": unmovable,
}


@pytest.mark.parametrize("way", WAYS)
def test_a_site_takes_the_place_of_the_old_one_and_its_hidden_files_stay(site, way, monkeypatch):
    WAYS[way](monkeypatch)
    (site / ".htaccess").write_text("Deny from all")
    (site / ".git/objects").mkdir(parents=True)
    (site / ".git/objects/a").write_text("object")
    (site / ".git/objects/a").chmod(0o444)
    (site / ".git/link").symlink_to("nowhere")
    (site / ".well-known").mkdir(mode=0o700)
    (site / "old-0/.hidden").write_text("within a folder of the old site")
    before = (site / ".htaccess").stat()

    publish_site(site, "new")

    assert shown(site) == "new"
    assert (site / ".htaccess").read_text() == "Deny from all"
    assert (site / ".htaccess").stat().st_mode == before.st_mode
    assert (site / ".git/objects/a").stat().st_mode & 0o777 == 0o444
    assert (site / ".git/link").is_symlink()
    assert (site / ".well-known").stat().st_mode & 0o777 == 0o700
    assert not (site / "old-0").exists()
    assert leftovers(site) == []


@pytest.mark.parametrize("way", WAYS)
def test_a_file_takes_the_place_of_a_folder_and_a_folder_that_of_a_file(site, way, monkeypatch):
    WAYS[way](monkeypatch)
    (site / "new-0").write_text("a file where the new site has a folder")
    (site / "target").mkdir()
    (site / "new-1").symlink_to("target")
    shutil.rmtree(site / "old-0")
    (site / "index.html").unlink()
    (site / "index.html").mkdir()

    publish_site(site, "new")

    assert shown(site) == "new"


@pytest.mark.parametrize("way", WAYS)
def test_a_build_that_fails_leaves_the_old_site(site, way, monkeypatch):
    WAYS[way](monkeypatch)
    fail_to_publish(site)

    assert shown(site) == "old"
    assert leftovers(site) == []


def test_a_site_where_there_was_none_is_published_with_its_folders(tmp_path):
    publish_site(tmp_path / "deep/er/site", "new")

    assert shown(tmp_path / "deep/er/site") == "new"
    assert (tmp_path / "deep/er/site").stat().st_mode == (tmp_path / "deep/er").stat().st_mode


def test_a_link_stays_one_and_the_mode_of_the_folder_too(site):
    site.chmod(0o2750)
    link = site.with_name("link")
    link.symlink_to("site")

    publish_site(link, "new")

    assert link.is_symlink()
    assert shown(site) == "new"
    assert site.stat().st_mode & 0o7777 == 0o2750


def test_a_file_in_the_place_of_the_site_stays(tmp_path):
    (tmp_path / "site").write_text("mine")

    with pytest.raises(PluginError, match="/site: the site cannot be published here: it is no fol"):
        NewSite(tmp_path / "site")

    assert (tmp_path / "site").read_text() == "mine"


def run(count, way, site, content="new"):
    command = [sys.executable, "-c", BUILD, str(count), way, str(site), content]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("way", ["exchange", "renames", "files"])
def test_a_kill_at_any_moment_leaves_a_whole_site_at_the_latest_after_a_failing_build(
    site, way, monkeypatch
):
    """The moments are those at which Python changes something on the disk, one after the other."""
    (site / ".htaccess").write_text("Deny from all")
    seen = set()
    for count in range(1, 200):
        done = run(count, way, site, f"new{count}")
        if way == "exchange":  # at once
            seen.add(shown(site).rstrip("0123456789"))
        if way == "files":
            as_a_mount(monkeypatch)
        fail_to_publish(site)

        seen.add(shown(site).rstrip("0123456789"))
        assert (site / ".htaccess").read_text() == "Deny from all"
        assert leftovers(site) == []
        if "done" in done.stdout:
            break
        assert done.returncode == -signal.SIGKILL, done.stderr
        shutil.rmtree(site)
        fill(site, "old")
        (site / ".htaccess").write_text("Deny from all")
    else:
        pytest.fail("no build came to its end")
    assert seen == {"old", "new"}


def test_a_complete_site_without_an_old_one_is_not_deleted_by_a_build_that_fails(tmp_path):
    """The build that was to put it in the place of the old one was killed between two renames."""
    site = tmp_path / "site"
    fill(site, "old")
    new = NewSite(site)
    fill(new.built, "new")
    (new.folder / publish.OLD).mkdir()
    shutil.rmtree(site)  # as between two renames
    new.lock.close()

    fail_to_publish(site)

    assert shown(site) == "new"


def test_builds_at_once_never_mix(tmp_path):
    """Nothing asks for numbers of processes, which two containers may share."""
    site = tmp_path / "site"
    for way in ("exchange", "renames"):
        for turn in range(4):
            builds = [
                subprocess.Popen(
                    [sys.executable, "-c", BUILD, "0", way, str(site), f"{way}{turn}{name}"],
                    stdout=subprocess.DEVNULL,
                )
                for name in "abc"
            ]
            assert [build.wait(timeout=60) for build in builds] == [0, 0, 0]
            assert shown(site).startswith(f"{way}{turn}")
            assert leftovers(site) == []


def test_a_build_that_runs_is_left_alone_by_another_one(site):
    first = NewSite(site)
    fill(first.built, "first")
    publish_site(site, "second")
    assert shown(site) == "second"

    first.publish()
    first.discard()

    assert shown(site) == "first"
    assert leftovers(site) == []


def test_a_killed_build_that_moved_files_in_does_not_come_back_over_a_later_site(site, monkeypatch):
    as_a_mount(monkeypatch)
    later = NewSite(site)
    fill(later.built, "later")
    killed = NewSite(site)
    fill(killed.built, "killed")
    (killed.folder / publish.NAMES).write_text("[]")
    killed.lock.close()

    later.publish()
    later.discard()
    fail_to_publish(site)

    assert shown(site) == "later"


def test_what_is_not_a_builds_is_left_alone(site):
    mine = [site.with_name(name) for name in (".site-mine.building", ".site-1.old", ".sitex")]
    for folder in mine:
        folder.mkdir()
        (folder / "file").write_text("mine")

    publish_site(site, "new")

    assert all((folder / "file").read_text() == "mine" for folder in mine)


def test_a_folder_that_cannot_be_written_is_named_once(project):
    project.build()
    code = "import ctypes, os, sys; ctypes.CDLL(None).prctl(24, 1); "  # root may write everywhere
    code += "os.execv(sys.executable, [sys.executable, '-m', 'mkdocs', 'build', '-q'])"
    project.folder.chmod(0o555)
    done = subprocess.run(
        ["setpriv", "--bounding-set=-all", "--inh-caps=-all", sys.executable, "-c", code],
        cwd=project.folder,
        capture_output=True,
        text=True,
        check=False,
    )
    project.folder.chmod(0o755)

    assert done.returncode == 1
    said = f"{project.folder}: the site cannot be built in this folder: Permission denied"
    assert done.stderr.count(said) == 1
    assert "Traceback" not in done.stderr
    assert "Twice is 42" in project.html()


def in_namespace(project, *commands):
    """Run commands as they would be with mounts of their own, from the project's folder."""
    script = textwrap.dedent("\n".join(commands))
    return subprocess.run(
        ["unshare", "-m", "sh", "-ec", script],
        cwd=project.folder,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"BUILD": f"{sys.executable} -m mkdocs build", "NO_MKDOCS_2_WARNING": "1"},
    )


@needs_mounts
@pytest.mark.parametrize("mount", ["mount --bind volume site", "mount -t tmpfs none site"])
def test_a_mount_point_is_published_into(project, mount):
    for name in ("site", "volume"):
        (project.folder / name).mkdir()
    done = in_namespace(
        project,
        mount,
        "echo old > site/old.html",
        "echo secret > site/.htaccess",
        "$BUILD",
        "grep -q 'Twice is 42' site/index.html",
        "grep -q secret site/.htaccess",
        "test ! -e site/old.html",
        "ls -A site . | grep building && exit 1",
        "$BUILD",
    )

    assert done.returncode == 0, done.stdout + done.stderr


@needs_mounts
def test_a_site_in_a_lower_layer_of_an_image_is_replaced(project):
    """There the system renames no folder, neither the site nor one within it."""
    with_folder = "mkdir -p lower/site/assets/old upper/u upper/w merged"
    done = in_namespace(
        project,
        "mkdir upper && mount -t tmpfs none upper",
        with_folder,
        "cp -r mkdocs.yml library.py docs lower/",
        "echo old | tee lower/site/old.html lower/site/assets/old/a lower/site/.htaccess",
        "mount -t overlay -o lowerdir=lower,upperdir=upper/u,workdir=upper/w none merged",
        "cd merged",
        "$BUILD",
        "grep -q 'Twice is 42' site/index.html",
        "test -e site/.htaccess -a ! -e site/old.html -a ! -e site/assets/old",
        "ls -A . | grep building && exit 1",
        "true",
    )

    assert done.returncode == 0, done.stdout + done.stderr


@needs_mounts
def test_a_full_disk_is_one_error_and_the_old_site_stays(project):
    (project.folder / "small").mkdir()
    done = in_namespace(
        project,
        "mount -t tmpfs -o size=300k none small",
        "mkdir small/site && echo old > small/site/index.html",
        "$BUILD -d small/site && exit 9",
        "grep -qx old small/site/index.html",
        "test $(ls -A small) = site",
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr.count("No space left on device") == 1
    assert "Traceback" not in done.stderr


def test_builds_that_are_killed_at_any_time_lose_nothing(project):
    """The whole build is killed, with all that it started, and the next one puts it right."""
    project.write("site/.htaccess", "Deny from all")
    project.build()
    chance = random.Random(0)  # noqa: S311 - the same moments each time
    for turn in range(10):
        project.write("docs/index.md", project.PAGE + f"\nTurn {turn}.\n")
        build = project.start("build", start_new_session=True)
        time.sleep(chance.uniform(0.2, 2.5))
        os.killpg(build.pid, signal.SIGKILL)
        build.communicate()
        assert "Twice is 42" in project.html()
        assert (project.folder / "site/.htaccess").read_text() == "Deny from all"
        assert (project.folder / "site/search/search_index.json").exists()
    status, log = project.build()

    assert status == 0, log
    assert "Turn 9" in project.html()
    assert project.leftovers() == []
