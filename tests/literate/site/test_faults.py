"""What no page may break: each fault is named at its line, in time, and the old site stays."""

import os
import re
import signal
import time

import pytest

CONFIG = """\
site_name: Project
theme: {name: null, custom_dir: theme}
plugins:
  - literate: {time_limit: 3, memory_limit: 300}
"""
SETTINGS = {"mkdocs.yml": CONFIG, "theme/main.html": "{{ page.content }}"}

# Of each fault the page, and the message after the name of the page's file.
FAULTS = {
    "endless": (
        (
            "```python\nx = 1\n```\n\n<!--pytest-codeblocks:cont-->\n\n"
            "```python\nwhile True:\n    x += 1\n```\n"
        ),
        "7: the page ran longer than 3 s, and this block was running\n",
    ),
    "sleeping": (
        "```python\nimport time\ntime.sleep(100)\n```\n",
        "1: the page ran longer than 3 s, and this block was running\n",
    ),
    "deaf": (
        (
            "```python\nimport signal\nfor number in range(1, 20):\n"
            "    if number not in (9, 19):\n        signal.signal(number, signal.SIG_IGN)\n"
            "while True: pass\n```\n"
        ),
        "1: the page ran longer than 3 s, and this block was running\n",
    ),
    "print-at-once": (
        "```python\nx = 1\nprint('x' * 10**9)\n```\n",
        "3: MemoryError (a chain may allocate 300 MB)\n",
    ),
    "print-line-by-line": (
        "```python\nfor _ in range(10**7):\n    print('x' * 99)\n```\n",
        "3: OverflowError: a block may print 1,000,000 characters\n",
    ),
    "print-past-python": (
        "```python\nimport os\nfor _ in range(1000):\n    os.write(1, b'x' * 10**6)\n```\n",
        "1: OverflowError: a block may print 1,000,000 characters\n",
    ),
    "print-by-program": (
        "```python\nimport subprocess\nsubprocess.run(['yes'])\n```\n",
        "1: OverflowError: a block may print 1,000,000 characters\n",
    ),
    "errors-without-end": (
        "```python\nimport sys\nwhile True:\n    print('x' * 99, file=sys.stderr)\n```\n",
        "4: OverflowError: a block may print 1,000,000 characters\n",
    ),
    "memory": (
        "```python\nx = []\nwhile True:\n    x.append(bytearray(10**6))\n```\n",
        "4: MemoryError (a chain may allocate 300 MB)\n",
    ),
    "memory-of-arrays": (
        "```python\nimport numpy as np\nnp.ones((10**5, 10**5))\n```\n",
        "3: numpy._core._exceptions._ArrayMemoryError: Unable to allocate 74.5 GiB",
    ),
    "recursion": (
        "```python\ndef f():\n    f()\nf()\n```\n",
        "3: RecursionError: maximum recursion depth exceeded",
    ),
    "exit": ("```python\nimport sys\nsys.exit(0)\n```\n", "3: SystemExit: 0\n"),
    "exit-at-once": (
        "```python\nimport os\nos._exit(0)\n```\n",
        "1: the block ended the interpreter (exit status 0)\n",
    ),
    "crash": (
        "```python\nimport ctypes\nctypes.string_at(0)\n```\n",
        "3: the block crashed the interpreter (SIGSEGV)\n",
    ),
    "abort": (
        "```python\nimport os\n\nos.abort()\n```\n",
        "4: the block crashed the interpreter (SIGABRT)\n",
    ),
    "killed": (
        "```python\nimport os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n```\n",
        "1: the block crashed the interpreter (SIGKILL)\n",
    ),
    "fork-goes-on": (
        "```python\nimport os, time\nif os.fork():\n    os._exit(7)\ntime.sleep(100)\n```\n",
        "1: the block ended the interpreter (exit status 7)\n",
    ),
    "closes-what-is-not-its-own": (
        "```python\nimport os\nos.closerange(3, 100)\nwhile True: pass\n```\n",
        "1: the block closed files that are not its own\n",
    ),
    "input": ("```python\nx = input()\n```\n", "2: EOFError: EOF when reading a line\n"),
    "interrupt": ("```python\nraise KeyboardInterrupt\n```\n", "2: KeyboardInterrupt\n"),
    "value-raises": (
        "```python\nx = 0\n```\n\nText,\n{{ 1 / x }} text.\n",
        "6: ZeroDivisionError: division by zero\n",
    ),
    "value-is-no-expression": (
        "```python\nx = 0\n```\n\nText,\n{{ x = 1 }} text.\n",
        "6: `x = 1` is not an expression; write \\{{ for braces that are text\n",
    ),
    "fence-is-not-closed": ("Text.\n\n```python\nx = 1\n", "3: this fence is never closed\n"),
    "not-utf-8": (b"Text.\n\nCaf\xe9.\n", "3: the page is not UTF-8: it has the byte 0xe9\n"),
    "byte-order-mark-before-a-fence": (
        "\ufeff```python\nx = 1\n```\n",
        "1: pytest-codeblocks does not see this line after its byte-order mark\n",
    ),
    "latex": ("Text.\n\n$\\nonsense$\n", '3: Unknown command "\\nonsense".'),
    "two-figures-with-one-label": (
        (
            "```python\n#| label: fig-a\n#| fig-cap: A.\n#| fig-alt: A.\n"
            "import matplotlib.pyplot as plt\nplt.figure();\n```\n\n"
            "```python\n#| label: fig-a\n#| fig-cap: B.\n#| fig-alt: B.\n"
            "import matplotlib.pyplot as plt\nplt.figure();\n```\n"
        ),
        "9: two figures have the label fig-a\n",
    ),
    "unknown-figure": (
        "```python\nx = 1\n```\n\nSee @fig-none.\n",
        "5: no figure has the label fig-none\n",
    ),
    "binary-garbage-as-code": (
        "```python\nx = '\0'\n```\n",
        "1: SyntaxError: source code string cannot contain null bytes\n",
    ),
}


