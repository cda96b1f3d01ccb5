"""Cards, which introduce a page where somebody links to it."""

import io

import numpy as np
import pytest
from PIL import Image

from literate.card import SIZE, draw_card, tag_card

LONG = "Why a title may take all the room that a card has, and then some more of it "


def pixels(*texts):
    with Image.open(io.BytesIO(draw_card(*texts))) as image:
        return np.asarray(image.convert("RGB")).astype(int)


def rows_with_ink(card):
    """Give for each row whether anything is written in it."""
    return (card.sum(axis=2) < 3 * 200).any(axis=1)


def test_a_card_has_the_size_that_its_tags_name():
    with Image.open(io.BytesIO(draw_card("A", "B", "C"))) as image:
        assert image.size == SIZE
    assert all(f'content="{side}"' in tag_card("<head></head>", "card.png") for side in SIZE)


def test_the_same_texts_give_the_same_bytes_and_others_give_others():
    assert draw_card("A", "B", "C") == draw_card("A", "B", "C")
    assert len({draw_card(*texts) for texts in ("ABC", "XBC", "AXC", "ABX")}) == 4


@pytest.mark.parametrize("title", ["One", LONG, 9 * LONG, "x" * 40])
def test_a_margin_stays_free_and_the_foot_is_apart(title):
    card = pixels(title, 20 * LONG, "The site")
    ink = (card.sum(axis=2) < 3 * 200).any(axis=0)

    assert not ink[:90].any()
    assert not ink[1110:].any()
    assert not rows_with_ink(card)[488:505].any()
    assert rows_with_ink(card)[505:534].any()


def test_a_title_too_long_for_its_room_ends_in_dots():
    assert draw_card(9 * LONG, "", "") == draw_card(20 * LONG, "", "")


def test_text_is_dark_on_white():
    card = pixels("Title", "", "")

    assert tuple(card[0, 0]) == (255, 255, 255)
    assert (card == (29, 37, 48)).all(axis=2).sum() > 500


def test_what_is_empty_is_not_named():
    assert "og:description" not in tag_card("<head></head>", "card.png", description="")


def test_only_the_head_of_a_page_is_changed():
    tagged = tag_card("<head></head><body>&lt;/head> </head></body>", "card.png")

    assert tagged.endswith("</head><body>&lt;/head> </head></body>")
