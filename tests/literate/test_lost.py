"""What a block does to the processes of the build, and a system that refuses: one error each."""

import os
import subprocess
import sys
import time

import pytest

SETTINGS = {
    "mkdocs.yml": (
        "site_name: Project\ntheme: {name: null, custom_dir: theme}\n"
        "plugins: [literate: {time_limit: 8, workers: 2}]\n"
    ),
    "theme/main.html": "{{ page.content }}",
    "docs/index.md": "The old site.\n",
}
SOUND = "```python\nx = 21\n```\n\nTwice is {{ 2 * x }}.\n"
KILLED = "a block of the page killed or stopped the process that runs pages"
FOREIGN = "the block wrote to files that are not its own"
LATE = "the page ran longer than 8 s, and this block was running"

RUBBISH = """\
import os
for number in range(3, 256):
    try:
        os.write(number, {data})
    except OSError:
        pass
"""
# To pipes alone: the parent has the fonts of matplotlib open as well.
PIPES = """\
import os, stat
folder = f"/proc/{os.getppid()}/fd"
for name in os.listdir(folder):
    try:
        if stat.S_ISFIFO(os.stat(f"{folder}/{name}").st_mode):
            os.write(os.open(f"{folder}/{name}", os.O_WRONLY | os.O_NONBLOCK), b"x" * 100)
    except OSError:
        pass
"""
ATTACKS = {
    "kills-the-parent": ("import os\nos.kill(os.getppid(), 9)\nwhile True: pass", {KILLED}),
    "ends-the-parent": ("import os\nos.kill(os.getppid(), 15)\nwhile True: pass", {KILLED}),
    "kills-the-parent-and-leaves-a-process": (
        (
            "import os, subprocess\nsubprocess.Popen(['sleep', '1234'], start_new_session=True)\n"
            "os.kill(os.getppid(), 9)\nwhile True: pass"
        ),
        {KILLED},
    ),
    "stops-the-parent": ("import os\nos.kill(os.getppid(), 19)\nwhile True: pass", {KILLED}),
    "stops-the-parent-and-ends": ("import os\nos.kill(os.getppid(), 19)", {KILLED}),
    "crashes-the-parent": ("import os\nos.kill(os.getppid(), 11)\nwhile True: pass", {KILLED}),
    "stops-itself": ("import os\nos.kill(os.getpid(), 19)", {LATE}),
    "rubbish": (RUBBISH.format(data="b'x' * 100"), {FOREIGN}),
    "a-little-rubbish": (RUBBISH.format(data="b'x'"), {FOREIGN}),
    "rubbish-for-ever": (RUBBISH.format(data="b'x'") + "while True: pass", {LATE}),
    "zeros": (RUBBISH.format(data="bytes(4096)"), {FOREIGN}),
    "a-length-without-end": (
        RUBBISH.format(data="b'literate' + b'\\x7f' + b'\\xff' * 23") + "while True: pass",
        {LATE},
    ),
    "a-connections-length": (RUBBISH.format(data="b'\\x7f\\xff\\xff\\xff'"), {FOREIGN}),
    "much-rubbish": (RUBBISH.format(data="b'x' * 10_000_000"), {FOREIGN}),
    "all-pipes-of-the-parent": (PIPES, {KILLED, FOREIGN}),
}


@pytest.fixture
def project(project_class, tmp_path):
    project = project_class(tmp_path, SETTINGS)
    status, log = project.build()
    assert status == 0, log
    return project


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_block_that_attacks_the_build_is_one_error_on_its_page(project, attack):
    code, messages = ATTACKS[attack]
    for name in "abyz":
        project.write(f"docs/{name}.md", SOUND)
    project.write("docs/m.md", f"# Title\n\n```python\n{code}\n```\n")
    started = time.monotonic()

    status, log = project.build()

    assert time.monotonic() - started < 120  # on a machine that does much else
    assert status == 1
    faults = [line for line in log.splitlines() if line.startswith("docs/")]
    assert faults in [[f"docs/m.md:3: {message}"] for message in messages], log
    assert "Traceback" not in log
    assert "1 fault in the pages" in log
    assert "The old site." in project.html()
    assert project.leftovers() == []
    deadline = time.monotonic() + 5
    while left := project.processes():
        assert time.monotonic() < deadline, left
        time.sleep(0.05)