@pytest.fixture(scope="module")
def faulty(project_class, tmp_path_factory):
    """Return a project with every fault on a page of its own: its status, its log, its seconds."""
    project = project_class(tmp_path_factory.mktemp("faulty"), SETTINGS)
    project.write("docs/index.md", "The old site.\n")
    assert project.build()[0] == 0
    for name, (page, _) in FAULTS.items():
        project.write(f"docs/{name}.md", page)
    started = time.monotonic()
    status, log = project.build("--verbose")
    return project, status, log, time.monotonic() - started


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_named_with_its_page_and_line_at_the_start_of_a_line(faulty, name):
    _, _, log, _ = faulty

    message = f"docs/{name}.md:{FAULTS[name][1]}"
    assert f"\n{message}" in f"\n{log}"


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_noticed_in_time(faulty, name):
    _, _, log, _ = faulty
    seconds = re.search(rf"docs/{name}\.md: run in (\d+\.\d\d) s", log)

    if name in {"endless", "sleeping", "deaf"}:
        assert 3 <= float(seconds[1]) < 6
    elif seconds:
        assert float(seconds[1]) < 3


def test_faults_stop_the_build_and_leave_the_old_site_and_no_process(faulty):
    project, status, log, seconds = faulty

    assert status == 1
    assert f"{len(FAULTS)} faults in the pages, named above" in log
    assert "Traceback" not in log
    assert "The old site." in project.html()
    assert not {path.name for path in (project.folder / "site").iterdir()} & set(FAULTS)
    assert project.leftovers() == []
    assert project.processes() == []
    assert seconds < 40


SOUND = {
    "empty": "",
    "blank": "\n\n",
    "front-matter-alone": "---\ntitle: A title\n---\n",
    "tabs": "- item\n\n\t```python\n\tif True:\n\t\tprint('tabs')\n\t```\n\nText\twith a tab.\n",
    "crlf": "```python\r\nx = '''a\r\nb'''\r\n```\r\n\r\nLength {{ len(x) }}.\r\n",
    "byte-order-mark": "\ufeff# Title\n\n```python\nx = 2\n```\n\nIt is {{ x }}.\n",
    "braces": "```python\nx = {'a}}': 1}\n```\n\nIt is {{ x['a}}'] }} and {{ '}}' }}.\n",
    "thread": (
        "```python\nimport threading, time\n"
        "threading.Thread(target=time.sleep, args=(100,)).start()\nprint('threaded')\n```\n"
    ),
    "program": (
        "```python\nimport subprocess\nchild = subprocess.Popen(['sleep', '100'])\n"
        "other = subprocess.Popen(['sleep', '101'], start_new_session=True)\n"
        "print('started')\n```\n"
    ),
    "show": (
        "```python\n#| fig-cap: Shown.\n#| fig-alt: A line.\n"
        "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\n```\n"
    ),
    "markup": (
        "```python\nprint('<b>bold</b> </script> **stars** `ticks` ``` $x$ {{ y }} &amp; '\n"
        "      '\\x1b[31mred\\x1b[0m \\x02wzxhzdk:0\\x03 \\x1b]8;;http://x\\x07link')\n```\n"
    ),
    "surrogate": "```python\nprint('a\\ud800b')\n```\n",
    "streams": (
        "```python\nimport os, subprocess, sys, warnings\nprint('one', file=sys.stderr)\n"
        "os.write(2, b'two\\n')\nsubprocess.run(['echo', 'three'])\n"
        "sys.__stdout__.write('four\\n')\nwarnings.warn('five')\n```\n"
    ),
    "many": "".join(
        f"```python\nx{n} = {n}\n```\n\nText {{{{ x{n} }}}}.\n\n<!--pytest-codeblocks:cont-->\n\n"
        for n in range(2000)
    )
    + "```python\nprint(x0 + x1999)\n```\n",
}


