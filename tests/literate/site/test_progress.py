"""What a terminal shows while pages run."""

import sys

import pexpect


def test_a_terminal_shows_which_pages_still_run(bare):
    bare.write("docs/index.md", "```python\nimport time\ntime.sleep(3)\n```\n")
    terminal = pexpect.spawn(
        sys.executable, ["-m", "mkdocs", "build"], cwd=bare.folder, timeout=60, dimensions=(24, 100)
    )

    terminal.expect(r"docs/index\.md: +0%.*0/1 \[00:0\d")
    terminal.expect("1 page run, 0 kept")
    terminal.expect(pexpect.EOF)
    _, log = bare.build()
    assert "0%" not in log
