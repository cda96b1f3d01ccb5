"""The records of a page."""

import dataclasses

import pytest

from literate import page as records
from literate.page import Block, Reference, Value, fill_all
from literate.read import read

TEXT = "Title\n\n```python\nx = 2\n```\n\n{{ x }}\n"


def value(expression):
    return Value(0, 0, 1, expression, "", math=False)


def test_texts_are_filled_each_with_its_own_values_in_order():
    texts = [(value("a"), " of ", value("b")), ("alone",), ("", value("c"))]

    filled = fill_all(texts, [("1", "2"), (), ("3",)], lambda reference: reference.label)

    assert filled == ["1 of 2", "alone", "3"]


def test_a_reference_takes_no_value():
    text = (value("a"), Reference(0, 0, 1, "fig-b"), value("c"))

    assert fill_all([text], [("1", "2")], lambda reference: f"<{reference.label}>") == ["1<fig-b>2"]


def test_texts_without_the_values_for_them_are_refused():
    with pytest.raises(ValueError, match="zip"):
        fill_all([("a",), ("b",)], [()], str)


def test_no_text_is_none():
    assert fill_all([], [], str) == []


@pytest.mark.parametrize(
    "name", [name for name in records.__all__ if dataclasses.is_dataclass(getattr(records, name))]
)
def test_a_record_is_frozen(name):
    assert getattr(records, name).__dataclass_params__.frozen


def test_a_page_that_was_read_and_its_chains_cannot_be_changed():
    page = read(TEXT)
    (chain,) = page.chains
    for record, field in ((page, "chains"), (chain, "expected"), (chain, "steps")):
        with pytest.raises(dataclasses.FrozenInstanceError, match=field):
            setattr(record, field, None)

    # Tuples within tuples, down to the options of a block: so a page is known by its hash.
    assert hash(page) == hash(read(TEXT))
    assert isinstance(chain.steps[0], Block)


def test_pages_of_one_text_are_equal():
    assert read(TEXT) == read(TEXT)
    assert read(TEXT) != read(TEXT, "other.md")
