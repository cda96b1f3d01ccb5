"""The command, as an author calls it in a project's folder."""

import subprocess
import sys

import pytest

from literate.testing import assert_recorded

MARK = "<!--pytest-codeblocks:expected-output-->"
PAGE = f"""\
# Sums

```python
n = 3
print("sum", sum(range(n + 1)))
```

{MARK}

```
sum 6
```

For {{{{ n }}}} numbers.
"""
RECORD = "printed\n    sum 6\n{{ n }}\n    3\n"
CONFIG = "site_name: P\ntheme: {name: null, custom_dir: theme}\nplugins: [literate]\n"


@pytest.fixture
def site(tmp_path):
    """Return a folder with a site of one page."""
    return write(tmp_path, {"mkdocs.yml": CONFIG, "docs/a/sums.md": PAGE})


def write(folder, files):
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def call(folder, *arguments, module="literate"):
    """Call a command; return its exit status and what it said."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout + done.stderr


def edit(folder, name, *pairs):
    text = (folder / name).read_bytes().decode()
    for old, new in zip(pairs[::2], pairs[1::2], strict=True):
        assert old in text
        text = text.replace(old, new)
    write(folder, {name: text})


def files(folder):
    """Return all files of a project but those of the cache."""
    paths = (path for path in folder.rglob("*") if path.is_file() and ".cache" not in path.parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def times(folder):
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.suffix != ".json"}


def test_a_new_page_is_recorded_and_then_as_recorded(site):
    report = (
        "docs/a/sums.md:3: printed, line 1 is new\n    is   sum 6\n"
        "docs/a/sums.md:14: {{ n }} is new\n    is   3\n"
    )
    assert call(site, "check") == (1, f"{report}1 page not as recorded; see `literate accept`\n")
    assert not (site / "tests").exists()
    assert call(site, "accept") == (0, f"{report}1 page accepted\n")
    assert (site / "tests/published/a/sums.record").read_text("utf-8") == RECORD
    assert (site / "docs/a/sums.md").read_text("utf-8") == PAGE
    assert call(site, "check") == (0, "1 page as recorded\n")


def test_a_change_is_shown_accepted_in_page_and_record_and_accepted_once(site):
    call(site, "accept")
    edit(site, "docs/a/sums.md", "n = 3", "n = 4")
    report = (
        "docs/a/sums.md:3: printed, line 1 changed\n    was  sum 6\n    is   sum 10\n"
        "docs/a/sums.md:10: recorded output, line 1 changed\n    was  sum 6\n    is   sum 10\n"
        "docs/a/sums.md:14: {{ n }} changed\n    was  3\n    is   4\n"
    )

    assert call(site, "check") == (1, f"{report}1 page not as recorded; see `literate accept`\n")
    assert call(site, "accept") == (0, f"{report}1 page accepted\n")
    assert (site / "docs/a/sums.md").read_text() == PAGE.replace("= 3", "= 4").replace("6", "10")
    assert (site / "tests/published/a/sums.record").read_text() == RECORD.replace(
        "6", "10"
    ).replace("3", "4")
    before = times(site)
    assert call(site, "check") == (0, "1 page as recorded\n")
    assert call(site, "accept") == (0, "0 pages accepted\n")
    assert times(site) == before


def test_what_was_accepted_passes_the_build_and_the_tests(site):
    write(site, {"theme/main.html": "{{ page.content }}"})
    edit(site, "docs/a/sums.md", 'print("sum", sum(range(n + 1)))', 'print("````\\n\\n  x")')
    call(site, "accept")
    built = call(site, "build", "--strict", module="mkdocs")
    tested = call(site, "--codeblocks", "docs", module="pytest")

    assert built[0] == 0, built[1]
    assert "1 passed" in tested[1]


def test_a_page_with_another_fault_is_not_accepted_and_others_are(site):
    others = {
        "raises": PAGE.replace("n = 3", "n = 1 / 0"),
        "refused": PAGE.replace("n = 3", "n = 4") + "\n```py\n```\n",
        "refers": PAGE.replace("n = 3", "n = 4") + "\nSee @fig-none.\n",
        "unrecordable": PAGE.replace(" + 1)))", " + 1)), end='')"),
        "reads": "```python\nfrom pathlib import Path\n\n"
        "size = len(Path('docs/data.txt').read_text())\n```\n\n{{ size }}\n",
        "writes": "```python\nfrom pathlib import Path\n\n"
        "Path('docs/data.txt').write_text('1')\n```\n",
    }
    write(site, {f"docs/{name}.md": text for name, text in others.items()})
    write(site, {"docs/data.txt": "1"})
    edit(site, "docs/a/sums.md", "n = 3", "n = 4")
    before = files(site)
    status, said = call(site, "accept")
    changed = {name for name, content in files(site).items() if before.get(name) != content}

    assert status == 1
    assert "docs/raises.md:4: ZeroDivisionError: division by zero\n" in said
    assert "docs/refused.md:16: a block runs only after ```python alone" in said
    assert "docs/refers.md:16: " in said
    assert "docs/unrecordable.md:10: what the chain prints cannot be recorded" in said
    assert "docs/reads.md:1: the page reads docs/data.txt, which docs/writes.md writes" in said
    assert said.count("docs/unrecordable.md:") == 1
    assert changed == {
        "docs/a/sums.md",
        "tests/published/a/sums.record",
        "tests/published/writes.record",
    }


def test_a_page_that_changes_while_it_runs_is_not_accepted(site):
    edit(
        site,
        "docs/a/sums.md",
        "n = 3\n",
        "n = 4\nwith open('docs/a/sums.md', 'a') as page:\n    page.write('More.\\n')\n",
    )
    status, said = call(site, "accept")

    assert status == 1
    assert "docs/a/sums.md:1: changed while it ran, and is not accepted\n" in said
    assert (site / "docs/a/sums.md").read_text().endswith("numbers.\nMore.\n")
    assert "sum 6" in (site / "docs/a/sums.md").read_text()
    assert not (site / "tests").exists()


def test_records_of_pages_that_are_gone_go_with_all_pages_and_stay_with_some(site):
    write(site, {"docs/b.md": PAGE, "docs/c.md": PAGE, "tests/published/notes.txt": "mine"})
    call(site, "accept")
    (site / "docs/b.md").unlink()
    write(site, {"docs/c.md": "# Without blocks\n"})
    status, said = call(site, "check")

    assert status == 1
    assert "docs/b.md:1: the page is gone, and its record is not\n" in said
    assert "docs/c.md:1: printed, line 1 is gone\n    was  sum 6\n" in said
    assert call(site, "check", "docs/a/sums.md") == (0, "1 page as recorded\n")
    assert call(site, "accept", "docs/a") == (0, "0 pages accepted\n")
    assert call(site, "accept")[0] == 0
    assert set(files(site / "tests/published")) == {"a/sums.record", "notes.txt"}
    assert call(site, "check") == (0, "2 pages as recorded\n")


def test_pages_are_named_from_where_the_command_is_called(site):
    write(site, {"docs/b.md": PAGE})
    (site / "elsewhere").mkdir()
    named = call(site / "elsewhere", "accept", "-f", "../mkdocs.yml", "../docs/b.md")

    assert named[0] == 0
    assert set(files(site / "tests/published")) == {"b.record"}


def test_a_tolerance_in_the_record_holds_and_is_kept(site):
    call(site, "accept")
    record = "tests/published/a/sums.record"
    edit(site, record, "{{ n }}\n    3\n", "{{ n }} ± 0.5\n    3\n")
    edit(site, "docs/a/sums.md", "{{ n }}", "{{ n }}", "n = 3", "n = 3.25", "(n + 1)", "(4)")

    assert call(site, "check") == (0, "1 page as recorded\n")
    assert call(site, "accept") == (0, "0 pages accepted\n")
    edit(site, "docs/a/sums.md", "n = 3.25", "n = 4")
    said = call(site, "accept")[1]
    assert "{{ n }} ± 0.5 changed\n    was  3\n    is   4\n" in said
    assert (site / record).read_text("utf-8").endswith("{{ n }} ± 0.5\n    4\n")


def test_the_configuration_says_where_pages_and_record_are(tmp_path):
    write(
        tmp_path,
        {
            "base.yml": "docs_dir: pages\nexclude_docs: left-out.md\ndraft_docs: draft.md\n",
            "mkdocs.yml": "INHERIT: base.yml\nsite_name: !ENV [NAME, P]\n"
            "plugins:\n  search: {}\n  literate:\n    record: !ENV [RECORD, records]\n"
            "markdown_extensions:\n  - x: {slugify: !!python/name:nowhere.at.all ''}\n"
            "  - y: !!python/object/apply:os.system ['touch made']\n",
            "pages/a.md": PAGE,
            "pages/left-out.md": PAGE,
            "pages/draft.md": PAGE,
            "pages/index.md": PAGE,
            "docs/b.md": PAGE,
        },
    )
    assert call(tmp_path, "accept")[0] == 0
    assert set(files(tmp_path / "records")) == {"a.record", "index.record"}
    assert not (tmp_path / "made").exists()
    assert call(tmp_path, "accept", "--record", "other", "pages/a.md")[0] == 0
    assert set(files(tmp_path / "other")) == {"a.record"}


def test_a_project_may_have_pages_without_a_configuration(tmp_path):
    write(tmp_path, {"docs/a.md": PAGE, "texts/b.md": PAGE, "texts/.hidden/c.md": PAGE})

    assert call(tmp_path, "accept", "--docs", "texts")[0] == 0
    assert set(files(tmp_path / "tests/published")) == {"b.record"}
    assert call(tmp_path, "check", "--docs", "texts") == (0, "1 page as recorded\n")
    assert call(tmp_path, "check", "docs/a.md")[0] == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "the following arguments are required: command"),
        (["publish"], "invalid choice: 'publish'"),
        (["check", "docs/none.md"], "docs/none.md is no page of the site, nor a folder with pages"),
        (["check", "mkdocs.yml"], "mkdocs.yml is no page of the site"),
        (["accept", "--docs", "nowhere"], "nowhere is no folder with pages"),
        (["accept", "-f", "none.yml"], "No such file or directory: 'none.yml'"),
        (["accept", "-f", "list.yml"], "list.yml is no configuration of a site"),
        (["accept", "-f", "broken.yml"], "broken.yml: "),
        (["check", "-f", "slow.yml"], "slow.yml: `time_limit`: must be at least 0.1, got 0"),
        (["check", "-f", "nowhere.yml"], "nowhere is no folder with pages"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line_with_status_2(arguments, message, site):
    write(
        site,
        {
            "list.yml": "- a\n",
            "broken.yml": "a: [\n",
            "slow.yml": "plugins:\n  - literate: {time_limit: 0}\n",
            "nowhere.yml": "docs_dir: nowhere\n",
        },
    )
    status, said = call(site, *arguments)

    assert status == 2
    assert message in said
    assert not (site / "tests").exists()


def test_a_page_behind_a_link_is_written_where_it_is_and_keeps_its_mode(site):
    write(site, {"shared/b.md": PAGE.replace("n = 3", "n = 4")})
    (site / "shared/b.md").chmod(0o640)
    (site / "docs/b.md").symlink_to("../shared/b.md")

    assert call(site, "accept")[0] == 0
    assert (site / "docs/b.md").is_symlink()
    assert "sum 10" in (site / "shared/b.md").read_text()
    assert (site / "shared/b.md").stat().st_mode & 0o777 == 0o640
    assert set(files(site / "shared")) == {"b.md"}


def test_a_site_tests_its_pages_in_one_line(site):
    with pytest.raises(AssertionError, match=r"docs/a/sums\.md:14: {{ n }} is new"):
        assert_recorded(site)
    call(site, "accept")
    assert_recorded(site)
    assert_recorded(site / "docs", "-f", "../mkdocs.yml", "a/sums.md")


def test_results_are_kept_as_in_a_build(site):
    call(site, "accept")

    assert call(site, "check", "--verbose") == (0, "1 page as recorded\ndocs/a/sums.md: kept\n")
    write(site, {"mkdocs.yml": CONFIG.replace("[literate]", "[literate: {cache: false}]")})
    assert "docs/a/sums.md: run in " in call(site, "check", "--verbose")[1]


def test_a_page_says_why_it_runs_and_what_it_follows_from(site):
    write(site, {"library.py": "n = 3\n", "docs/plain.md": "# T\n", "docs/bad.md": "```py\n```\n"})
    edit(site, "docs/a/sums.md", "n = 3", "from library import n")
    nothing = "docs/a/sums.md\nIt would run now because\n  nothing was kept of it\n"
    assert call(site, "why", "docs/a/sums.md") == (0, nothing)
    call(site, "accept", "docs/a")
    edit(site, "library.py", "n = 3", "n = 4")
    status, said = call(site, "why", "docs")

    assert status == 1
    assert "docs/bad.md:1: a block runs only after ```python alone" in said
    assert "docs/plain.md\nIt has nothing that runs.\n" in said
    assert "docs/a/sums.md\nIt would run now because\n  library.py has changed\n" in said
    assert "It last ran because\n  nothing was kept of it\n" in said
    assert "\n  it reads: library.py\n" in said
    call(site, "accept", "docs/a")
    said = call(site, "why", "docs/a/sums.md")[1]
    assert said.startswith("docs/a/sums.md\nIts results are kept: they still hold.\n")
    assert "It last ran because\n  library.py has changed\n" in said
    write(site, {"mkdocs.yml": CONFIG.replace("[literate]", "[literate: {cache: false}]")})
    assert "the site's option `cache` is off" in call(site, "why", "docs/a/sums.md")[1]
