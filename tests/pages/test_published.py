"""Every value and every text output that the site publishes is what was recorded of it."""

from pathlib import Path

from literate.testing import assert_recorded


def test_the_pages_publish_what_is_recorded():
    assert_recorded(Path(__file__).parent.parent.parent)
