"""Commands: what they take, and that nothing of them is left."""

import os
import sys
import time

import psutil
import pytest

from benchmarks.peers.command import CommandError, run

SLEEPER = "import subprocess, sys; subprocess.Popen([sys.executable, '-c', {!r}]); {}"
CHILD = "import os, time; os.setsid(); open('child', 'w').write(str(os.getpid())); time.sleep(60)"


def python(code, folder, **settings):
    """Run a piece of Python."""
    return run([sys.executable, "-c", code], folder, os.environ, **settings)


def test_a_command_takes_seconds(tmp_path):
    assert 0.2 < python("import time; time.sleep(0.2)", tmp_path).seconds < 5


def test_memory_is_that_of_the_whole_tree(tmp_path):
    hold = "import time; held = b'x' * 60_000_000; time.sleep(1)"
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {hold!r}])"

    assert 60 < python(code, tmp_path).megabytes < 200


def test_a_command_that_fails_says_its_last_words(tmp_path):
    with pytest.raises(CommandError, match=r"ended with 3\n(.|\n)*so it ends"):
        python("import sys; print('so it ends'); sys.exit(3)", tmp_path)


def test_a_command_that_takes_too_long_is_killed_with_its_sessions(tmp_path):
    code = SLEEPER.format(CHILD, "import time; time.sleep(60)")
    with pytest.raises(CommandError, match="took longer than 1 s"):
        python(code, tmp_path, timeout=1)
    child = int((tmp_path / "child").read_text("utf-8"))
    for _ in range(100):
        if not psutil.pid_exists(child) or psutil.Process(child).status() == "zombie":
            return
        time.sleep(0.05)
    pytest.fail("the child lives")
