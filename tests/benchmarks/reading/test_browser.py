"""What a view of a page in a browser sees."""

import shutil

import pytest

from benchmarks.reading import browser as module
from benchmarks.reading.browser import NAMES, browsing, view
from benchmarks.reading.host import serve

pytestmark = pytest.mark.skipif(not any(map(shutil.which, NAMES)), reason="no Chromium")

PAGE = """\
<!doctype html><title>x</title><link rel=icon href=data:,>
<p>text <math><mi>x</mi></math> and <math><mi>y</mi></math></p>
<script defer src=/later.js></script>
"""
LATER = """
document.body.prepend(Object.assign(document.createElement("div"), {style: "height: 200px"}));
document.body.insertAdjacentHTML("beforeend", "<math><mi>z</mi></math>");
"""
FOREIGN = "<script defer src=https://elsewhere.example/formulas.js></script>\n"


@pytest.fixture
def look(tmp_path, monkeypatch):
    """Return a function from a page's HTML to what is seen of it, and the bytes that were sent."""
    monkeypatch.setattr(module, "REST", 0.7)

    def look(html):
        (tmp_path / "index.html").write_text(html)
        (tmp_path / "later.js").write_text(LATER)
        with serve(tmp_path) as host, browsing() as browser:
            return view(browser, host, ""), sum(host.sent)

    return look


def test_a_view_sees_formulas_and_shifts_that_come_late(look):
    seen, sent = look(PAGE)

    assert (seen.requests, seen.transferred) == (2, sent)
    assert seen.foreign == ()
    assert seen.formulas == 3
    assert seen.set_after > 0.3  # the answers for the page and the script each take 150 ms
    assert seen.shift > 0


def test_a_request_to_another_host_is_counted_and_has_no_answer(look):
    seen, sent = look(PAGE + FOREIGN)

    assert seen.foreign == ("elsewhere.example",)
    assert (seen.requests, seen.transferred) == (2, sent)


def test_a_page_without_formulas_has_no_time_of_the_last_one(look):
    seen, _ = look("<!doctype html><title>x</title><link rel=icon href=data:,><p>text")

    assert (seen.formulas, seen.set_after) == (0, None)


def test_a_page_that_does_not_load_is_an_error(look, monkeypatch):
    monkeypatch.setattr(module, "LIMIT", 0.1)

    with pytest.raises(RuntimeError, match=r"must load within 0\.1 s"):
        look(PAGE)
