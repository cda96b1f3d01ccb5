"""What others put into a page."""

import time

import pytest

from literate.fault import PageError
from literate.gate import admit
from literate.weave import Marks


def test_where_it_was_put_is_found_at_once_in_a_page_of_equal_lines():
    around = "a\n\n" * 4000
    page, brought = f"{around}--8<-- 'b'\n{around}", f"{around}b\n\n{{{{ x }}}}\n{around}"
    started = time.perf_counter()

    with pytest.raises(PageError) as raised:
        admit(brought, page, page, Marks())
    assert raised.value.line == 8001
    assert time.perf_counter() - started < 5
