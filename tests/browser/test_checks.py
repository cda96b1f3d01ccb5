"""Each check finds what is wrong with a small page, and leaves one alone that is right."""

import pytest

from . import checks

SVG = '<svg role="img" aria-label="a drawing" width="200" height="200">{}</svg>'


def drawing(content):
    return f'<body style="background: #fff"><article>{SVG.format(content)}</article></body>'


@pytest.mark.parametrize(
    ("check", "content", "fault"),
    [
        ("unset_formulas", '<span class="arithmatex">\\(x\\)</span>', r"not set: \(x\)"),
        (
            "unset_formulas",
            '<span class="arithmatex"><math><mi>x</mi></math></span>',
            "STIX Two Math is not loaded",
        ),
        (
            "hidden_figures",
            '<article><figure><svg width="0"></svg>Figure 1.</figure></article>',
            "cannot be seen: Figure 1.",
        ),
        (
            "hidden_figures",
            '<article><figure style="opacity: 0"><svg></svg>Figure 2.</figure></article>',
            "cannot be seen: Figure 2.",
        ),
        ("pale_drawings", drawing('<text y="50" fill="#999">pale</text>'), 'text "pale" 2.85'),
        (
            "pale_drawings",
            drawing('<rect width="99" height="99" fill="#333"/><text y="50">dark</text>'),
            'text "dark" 1.66',
        ),
        (
            "pale_drawings",
            drawing('<path d="M0 0 9 9" stroke="#ccc"/>'),
            "stroke 204,204,204,1 1.61",
        ),
        ("overflowing", '<div style="width: 2000px; height: 1px"></div>', "px wider"),
        (
            "clipped",
            '<article style="overflow: hidden"><p style="width: 2000px">out</p></article>',
            "cut off at the right: <p",
        ),
        (
            "clipped",
            '<article style="overflow: hidden"><pre style="overflow: auto; width: 2000px">out',
            "cut off at the right: <pre",
        ),
        (
            "off_paper",
            '<article style="overflow: auto"><p style="width: 2000px">out</p></article>',
            "off the paper: <p",
        ),
        (
            "foreign_fonts",
            '<style>@font-face {font-family: F; src: url("https://fonts.example/f.woff2")}</style>',
            "a font from https://fonts.example/f.woff2",
        ),
        ("inaccessible", '<img src="data:,">', "image-alt: <img"),
        (
            "inaccessible",
            "<article>"
            + "<p>one <em>two</em></p>" * 9
            + "<p>one <em class=pale>two</em></p></article>"
            "<style>p {background: #fff} .pale {color: #999}</style>",
            "color-contrast: <em",
        ),
        ("inaccessible", '<p style="color: #999; background: #fff">pale</p>', "color-contrast: <p"),
    ],
)
def test_a_fault_is_found(blank, check, content, fault):
    blank.set_content(f"<html lang='en'><title>Wrong</title><main>{content}</main></html>")
    faults = getattr(checks, check)(blank)

    assert any(fault in found for found in faults), faults


@pytest.mark.parametrize(
    ("check", "content"),
    [
        ("pale_drawings", drawing('<text y="50" fill="#767676">4.54 to white</text>')),
        (
            "pale_drawings",
            drawing('<rect width="200" height="99" fill="#333"/><text y="50" fill="#fff">a</text>'),
        ),
        (
            "clipped",
            '<article style="overflow: auto"><p style="width: 2000px">in reach</p></article>',
        ),
        ("overflowing", '<div style="overflow: auto"><p style="width: 2000px">in</p></div>'),
        ("foreign_fonts", '<style>@font-face {font-family: F; src: url("data:,")}</style>'),
        ("inaccessible", "<h1>A title</h1>"),
        (
            "inaccessible",
            '<article><div style="overflow: auto; width: 10em">'
            + "<p>incomprehensible<br>unintelligible</p>" * 2,
        ),
    ],
)
def test_what_is_right_is_left_alone(blank, check, content):
    blank.set_content(f"<html lang='en'><title>Right</title><main>{content}</main></html>")

    assert getattr(checks, check)(blank) == []


def test_what_moves_is_measured(page):
    page.goto("404.html")
    page.set_content("<p id='top'></p><p style='height: 300px'>This is pushed down.</p>")
    page.wait_for_timeout(50)
    page.evaluate("document.getElementById('top').style.height = '400px'")

    assert checks.layout_shift(page) > 0.02
