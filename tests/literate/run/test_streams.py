"""What a step writes, to Python's streams and past them."""

import json
import subprocess
import sys

import pytest

from literate.run import streams
from literate.run.streams import Tape

# Streams takes over those of its process, so that it is tried in one of its own.
TRY = """
import json, os, sys
from literate.run import streams
result = os.fdopen(os.dup(1), "w")
streams.OUTPUT_LIMIT = 1000
taken = streams.Streams()
said = []
"""


def cuts(code):
    """Return what is appended to ``said`` by code that writes to streams that are taken."""
    done = subprocess.run(
        [sys.executable, "-c", f"{TRY}{code}\njson.dump(said, result)\n"],
        capture_output=True,
        text=True,
        check=True,
        input="a line that nobody reads\n",
    )
    return json.loads(done.stdout)


def test_a_tape_is_cut_from_step_to_step():
    tape = Tape()
    tape.write("a")
    print("b", file=tape)

    assert tape.cut() == "ab\n"
    assert tape.cut() == ""
    tape.write("c")
    assert tape.cut() == "c"


def test_a_tape_takes_so_much_a_step_and_not_more(monkeypatch):
    monkeypatch.setattr(streams, "OUTPUT_LIMIT", 3)
    tape = Tape()
    tape.write("abc")
    with pytest.raises(OverflowError, match=r"^a block may print 3 characters$"):
        tape.write("d")

    assert tape.cut() == "abc"
    tape.write("def")
    assert tape.cut() == "def"


def test_each_step_has_what_it_wrote():
    said = cuts(
        "print('one'); print('bad', file=sys.stderr); said.append(taken.cut())\n"
        "said.append(taken.cut())\n"
        "print('two'); said.append(taken.cut())"
    )

    assert said == [["one\n", "bad\n"], ["", ""], ["two\n", ""]]


def test_what_is_written_past_python_counts_as_errors():
    said = cuts(
        "import subprocess\n"
        "os.write(1, b'by number\\n'); subprocess.run(['echo', 'by a program'])\n"
        "sys.__stdout__.write('by the first stream\\n'); print('by Python')\n"
        "said.append(taken.cut())\n"
        "os.write(2, b'\\xff then'); said.append(taken.cut())"
    )

    assert said[0][0] == "by Python\n"
    assert sorted(said[0][1].splitlines()) == ["by a program", "by number", "by the first stream"]
    assert said[1] == ["", "\N{REPLACEMENT CHARACTER} then"]


def test_a_stream_that_is_kept_writes_on():
    assert cuts(
        "kept = sys.stdout; taken.cut(); print('on', file=kept); said.append(taken.cut())"
    ) == [["on\n", ""]]


def test_reading_finds_the_end_of_the_file():
    assert cuts("said.append(sys.stdin.read())") == [""]


def test_too_much_past_python_is_an_error():
    said = cuts(
        "try:\n    for _ in range(100):\n        os.write(1, b'x' * 100)\n"
        "except OSError:\n    pass\n"
        "try:\n    taken.cut()\n"
        "except OverflowError as error:\n    said.append(str(error))\n"
    )

    assert said == ["a block may print 1,000 characters"]
