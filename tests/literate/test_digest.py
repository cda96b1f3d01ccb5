"""Names of content, of packages and of files."""

import hashlib
import importlib.metadata
import os
import sys
from pathlib import Path

import pytest

from literate.digest import (
    INSTALLED,
    LIBRARY,
    LINK,
    LISTING,
    PACKAGES,
    STATUS,
    digest,
    is_importable,
    name_in,
    owners,
    sha256,
    version,
)


def test_a_text_is_named_by_the_hash_of_its_bytes():
    # The example of FIPS 180-2, section B.1.
    assert sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert sha256("ä") == hashlib.sha256(b"\xc3\xa4").hexdigest()


def test_a_file_is_named_by_its_content(tmp_path):
    one, other = tmp_path / "one", tmp_path / "other"
    one.write_bytes(b"abc")
    other.write_bytes(b"abc")

    assert digest(str(one)) == digest(str(other)) == sha256("abc")


def test_a_folder_is_named_by_the_names_in_it(tmp_path):
    (tmp_path / "b").write_text("1")
    before = digest(f"{tmp_path}{LISTING}")
    (tmp_path / "b").write_text("2")
    same = digest(f"{tmp_path}{LISTING}")
    (tmp_path / "a").write_text("")

    assert before == same == sha256("b")
    assert digest(f"{tmp_path}{LISTING}") == sha256("a\nb")
    assert digest(f"{tmp_path}{LISTING}", [f"{tmp_path}/a"]) == sha256("b")


def test_what_there_is_is_named_by_its_kind_its_size_and_its_rights(tmp_path):
    (tmp_path / "b").write_text("12")
    (tmp_path / "link").symlink_to("b")

    (tmp_path / "b").chmod(0o644)
    (tmp_path / "lost").symlink_to("none")
    tmp_path.chmod(0o750)

    assert digest(f"{tmp_path}/b{STATUS}") == "2 bytes, 644"
    assert digest(f"{tmp_path}/link{STATUS}") == "a link to b, 2 bytes, 644"
    assert digest(f"{tmp_path}/lost{STATUS}") == "a link to none, nothing"
    assert digest(str(tmp_path)) == "a folder"
    assert digest(f"{tmp_path}{STATUS}") == "a folder, 750"
    assert digest(f"{tmp_path}/link{LINK}") == "b"
    assert digest(os.devnull) == "no file"


def test_a_listing_tells_of_the_kind_of_each_entry(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").symlink_to("a")
    (tmp_path / "c").write_text("")
    os.mkfifo(tmp_path / "d")

    assert digest(f"{tmp_path}{LISTING}") == sha256("a\0folder\nb\0link\nc\nd\0")


@pytest.mark.skipif(not hasattr(os, "setxattr"), reason="the system has no attributes of files")
def test_a_status_tells_of_the_attributes_of_a_file(tmp_path):
    file = tmp_path / "a"
    file.write_text("")
    file.chmod(0o644)
    try:
        os.setxattr(file, "user.unit", b"cm")
    except OSError:
        pytest.skip("the file system has no attributes of files")

    assert digest(f"{file}{STATUS}") == "0 bytes, 644, user.unit=b'cm'"


def test_what_is_neither_has_no_name(tmp_path):
    (tmp_path / "loop").symlink_to("loop")

    assert digest(str(tmp_path / "none")) is None
    assert digest(str(tmp_path / "loop")) is None
    assert digest(f"{tmp_path}/none{LISTING}") is None


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/project/data/a.csv", "data/a.csv"),
        ("/project", "."),
        ("/elsewhere/a.csv", "/elsewhere/a.csv"),
        ("/project-two/a.csv", "/project-two/a.csv"),
        ("/proc/self/status", None),
        (f"{LIBRARY}/a.py", None),
        (f"{PACKAGES[0]}/a.py", None),
        (f"{sys.prefix}/share/a.csv", f"{sys.prefix}/share/a.csv"),
    ],
)
def test_a_path_is_named_from_the_project(path, name):
    assert name_in("/project", path) == name


def test_a_project_inside_of_the_system_is_a_project():
    root = f"{PACKAGES[0]}/project"

    assert name_in(root, f"{root}/a.py") == "a.py"
    assert name_in(root, f"{PACKAGES[0]}/a.py") is None


def test_an_environment_inside_of_a_project_belongs_to_the_system():
    root = str(Path(sys.prefix).parent)

    assert name_in(root, f"{PACKAGES[0]}/a.py") is None


def test_a_package_is_named_by_its_version():
    assert version("numpy") == importlib.metadata.version("numpy")
    assert version("no-such-package") is None


def test_a_module_is_owned_by_the_package_that_installs_it():
    assert owners("numpy") == ["numpy"]
    assert owners("PIL") == ["pillow"]
    assert owners("absent") == []
    assert is_importable("PIL")
    assert not is_importable("absent")


def test_all_packages_together_have_the_version_of_their_names(tmp_path, monkeypatch):
    monkeypatch.setattr("literate.digest.PACKAGES", (str(tmp_path), str(tmp_path / "none")))
    nothing = version(INSTALLED)
    for name in ("six.py", "six-1.0.dist-info"):
        (tmp_path / name).mkdir()
    six = version(INSTALLED)
    (tmp_path / "six-1.0.dist-info").rename(tmp_path / "six-1.1.dist-info")

    assert version(INSTALLED) == six != nothing
    assert is_importable("six")
