"""HTML that a value offers is written anew, and nothing of it is live."""

import pytest

from literate.weave.offered import inert


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("<p onclick=f() style='color: red' id=a>x", "<p>x</p>"),
        ("a<script>f()</script>b", "ab"),
        ("a<SCRIPT src=//x>f()</script >b", "ab"),
        ("<style>p {}</style><svg><a>x</a><script>f()</script></svg>y", "y"),
        ("<script>f()", ""),
        ("<iframe src=x>in</iframe><object data=x>in</object>out", "out"),
        ("<embed src=x>out", "out"),
        ("<svg><link><path/></svg>out", "out"),
        ("<form action=x><input value=1>in</form>", "in"),
        ("a &lt;script&gt; &amp;amp; b", "a &lt;script&gt; &amp;amp; b"),
        ('<b title="&quot;&gt;">x</b>', '<b title="&quot;&gt;">x</b>'),
        ("<!-- a --><?php b ?><!DOCTYPE html>c", "c"),
        ("<b><i>x</b>y</i>", "<b><i>x</i></b>y"),
        ("</div></section>x", "x"),
        ("<br/>a<br>", "<br>a<br>"),
        ("<custom-tag>x</custom-tag>", "x"),
    ],
)
def test_what_is_shown_is_written_anew(html, shown):
    assert inert(html) == shown


@pytest.mark.parametrize(
    "address",
    [
        "javascript:f()",
        "JavaScript:f()",
        "java&#9;script:f()",
        "&#1;javascript:f()",
        " javascript:f()//#/",
        "data:text/html,x",
        "vbscript:x",
        "//other.host/x",
    ],
)
def test_a_link_that_runs_leads_nowhere(address):
    assert inert(f'<a href="{address}">x</a>') == "<a>x</a>"


@pytest.mark.parametrize("address", ["https://a.org/?b=1:2", "#a", "page.html", "mailto:a@b.org"])
def test_a_link_to_a_place_stays(address):
    assert inert(f'<a href="{address}">x</a>') == f'<a href="{address}">x</a>'


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("data:image/png;base64,AA", True),
        ("plot.png", True),
        ("https://other.host/a.png", False),
        ("//other.host/a.png", False),
        ("data:text/html,x", False),
    ],
)
def test_no_image_comes_from_another_host(address, kept):
    assert (address in inert(f'<img src="{address}">')) == kept


def test_numbers_are_marked_column_by_column_from_the_end():
    rows = (("x", "-1.5e3", "1"), ("", "nan", "a"), ("y", "12 %", ""))
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    shown = inert(f"<table><tr><th>i</th><th>n</th><th>t</th></tr>{body}</table>")

    assert shown.count("number") == 4
    assert '<td class="number">-1.5e3</td>' in shown
    assert shown.startswith('<table><tr><th>i</th><th class="number">n</th><th>t</th></tr>')
