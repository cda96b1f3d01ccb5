"""Weaving: any page, whatever its blocks give, is woven around its prose or refused at a line."""

import time

import lxml.html
from hypothesis import event, given, settings
from hypothesis import strategies as st

from literate.fault import Fault, PageError, find_faults
from literate.page import Value
from literate.read import read
from literate.result import Failure, Figure, Ran
from literate.weave import Marks, show_fault, weave

BLOCKS = [
    "```python\nx = 1\n```",
    "!!! note\n\n    ```python\n    x = 1\n    ```",
    "````python\nprint('```')\n````",
    "```python\n#| label: fig-a\n#| fig-cap: A, {{ x }}, @fig-a\n#| fig-alt: b\nx\n```",
    "```python\n#| echo: fold\n#| warning: true\nx\n```",
    "<!--pytest-codeblocks:cont-->\n\n```python\nx\n```",
    "<!--pytest-codeblocks:expected-output-->\n\n```\nx\n```",
    "<!--pytest.mark.skip-->\n\n```python\nx\n```",
    "```text\nx\n```",
]
PROSE = [
    "Text of *prose*, `code` and $x$.",
    "{{ x }} and {{ x:.3f }}, $y = {{ x }}$, {{ '}}' }}",
    "- item",
    "<!-- a comment -->",
    "| a | {{ x }} |",
    "\x0c\x1c\u2028\x85\ufeff",
    "\t",
]
REFUSED = ["{{ x", "See @fig-a.", "@fig-none", "```", "<!--"]
PIECES = st.sampled_from(BLOCKS) | st.sampled_from(PROSE) | st.text("ab{}`$@\n\r ", max_size=8)
PAGES = st.builds(
    lambda first, pieces: "\n\n".join([first, *pieces]),
    st.sampled_from(BLOCKS),
    st.lists(PIECES | PIECES | st.sampled_from(REFUSED), max_size=8),
)
TEXTS = st.text(max_size=30) | st.sampled_from(
    ["```\n", "{{ x }}", "</script>", "\x1b[1mb", "\ud800"]
)
MEDIA = st.sampled_from(
    ["text/plain", "text/html", "text/latex", "text/markdown", "application/json"]
)
FIGURES = st.builds(Figure, TEXTS.map('<svg role="img">{}</svg>'.format), st.integers(1, 900))
IMAGES = st.builds(Figure, st.just(""), st.integers(1, 900), st.binary(), st.binary())


@st.composite
def outcomes(draw, chain):
    """Return what a chain might come to."""
    given_ = []
    for step in chain.steps:
        if draw(st.integers(0, 9)) == 0:
            return [*given_, Failure(step.line, draw(TEXTS.filter(bool)) + "!", draw(TEXTS))]
        if isinstance(step, Value):
            given_.append(Ran(value={"text/markdown": draw(TEXTS)}))
            continue
        figures = draw(st.lists(FIGURES | IMAGES, max_size=2))
        value = draw(st.none() | st.dictionaries(MEDIA, TEXTS, max_size=2))
        captions, alts = (
            tuple(tuple(draw(TEXTS) for part in text if isinstance(part, Value)) for text in texts)
            for texts in (step.options.captions, step.options.alts)
        )
        given_.append(Ran(draw(TEXTS), draw(TEXTS), value, tuple(figures), captions, alts))
    return given_


def publish(text, draw):
    """Read and weave a page; None for one that is refused, whose line is checked."""
    try:
        page = read(text)
        results = [draw(outcomes(chain)) for chain in page.chains]
        faults = find_faults(page, results)
        return page, faults, weave(page, results, "folder", faults)
    except PageError as refused:
        line = refused.line
    assert 1 <= line <= text.count("\n") + 1
    return None


@given(PAGES, st.data())
@settings(max_examples=800, deadline=None)
def test_prose_is_woven_byte_for_byte_or_the_page_is_refused_at_a_line(text, data):
    published = publish(text, data.draw)
    event("refused" if published is None else f"chunks: {min(len(published[0].chunks), 5)}")
    if published is None:
        return
    page, faults, woven = published

    woven.text.encode()
    for fault in [*faults, *woven.faults]:
        assert 1 <= fault.line <= text.count("\n") + 1
    starts, at = [stretch.offset for stretch in woven.stretches], 0
    for number, chunk in enumerate(page.chunks):
        check_prose(woven, starts[2 * number], text, at, chunk.start)
        at = chunk.end
    check_prose(woven, starts[-1], text, at, len(text))


def check_prose(woven, offset, text, start, end):
    """See that a stretch of a page stands in the woven page, which knows its line."""
    assert woven.text[offset : offset + end - start] == text[start:end]
    assert start == end or woven.line(offset) == text.count("\n", 0, start) + 1


@given(st.text(), st.data())
@settings(max_examples=500, deadline=None)
def test_any_text_is_woven_or_refused_at_a_line(text, data):
    publish(text, data.draw)


def test_what_is_printed_cannot_leave_its_fence():
    page = read("```python\n```\n\nProse.\n")
    printed = "````\n# Title\n``` x\n"
    woven = weave(page, [[Ran(stdout=printed)]]).text

    assert f"`````{{.text .output}}\n{printed}`````\n" in woven
    assert woven.endswith("\n\nProse.\n")


def test_a_long_line_is_woven_in_time_that_grows_with_it():
    page = read("```python\n```\n")
    started = time.perf_counter()
    weave(page, [[Ran(stdout="x" * 1_000_000)]])

    assert time.perf_counter() - started < 1


def test_a_woven_page_knows_the_lines_of_its_own_text_and_of_what_was_put_in():
    text = "# T\n\n```python\nx\n```\n\nIt is {{ x }},\nthen more.\n"
    woven = weave(read(text), [[Ran(stdout="1\n2\n3\n"), Ran(value={"text/markdown": "2"})]])

    lines = {
        word: woven.line(woven.text.index(word)) for word in ("# T", "```{.text", "It", "then")
    }
    assert lines == {"# T": 1, "```{.text": 3, "It": 7, "then": 8}
    assert woven.line(woven.text.index("3\n")) == 3


def test_a_drawing_is_named_where_it_is_woven_and_stands_in_its_frame():
    svg = '<svg viewBox="0 0 9 6" aria-label="literate-alt"><g id="literate-id-0"/></svg>'
    options = "#| label: fig-a\n#| fig-cap: A @fig-a\n#| fig-alt: B\n"
    ran = Ran(figures=(Figure(svg, 9),), captions=((),), alts=((),))
    woven = weave(read(f"```python\n{options}x\n```\n"), [[ran]])

    assert '<svg viewBox="0 0 9 6" aria-label="B"><g id="fig-a-0"/></svg>' in woven.text
    assert '<span class="drawing"><svg viewBox="0 0 9 6"></svg>' in woven.text
    assert "/// caption | #fig-a\n**Figure 1.** A [Figure 1](#fig-a)\n///\n" in woven.text
    assert woven.faults == ()


def test_a_fault_is_shown_as_a_box_that_nothing_in_it_can_end():
    marks = Marks()
    shown = show_fault(Fault("docs/a.md", 3, 'a "b" <c>\nd', "```\n  > 3 | </code>\n"), marks)

    assert marks.plain(shown).startswith("````woven\n")
    assert marks.plain(shown).endswith("````\n")
    (box,) = lxml.html.fragments_fromstring("\n".join(marks.plain(shown).split("\n")[1:-2]))
    assert box.find("p").text == 'a "b" <c>'
    assert box.text_content().endswith("docs/a.md:3\n```\n  > 3 | </code>\n")
