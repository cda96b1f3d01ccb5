"""A push runs the test command of the README, with pinned actions and least permissions."""

import os
import re
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent
WORKFLOWS = {path.name: path.read_text("utf-8") for path in ROOT.glob(".github/workflows/*.yml")}
PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
FAULTY = """\
permissions: write-all
jobs:
  test:
    permissions: {contents: write}
    steps:
      - uses: actions/checkout@v7
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1
"""


def faults(text):
    """Give what is careless in a workflow."""
    workflow = yaml.safe_load(text)
    yield from (f"{use} is not pinned" for use in re.findall(r"uses: (.*)", text)
                if not PINNED.fullmatch(use))  # fmt: skip
    if workflow.get("permissions") != {"contents": "read"}:
        yield "the permissions of all jobs are not the least"
    if "concurrency" not in workflow:
        yield "two runs may work at once"
    for name, job in workflow["jobs"].items():
        if "timeout-minutes" not in job:
            yield f"{name} has no time limit"
        if job.get("permissions", {}).get("contents") == "write":
            yield f"{name} may write to the repository"


def commands(text):
    jobs = yaml.safe_load(text)["jobs"].values()
    return [step["run"] for job in jobs for step in job["steps"] if "run" in step]


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_workflow_is_careful(name):
    assert list(faults(WORKFLOWS[name])) == []


def test_a_careless_workflow_would_be_found():
    assert list(faults(FAULTY)) == [
        "actions/checkout@v7 is not pinned",
        "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 is not pinned",
        "the permissions of all jobs are not the least",
        "two runs may work at once",
        "test has no time limit",
        "test may write to the repository",
    ]


def test_a_push_runs_the_test_command_of_the_readme():
    script = ROOT / ".ci/run"
    pattern = re.search(r"sed -n '/(.*)/p' README\.md", script.read_text("utf-8"))[1]
    found = [line for line in (ROOT / "README.md").read_text("utf-8").splitlines()
             if re.search(pattern, line)]  # fmt: skip

    assert ".ci/run" in commands(WORKFLOWS["site.yml"])
    assert os.access(script, os.X_OK)
    assert found == ['pip install -e ".[test]" && pytest -n logical']


def test_a_push_tests_every_python_from_the_lowest_allowed_on():
    required = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    jobs = yaml.safe_load(WORKFLOWS["site.yml"])["jobs"]
    versions = jobs["test"]["strategy"]["matrix"]["python"]

    assert required["requires-python"] == f">={versions[0]}"
    assert versions == [f"3.{minor}" for minor in range(11, 15)]


def test_the_site_is_built_strictly_and_deployed_only_when_all_tests_passed():
    jobs = yaml.safe_load(WORKFLOWS["site.yml"])["jobs"]

    assert any("mkdocs build --strict" in step.get("run", "") for step in jobs["build"]["steps"])
    assert set(jobs["build"]["needs"]) == set(jobs) - {"build", "deploy"}
    assert jobs["build"]["if"] == "github.ref == 'refs/heads/main'"
    assert jobs["deploy"]["needs"] == "build"


def test_the_results_of_pages_are_kept_between_runs():
    jobs = yaml.safe_load(WORKFLOWS["site.yml"])["jobs"]

    for name in ("test", "build"):
        (cache,) = (s["with"] for s in jobs[name]["steps"] if "actions/cache@" in s.get("uses", ""))
        assert cache["path"] == ".cache/literate"
        assert cache["key"].startswith(cache["restore-keys"])


def test_what_the_browser_saw_is_kept_where_a_test_failed():
    jobs = yaml.safe_load(WORKFLOWS["site.yml"])["jobs"]

    for name in ("test", "lowest"):
        last = jobs[name]["steps"][-1]
        assert last["if"] == "failure()"
        assert last["uses"].startswith("actions/upload-artifact@")
        assert last["with"]["path"] in (ROOT / ".gitignore").read_text("utf-8").replace("/", "")
        assert last["with"]["include-hidden-files"]  # its name begins with a dot


def test_a_commit_asks_the_tools_that_the_tests_ask():
    (repository,) = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))["repos"]
    hooks = [(hook["entry"], hook["language"]) for hook in repository["hooks"]]

    assert hooks == [("ruff format", "system"), ("ruff check", "system"), ("mypy", "system")]
