"""The records of what running gives."""

import dataclasses
import pickle

import pytest

from literate.result import (
    ALT,
    ID,
    Failure,
    Figure,
    Limits,
    Ran,
    Reading,
    Run,
    name_drawing,
    richest,
)

SVG = f'<svg aria-label="{ALT}"><path id="{ID}0"/><use href="#{ID}0"/><text>{ALT}</text></svg>'


def test_every_id_of_a_drawing_begins_with_its_name():
    assert name_drawing(SVG, "fig-a", "").count("fig-a-0") == 2
    assert ID not in name_drawing(SVG, "fig-a", "")


def test_a_drawing_takes_its_alternative_text_once_as_one_line_that_is_no_markup():
    named = name_drawing(SVG, "fig-a", 'A "line"\n  & <more>')

    assert 'aria-label="A &quot;line&quot; &amp; &lt;more&gt;"' in named
    assert f"<text>{ALT}</text>" in named


@pytest.mark.parametrize(
    ("forms", "media"),
    [
        (["text/plain", "text/markdown", "text/html", "text/latex"], "text/latex"),
        (["text/plain", "text/markdown", "text/html"], "text/html"),
        (["text/plain", "text/markdown"], "text/markdown"),
        (["application/json", "text/plain"], "text/plain"),
    ],
)
def test_the_richest_form_that_a_page_can_hold_is_shown(forms, media):
    assert richest({form: f"as {form}" for form in forms}) == (media, f"as {media}")


def test_a_value_that_no_page_can_hold_is_an_empty_text():
    assert richest({"application/json": "{}"}) == ("text/plain", "")


def test_a_run_comes_out_of_another_process_as_it_went_in():
    ran = Ran("a", "b", {"text/plain": "1"}, (Figure("", 9, b"1", b"2"),), (("c",),), ((),))
    reading = Reading({"a.csv": None}, {"numpy": "2"}, ["b.csv"], "opens a database")
    run = Run("page.md", [[ran], [Failure(3, "KeyError", "trace")]], 1.5, reading)

    assert pickle.loads(pickle.dumps(run)) == run  # noqa: S301 - it was written a line above


@pytest.mark.parametrize("record", [Failure(1, "a"), Figure("", 1), Limits(), Ran()])
def test_what_a_step_gave_cannot_be_changed(record):
    field = dataclasses.fields(record)[0].name

    with pytest.raises(dataclasses.FrozenInstanceError, match=field):
        setattr(record, field, None)


def test_each_run_has_a_record_of_its_own():
    Run("a.md").results.append([])
    Reading().files["a"] = None

    assert Run("b.md").results == []
    assert Reading().files == {}
