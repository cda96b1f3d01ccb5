"""Drawings that open large."""

import lxml.html

from literate.weave.zoom import enlarge

SVG = '<svg viewBox="0 0 90 60.5" width="120" role="img"><path id="fig-line-0" d="M0 0l1 1"/></svg>'
IMAGES = (
    '<img alt="A." src="../a.webp#only-light" width="9"><img alt="A." src="../b.webp#only-dark">'
)


def frame(html):
    return lxml.html.fragment_fromstring(html)


def test_each_button_opens_the_popover_of_its_own_drawing():
    page = frame(f"<p>{enlarge(SVG, 1)}{enlarge(SVG, 2)}</p>")

    opened = page.xpath("//button/@popovertarget")
    assert opened == page.xpath("//*[@popover][svg]/@id")
    assert len(set(opened)) == 2


def place(drawing):
    """Give the attributes of the empty drawing that stands under another."""
    (empty,) = frame(enlarge(drawing, 1)).xpath("./svg")
    assert len(empty) == 0
    return dict(empty.attrib)


def test_a_frame_keeps_the_place_of_a_drawing():
    assert place(SVG) == {"viewbox": "0 0 90 60.5", "width": "120"}
    assert "style" not in enlarge(SVG, 1)


def test_the_order_of_its_attributes_is_of_no_importance():
    turned = SVG.replace('viewBox="0 0 90 60.5" width="120"', 'width="120" viewBox="0 0 90 60.5"')

    assert place(turned) == place(SVG)


def test_a_drawing_itself_is_not_changed():
    assert SVG in enlarge(SVG, 1)


def test_an_image_is_enlarged_in_both_schemes():
    (popover,) = frame(enlarge(IMAGES, 1)).xpath("//*[@popover]")

    assert popover.xpath("./img/@src") == ["../a.webp#only-light", "../b.webp#only-dark"]
