"""The README's page gives what the README says, and its commands are the ones that CI runs."""

import re
from pathlib import Path

from literate.fault import find_faults
from literate.read import read
from literate.run import Pool
from literate.weave import weave

ROOT = Path(__file__).parent.parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def squeezed(text):
    return re.sub(r"\n{2,}", "\n\n", text).strip()


def test_the_example_page_comes_out_as_shown():
    _, source, rest = re.split(r"^---$", README, flags=re.MULTILINE)
    (shown,) = re.findall(r"^````markdown\n(.*?)^````$", rest, re.MULTILINE | re.DOTALL)
    page = read(source)
    pool = Pool(ROOT)
    (run,) = pool.run([page])
    pool.close()

    assert find_faults(page, run.results) == []
    assert squeezed(weave(page, run.results).text) == squeezed(shown)


def test_every_link_leads_somewhere():
    targets = re.findall(r"\]\((?!http)([^)#]+)\)", README)

    assert len(targets) > 3
    assert all((ROOT / target).exists() for target in targets)


def test_the_two_commands_are_there_for_ci_to_find():
    assert re.findall(r"^pip install .*$", README, re.MULTILINE) == [
        "pip install -e . && mkdocs serve",
        'pip install -e ".[test]" && pytest -n logical',
    ]
