"""Every page, in both schemes, on a desk and on a telephone."""

from pathlib import Path

import pytest

DOCS = Path(__file__).parent.parent.parent / "docs"
SOURCES = [path.relative_to(DOCS).with_suffix("") for path in sorted(DOCS.rglob("*.md"))]
PAGES = ["404.html"] + [f"{path.as_posix()}/".replace("index/", "") for path in SOURCES]

every_page = pytest.mark.parametrize("name", PAGES, ids=lambda name: name.strip("/") or "home")


@every_page
@pytest.mark.parametrize(
    "check",
    [
        "messages",
        "foreign_requests",
        "unset_formulas",
        "hidden_figures",
        "pale_drawings",
        "overflowing",
        "clipped",
        "inaccessible",
    ],
)
def test_nothing_is_wrong_with_a_page(reader, name, check):
    assert [fault for look in reader.see(name) for fault in look.faults.get(check, [])] == []


@every_page
def test_nothing_moves_while_a_page_is_loaded(reader, name):
    assert max(look.shift for look in reader.see(name)) <= 0.02


@every_page
def test_the_first_view_of_a_page_is_light(reader, name):
    for look in reader.see(name):
        assert sum(look.sizes.values()) <= 400_000, look.sizes
        assert sum(size for file, size in look.sizes.items() if file.endswith(".html")) <= 60_000


def test_every_page_of_the_site_is_looked_at(site):
    built = {path.relative_to(site).as_posix() for path in site.rglob("*.html")}

    assert built == {name if name.endswith(".html") else f"{name}index.html" for name in PAGES}
