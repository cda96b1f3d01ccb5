"""Texts that a page can hold."""

from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown import markdown

from literate.text import counted, escape, indent, legible, printable


@given(st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"])))
def test_a_text_that_is_escaped_is_read_as_it_is(text):
    assert unescape(markdown(escape(f"a{text}b"))) == f"<p>a{text}b</p>"


def test_words_and_numbers_are_not_escaped():
    assert escape("Plain words, 1 + 1.") == "Plain words, 1 + 1."


@pytest.mark.parametrize("mark", ["*a*", "_a_", "`a`", "[a](b)", "<b>", "$x$", "{{ x }}", "a | b"])
def test_no_markup_stays_markup(mark):
    assert not set(escape(mark)) & set("*_`[]<>${}|")


@given(st.text())
def test_what_can_be_printed_has_no_controls_and_keeps_the_rest(text):
    shown = printable(text)

    shown.encode()
    assert all(character in "\t\n" or ord(character) >= 32 for character in shown)
    assert shown == "".join(c for c in text if c in shown)


def test_lone_surrogates_and_delete_cannot_be_printed():
    assert printable("a\ud800b\x7fc\x00\x1bd\te\n") == "abcd\te\n"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("\x1b]8;;http://a\x07link\x1b]8;;\x07", "link"),
        ("\x1b]8;;http://a\x1b\\link", "link"),
        ("10 %\r 20 %\rdone\n", "done\n"),
        ("a\nb\rc", "a\nc"),
        ("kept\r\nend\r", "kept\nend"),
        ("beep\a", "beep"),
    ],
)
def test_a_reader_sees_what_a_terminal_shows(written, read):
    assert legible(written) == read


def test_lines_are_indented_and_blank_ones_stay_so():
    assert indent("a\n  b\n\n \nc\n", "> ") == "> a\n>   b\n\n \n> c\n"


@pytest.mark.parametrize(("number", "words"), [(0, "0 pages"), (1, "1 page"), (21, "21 pages")])
def test_things_are_counted_in_words(number, words):
    assert counted(number, "page") == words
