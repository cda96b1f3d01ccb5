"""Processes beside a build."""

import json
import os

from literate import process
from literate.process import start

MODULE = """
import json, os, sys

def serve():
    import json as first
    print(json.dumps({
        "folder": os.getcwd(),
        "seed": os.environ["PYTHONHASHSEED"],
        "backend": os.environ["MPLBACKEND"],
        "json": first.__file__,
        "path": sys.path,
        "read": sys.stdin.readline(),
    }))
"""


def test_a_process_serves_in_its_folder_with_the_package_that_started_it(tmp_path, monkeypatch):
    package, project = tmp_path / "package/literate", tmp_path / "project"
    package.mkdir(parents=True)
    project.mkdir()
    (package / "__init__.py").write_text("")
    (package / "beside.py").write_text(MODULE)
    (project / "json.py").write_text("raise ValueError")
    monkeypatch.setattr(process, "__file__", str(package / "process.py"))

    beside = start("beside", project)
    answer, _ = beside.communicate(b"a line\n")
    said = json.loads(answer)

    assert beside.returncode == 0
    assert said["folder"] == str(project)
    assert (said["seed"], said["backend"]) == ("0", "agg")
    assert said["read"] == "a line\n"
    # A module of the project does not stand in the place of one that the process loads.
    assert said["json"] == json.__file__
    assert not {str(project), str(package.parent), ""} & set(said["path"])


def test_a_process_has_the_environment_of_the_build(tmp_path, monkeypatch):
    monkeypatch.setenv("LITERATE_TEST", "here")
    monkeypatch.setattr(process, "START", "import os; print(os.environ['LITERATE_TEST'])")

    answer, _ = start("none", tmp_path).communicate()

    assert answer.decode() == f"here{os.linesep}"
