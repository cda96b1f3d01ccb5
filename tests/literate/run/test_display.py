"""What a block shows at its place, and that the tests see the same text."""

import base64
import io
import subprocess
import sys

import pytest
from PIL import Image

from literate.read import read
from literate.result import Display, Failure
from literate.run.display import _image, _static

IMPORT = "from IPython.display import Image, SVG, display\n"
AS_TESTED = """
import sys
code = sys.stdin.read()
exec(code, {"__MODULE__": "__main__"})
"""


def png(width):
    """Return a PNG of some width."""
    buffer = io.BytesIO()
    Image.new("RGBA", (width, 2)).save(buffer, "png")
    return buffer.getvalue()


@pytest.mark.parametrize(
    "code",
    [
        "display(1, 'two', [3])\nprint(4)",
        "display()",
        "class A:\n    __repr__ = lambda self: 'a\\nb'\ndisplay(A(), A())",
        "import contextlib, io\nwith contextlib.redirect_stdout(io.StringIO()):\n display(5)",
        "import IPython.display as shown\nshown.display({'text/plain': '6'}, raw=True)",
        "import pandas\ndisplay(pandas.DataFrame({'a': [1.5, 2.25]}))",
        "print(display(7, display_id='x'))",
    ],
)
def test_the_build_compares_the_text_that_the_test_sees(code, results):
    tested = subprocess.run(
        [sys.executable, "-c", AS_TESTED],
        input=IMPORT + code,
        text=True,
        capture_output=True,
        check=True,
    )
    (ran,) = results(IMPORT + code)

    assert ran.stdout == tested.stdout


def test_each_display_stands_in_the_place_of_its_text(results):
    (ran,) = results(f"{IMPORT}print('a')\ndisplay(1, 2)\nprint('b')")

    plain = [{"text/plain": text} for text in "12"]
    assert ran.displays == (Display(2, 6, plain[0]), Display(6, 6, plain[1]))


def test_what_is_displayed_by_media_type_is_taken_as_it_is(results):
    (ran,) = results(f"{IMPORT}display({{'text/markdown': '*a*'}}, raw=True)")

    assert ran.displays[0].value == {"text/markdown": "*a*"}


@pytest.mark.parametrize(
    ("data", "metadata", "width"), [(png(7), {}, 7), (png(7), {"image/png": {"width": 3}}, 3)]
)
def test_an_image_is_as_wide_as_it_says(data, metadata, width):
    for given in (data, base64.b64encode(data).decode()):
        image = _image({"image/png": given}, metadata)

        assert (image.width, image.light, image.media) == (width, data, "image/png")


@pytest.mark.parametrize(
    ("size", "width"),
    [
        ('width="30"', 30),
        ('width="30px"', 30),
        ('width="30pt" viewBox="0 0 9 9"', 40),
        ('viewBox="0 0 50.4 20"', 50),
        ('viewBox="0,0,60,20"', 60),
        ('width="100%"', 0),
        ("", 0),
    ],
)
def test_a_vector_image_is_as_wide_as_it_says(size, width):
    assert _image({"image/svg+xml": f"<svg {size}/>"}, {}).width == width


def test_an_image_that_is_displayed_by_media_type_is_a_figure(results):
    data = base64.b64encode(png(7)).decode()
    (ran,) = results(f"{IMPORT}display({{'image/png': {data!r}, 'text/plain': '<A>'}}, raw=True)")

    assert [figure.width for figure in ran.figures] == [7]
    assert ran.displays[0].value is None


def test_what_is_no_image_is_named(results):
    (failure,) = results(f"{IMPORT}x = 1\ndisplay(Image(data=b'none', format='png'))")

    assert isinstance(failure, Failure)
    assert failure.line == 4
    assert failure.message.startswith("PIL.UnidentifiedImageError: cannot identify image file")


@pytest.mark.parametrize(
    ("html", "plain", "kept"),
    [
        ("<b>1</b>", "1", True),
        ("<style scoped>b{}</style><b>1</b>", "1", True),
        ("<style>b{}</style><b>1</b>", "1", False),
        ("<style>b{}</style><b>1</b>", "<A object at 0x7f00>", True),
        ("<p><SCRIPT>f()</SCRIPT></p>", "<A object at 0x7f00>", False),
        ("<iframe src='x'>", "1", False),
        ("<video src='x'>", "1", False),
    ],
)
def test_html_counts_if_it_means_something_without_scripts(html, plain, kept):
    texts = _static({"text/html": html, "text/plain": plain})

    assert ("text/html" in texts) == kept


def test_a_frame_of_pandas_is_a_table_and_a_chart_of_plotly_is_refused(results):
    frame, chart = results(
        "import pandas\npandas.DataFrame({'a': [1]})",
        "import plotly.graph_objects as go\n\ngo.Figure(go.Bar(y=[1, 2]))",
    )

    assert "<table" in frame.value["text/html"]
    assert chart.line == 10
    assert chart.message.startswith("a script would have to show this Figure; end the line")


def test_a_value_that_the_page_does_not_show_may_be_an_address(pool):
    (run,) = pool.run([read("```python\n#| output: false\nobject()\n```\n")])

    assert not isinstance(run.results[0][-1], Failure)


def test_what_an_inline_value_displays_is_not_shown(pool):
    cont = "<!--pytest-codeblocks:cont-->\n"
    page = f"```python\n{IMPORT}```\n\n{{{{ display(1) }}}}\n\n{cont}```python\nprint(2)\n```\n"
    (run,) = pool.run([read(page)])

    assert [ran.displays for ran in run.results[0]] == [(), (), ()]
