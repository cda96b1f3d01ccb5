"""What a run has been seen to read and to change."""

import os

import pytest

from literate import digest
from literate.digest import INSTALLED, LINK, LISTING, PACKAGES, STATUS, sha256
from literate.result import Reading
from literate.run.kernel import Call
from literate.run.record import Record, merge


@pytest.fixture
def record(tmp_path):
    (tmp_path / "data.csv").write_text("1")
    (tmp_path / "data.csv").chmod(0o644)
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder").chmod(0o755)
    return Record(str(tmp_path), [str(tmp_path / "site")])


def test_each_question_about_a_path_has_an_answer_of_its_own(record, tmp_path):
    (tmp_path / "link").symlink_to("folder")
    for act, name in [
        ("open", "data.csv"),
        ("look", "folder"),
        ("list", "folder"),
        ("link", "link"),
    ]:
        record.take(Call(act, str(tmp_path / name)))

    assert record.tell().files == {
        "data.csv": sha256("1"),
        f"folder{STATUS}": "a folder, 755",
        f"folder{LISTING}": sha256(""),
        f"link{LINK}": "folder",
    }


def test_what_there_is_counts_beside_its_content(record, tmp_path):
    record.take(Call("look", str(tmp_path / "data.csv")))
    record.take(Call("open", str(tmp_path / "data.csv")))

    assert record.tell().files == {
        "data.csv": sha256("1"),
        f"data.csv{STATUS}": "1 bytes, 644",
    }


def test_the_program_that_a_script_names_is_run_too(record, tmp_path):
    (tmp_path / "inner").write_text(f"#! {tmp_path}/data.csv -x\n")
    (tmp_path / "outer").write_text("#!inner\n")
    (tmp_path / "itself").write_text("#!itself\n")
    record.take(Call("run", str(tmp_path / "outer")))
    record.take(Call("run", str(tmp_path / "itself")))

    assert set(record.tell().files) == {"outer", "inner", "data.csv", "itself"}


def test_bytecode_counts_by_what_it_was_made_of(record, tmp_path):
    record.take(Call("open", f"{tmp_path}/__pycache__/data.cpython-311.pyc"))
    record.take(Call("open", f"{tmp_path}/__pycache__/data.cpython-311.pyc.140000"))

    assert record.tell().files == {"data.py": None}


def test_shared_memory_counts_that_was_there_before(record, tmp_path, monkeypatch):
    monkeypatch.setattr("literate.run.record.SHARED", f"{tmp_path}/")
    record.take(Call("open", str(tmp_path / "made"), os.O_CREAT | os.O_RDWR))
    (tmp_path / "made").write_text("1")
    for name in ("made", "data.csv"):
        record.take(Call("open", str(tmp_path / name)))

    assert record.tell().files == {"data.csv": sha256("1")}


def test_what_was_installed_by_hand_is_like_the_project_s(record, tmp_path, monkeypatch):
    monkeypatch.setattr(digest, "PACKAGES", (str(tmp_path),))
    monkeypatch.setattr(digest, "SYSTEM", (str(tmp_path),))
    record.root = str(tmp_path / "folder")
    (tmp_path / "data").mkdir()
    record.take(Call("list", str(tmp_path / "data")))
    record.take(Call("look", str(tmp_path / "data/none")))

    told = record.tell()
    names = {os.path.relpath(key.partition("\0")[0], tmp_path) for key in told.files}
    assert names == {"data", "data/none"}
    assert told.missing == []


def test_what_builds_make_is_in_no_listing(record, tmp_path):
    record.take(Call("list", str(tmp_path)))
    before = record.tell()
    for name in ("site", ".site-1", ".cache", "__pycache__"):
        (tmp_path / name).mkdir()
    assert record.tell() == before

    (tmp_path / "other").mkdir()
    assert record.tell().unseen == "was run while . changed"


def test_a_file_that_is_opened_to_write_and_not_changed_is_read(record, tmp_path):
    record.take(Call("open", str(tmp_path / "data.csv"), os.O_RDWR))

    assert record.tell() == Reading({"data.csv": sha256("1")})


def test_a_file_that_is_deleted_is_changed(record, tmp_path):
    record.take(Call("change", str(tmp_path / "data.csv")))
    (tmp_path / "data.csv").unlink()

    assert record.tell() == Reading({"data.csv": None}, written=["data.csv"])


def test_an_installed_file_counts_by_its_package(record):
    record.take(Call("open", f"{PACKAGES[0]}/numpy/__init__.py"))
    record.take(Call("look", f"{PACKAGES[0]}/scipy"))

    told = record.tell()
    assert set(told.packages) == {"numpy"}
    assert told.files == {}


def test_what_is_looked_for_in_vain_among_packages_is_missing(record):
    for name in ("absent.py", "other/inner.py", "numpy/absent.py"):
        record.take(Call("look", f"{PACKAGES[0]}/{name}"))

    assert record.tell() == Reading(missing=["absent", "other"])


@pytest.mark.parametrize(
    "call", [Call("list", PACKAGES[0]), Call("open", PACKAGES[0], os.O_DIRECTORY)]
)
def test_whoever_lists_the_packages_follows_from_all_their_names(record, call):
    record.take(call)

    assert record.tell() == Reading(packages={INSTALLED: digest.version(INSTALLED)})


def test_the_parts_of_a_package_that_several_install_are_listed_as_packages_are(record):
    record.take(Call("list", f"{PACKAGES[0]}/mpl_toolkits"))
    record.take(Call("list", f"{PACKAGES[0]}/numpy"))

    assert set(record.tell().packages) == {INSTALLED}


def test_readings_are_merged_as_one_run_would_have_read():
    whole = merge(
        [
            Reading({"a": "1"}, {"numpy": "2"}, ["x"], ["b"]),
            Reading({"a": "1", "c": None}, {"scipy": "3"}, ["x"], ["d"], "asks a network"),
            Reading(unseen="opens a database"),
        ]
    )

    assert whole == Reading(
        {"a": "1", "c": None}, {"numpy": "2", "scipy": "3"}, ["x"], ["b", "d"], "asks a network"
    )
    assert merge([]) == Reading()
    assert (
        merge([Reading({"a": "1"}), Reading({"a": "2"})]).unseen == "changes a between two chains"
    )
