"""Every page, in both schemes, on a desk, on a telephone and on paper."""

import pytest

from .names import PAGES, every_page

pytestmark = pytest.mark.slow


@every_page
@pytest.mark.parametrize(
    "check",
    [
        "messages",
        "foreign_requests",
        "foreign_fonts",
        "unset_formulas",
        "hidden_figures",
        "pale_drawings",
        "overflowing",
        "clipped",
        "off_paper",
        "inaccessible",
    ],
)
def test_nothing_is_wrong_with_a_page(reader, name, check):
    looks = [look.faults for look in reader.see(name)]

    assert any(check in faults for faults in looks)
    assert [fault for faults in looks for fault in faults.get(check, [])] == []


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