@pytest.fixture(scope="module")
def sound(project_class, tmp_path_factory):
    """Return a project of pages that are odd and right, built strictly."""
    settings = SETTINGS | {"mkdocs.yml": CONFIG.replace("time_limit: 3", "time_limit: 60")}
    project = project_class(tmp_path_factory.mktemp("sound"), settings)
    for name, page in SOUND.items():
        project.write(f"docs/{name}.md", page)
    status, log = project.build("--strict")
    assert status == 0, log
    return project, log


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("tabs", "<pre><span></span><code>tabs\n</code></pre>"),
        ("tabs", "Text    with a tab."),
        ("crlf", "Length 3."),
        ("byte-order-mark", "<h1 id=\"title\">Title</h1>"),
        ("byte-order-mark", "It is 2."),
        ("braces", "It is 1 and }}."),
        ("thread", "threaded"),
        ("program", "started"),
        ("show", "<svg "),
        (
            "markup",
            ("&lt;b&gt;bold&lt;/b&gt; &lt;/script&gt; **stars** `ticks` ``` $x$ {{ y }} &amp;amp; "
            "red wzxhzdk:0 link"),
        ),
        ("surrogate", ">ab\n"),
        ("many", "<code>1999\n</code>"),
        ("many", "Text 1998."),
    ],
)  # fmt: skip
def test_what_is_odd_and_right_is_published(sound, name, text):
    project, _ = sound

    assert text in project.html(f"{name}/index.html")


def test_what_is_written_past_the_page_is_in_the_log_with_its_page_and_line(sound):
    project, log = sound

    said = log.partition("docs/streams.md:1: ")[2].splitlines()[:6]
    assert set(said) >= {"one", "two", "three", "four"}
    assert "docs/streams.md:7: UserWarning: five" in said
    assert "output" not in project.html("streams/index.html")


def test_what_a_page_has_started_ends_with_the_build(sound):
    project, _ = sound

    assert project.processes() == []


def test_a_page_of_two_thousand_blocks_takes_seconds(sound):
    _, log = sound

    assert float(re.search(r"docs/many\.md: run in (\d+\.\d\d) s", log)[1]) < 15


SLEEPER = "```python\nopen('started', 'w').close()\nimport time\ntime.sleep(60)\n```\n"


@pytest.mark.parametrize(
    ("number", "send"),
    [
        (signal.SIGINT, os.killpg),  # as a terminal does for Ctrl-C
        (signal.SIGTERM, os.killpg),
        (signal.SIGTERM, os.kill),
        (signal.SIGKILL, os.kill),
    ],
)
def test_an_interrupted_build_leaves_no_process_and_no_half_site(
    project_class, tmp_path, number, send
):
    project = project_class(tmp_path, SETTINGS | {"docs/index.md": "The old site.\n"})
    project.build()
    project.write("docs/sleeper.md", SLEEPER)
    build = project.start("build", start_new_session=True)
    while not (tmp_path / "started").exists():
        time.sleep(0.02)
    interrupted = time.monotonic()

    send(build.pid, number)
    log, _ = build.communicate(timeout=10)

    assert build.returncode not in {0, None}
    assert "Traceback" not in log
    while project.processes():
        assert time.monotonic() - interrupted < 5
        time.sleep(0.05)
    assert "The old site." in project.html()
    assert not (tmp_path / "site/sleeper").exists()
    if number == signal.SIGINT:
        assert project.leftovers() == []
