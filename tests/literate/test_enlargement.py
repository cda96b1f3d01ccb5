"""Drawings that open large."""

import lxml.html

from literate.enlargement import enlarge

SVG = (
    '<svg viewBox="0 0 {} {}" width="120" fill="currentColor" role="img" aria-label="One line.">'
    '<path id="fig-line-0" d="M0 0l1 1"/></svg>'
)
IMAGES = (
    '<img alt="A." src="../a.webp#only-light" width="9"><img alt="A." src="../b.webp#only-dark">'
)


def drawings(html):
    return lxml.html.fragment_fromstring(enlarge(html), create_parent=True)


def test_each_button_opens_the_popover_of_its_own_drawing():
    page = drawings(f"<p>{SVG.format(90, 60)}</p><p>{SVG.format(30, 60)}</p>")

    opened = page.xpath("//button[not(@popovertargetaction)]/@popovertarget")
    assert opened == page.xpath("//*[@popover]/@id")
    assert len(set(opened)) == 2
    for drawing in page.find_class("drawing"):
        (shown, large) = drawing.xpath(".//svg")
        assert large.xpath("./use/@*") == [f"#{shown.xpath('./g/@id')[0]}"]


def test_an_enlarged_drawing_is_no_smaller_than_the_drawing():
    (large,) = drawings(SVG.format(90, 60)).xpath("//*[@popover]/svg")

    assert large.get("style") == "min-width: 90pt; min-height: 60pt"


def test_what_is_drawn_stands_on_the_page_once():
    assert enlarge(SVG.format(90, 60)).count("fig-line-0") == 1


def test_an_image_is_enlarged_in_both_schemes():
    (popover,) = drawings(IMAGES).xpath("//*[@popover]")

    assert popover.xpath("./img/@src") == ["../a.webp#only-light", "../b.webp#only-dark"]


def test_a_picture_that_is_no_drawing_is_left_alone():
    html = '<p><svg viewBox="0 0 1 1" role="img"><g/></svg><img src="page.webp" alt="A page"></p>'

    assert enlarge(html) == html