def test_what_keeps_pages_from_running_at_all_is_said_without_a_traceback_of_the_build(project):
    project.write("docs/a.md", SOUND)
    project.write("broken/numpy/__init__.py", "raise ImportError('numpy is broken')")
    status, log = build(project, PYTHONPATH=str(project.folder / "broken"))

    assert status == 1
    assert "docs/a.md: the process that runs pages ended with status 1" in log
    assert "numpy is broken" in log
    assert "mkdocs/commands/build.py" not in log
    assert "The old site." in project.html()


RENDER = """
import os, sys
from pathlib import Path
from literate.notebook import Renderer

place = Path(sys.argv[1])
renderer = Renderer(place, place)
renderer.start("a", '{"cells": []}')
print(*os.listdir(place), flush=True)
os.kill(os.getpid(), 9)
"""


def test_the_notebooks_of_a_killed_build_are_deleted_by_what_renders_them(tmp_path):
    command = [sys.executable, "-c", RENDER, tmp_path]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout.startswith("literate-"), done.stderr
    deadline = time.monotonic() + 60
    while list(tmp_path.iterdir()):
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_a_server_goes_on_after_a_block_has_killed_what_runs_pages(project):
    with project.serving() as wait_for:
        wait_for("The old site.")
        project.write("docs/index.md", "```python\nimport os\nos.kill(os.getppid(), 9)\n```\n")
        wait_for(KILLED)
        project.write("docs/index.md", SOUND)
        wait_for("Twice is 42.")


def build(project, **settings):
    """Build with these variables in the environment; give the status and what was said."""
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build"],
        cwd=project.folder,
        env=os.environ | settings,
        capture_output=True,
        check=False,
    )
    return done.returncode, done.stderr.decode("utf-8", "replace")


ASCII = {
    "locale": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "streams": {"PYTHONIOENCODING": "ascii:strict"},
}


@pytest.mark.parametrize("settings", ASCII)
def test_faults_and_output_beyond_ascii_are_said_and_published_in_ascii_too(project, settings):
    project.write("docs/page.md", "```python\nprint('Größe ∑', '\\udcff')\n```\n")
    status, log = build(project, **ASCII[settings])
    assert status == 0, log
    assert "Größe ∑" in project.html("page/index.html")

    project.write("docs/index.md", "```python\nimport sys\nsys.stderr.write('Größe')\n"
                  "raise ValueError('Größe ∑ 😀')\n```\n")  # fmt: skip
    status, log = build(project, **ASCII[settings])
    assert status == 1
    assert "docs/index.md:4: ValueError: " in log
    assert "Traceback" not in log


def test_no_folder_for_temporary_files_is_needed(project):
    project.write("docs/a.md", SOUND)
    status, log = build(project, TMPDIR="/nowhere")
    assert status == 0, log


def mounted(project, mounts):
    """Build with mounts of its own."""
    script = f"{mounts}; cd {project.folder}; {sys.executable} -m mkdocs build"
    command = ["unshare", "-m", "sh", "-ec", script]
    done = subprocess.run(command, cwd=project.folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


needs_mounts = pytest.mark.skipif(
    subprocess.run(["unshare", "-m", "true"], check=False).returncode != 0,
    reason="no right to mount",
)
REFUSALS = {
    "a full cache": (
        "mount -t tmpfs -o nr_inodes=1 none .cache/literate",
        0,
        "cannot be kept: [Errno 28]",
    ),
    "a cache that is read-only": (
        "mount --bind .cache .cache; mount -o remount,ro,bind .cache",
        0,
        "cannot be kept: [Errno 30]",
    ),
    "a project that is read-only": (
        "mount --bind . .; cd $PWD; mount -o remount,ro,bind $PWD",
        1,
        "the site cannot be built in this folder",
    ),
}


@needs_mounts
@pytest.mark.parametrize("refusal", REFUSALS)
def test_a_system_that_refuses_to_write_is_no_traceback(project, refusal):
    mounts, expected, said = REFUSALS[refusal]
    project.write("docs/a.md", SOUND)
    (project.folder / ".cache/literate").mkdir(parents=True, exist_ok=True)

    status, log = mounted(project, mounts)

    assert status == expected, log
    assert log.count(said) == 1, log
    assert "Traceback" not in log
    assert "The old site." in project.html()
