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

    opened = page.xpath("//button/@popovertarget")
    assert opened == page.xpath("//*[@popover][svg]/@id")
    assert len(set(opened)) == 2


def test_a_frame_keeps_the_place_of_a_drawing():
    (frame,) = drawings(SVG.format(90, 60.5)).find_class("drawing")

    assert frame.get("style") == "--width: 90; --height: 60.5"


def test_a_drawing_itself_is_not_changed():
    assert SVG.format(90, 60) in enlarge(SVG.format(90, 60))


def test_an_image_is_enlarged_in_both_schemes():
    (popover,) = drawings(IMAGES).xpath("//*[@popover]")

    assert popover.xpath("./img/@src") == ["../a.webp#only-light", "../b.webp#only-dark"]


def test_a_picture_that_is_no_drawing_is_left_alone():
    html = '<p><svg viewBox="0 0 1 1" role="img"><g/></svg><img src="page.webp" alt="A page"></p>'

    assert enlarge(html) == html
