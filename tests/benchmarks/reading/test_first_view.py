"""What a reader is sent and sees: servers, other hosts, a view in a browser, and the table."""

import gzip
import shutil
import socket
import ssl

import pytest

from benchmarks.reading import browser as viewing
from benchmarks.reading.browser import NAMES, View, browsing, view
from benchmarks.reading.first_view import tables
from benchmarks.reading.foreign import Packages, located
from benchmarks.reading.sources import copy_without_results
from benchmarks.reading.wire import Sent, certificate, in_site, serve
from benchmarks.setting import ROOT

needs_browser = pytest.mark.skipif(not any(map(shutil.which, NAMES)), reason="no Chromium")

LATER = """
document.body.prepend(Object.assign(document.createElement("div"), {style: "height: 200px"}));
document.body.insertAdjacentHTML("beforeend", "<math><mi>z</mi></math>");
"""


@pytest.fixture
def site(tmp_path):
    """Give a site of one page, which loads a script from another host."""
    folder = tmp_path / "site"
    (folder / "page").mkdir(parents=True)
    (folder / "page" / "index.html").write_text(
        "<!doctype html><title>x</title><link rel=icon href=data:,><p>text "
        "<math><mi>x</mi></math> and <math><mi>y</mi></math></p>"
        "<script defer src=https://unpkg.com/later@1/later.js></script>"
    )
    (folder / "font.woff2").write_bytes(b"0" * 1000)
    (tmp_path / "secret").write_text("")
    return folder


@pytest.fixture
def packages(tmp_path):
    """Give the packages of npm: one, which is there already."""
    file = tmp_path / "npm" / "later@1" / "later.js"
    file.parent.mkdir(parents=True)
    file.write_text(LATER)
    return Packages(tmp_path / "npm")


@pytest.fixture
def servers(site, packages, tmp_path):
    with serve(site, packages.find, certificate(tmp_path)) as running:
        yield running


def answer(connection, path, host):
    """Ask for a path, and return all that comes over the wire until it closes."""
    with connection:
        connection.sendall(
            f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode()
        )
        return b"".join(iter(lambda: connection.recv(65536), b""))


def connected(port):
    return socket.create_connection(("127.0.0.1", port), timeout=5)


@pytest.mark.parametrize(
    ("host", "path", "place"),
    [
        ("cdn.jsdelivr.net", "/npm/mathjax@3/es5/a.js", ("mathjax", "3", "es5/a.js")),
        ("cdn.jsdelivr.net", "/npm/@a/b@1.2/c.js", ("@a/b", "1.2", "c.js")),
        ("unpkg.com", "/mathjax@3/es5/a.js", ("mathjax", "3", "es5/a.js")),
        (
            "cdnjs.cloudflare.com",
            "/ajax/libs/require.js/2.3.4/require.min.js",
            ("requirejs", "2.3.4", "require.min.js"),
        ),
        ("fonts.googleapis.com", "/css", None),
        ("unpkg.com", "/mathjax", None),
    ],
)
def test_a_package_is_told_from_its_address(host, path, place):
    assert located(host, path) == place


def test_a_file_is_found_in_its_package_and_nowhere_else(packages):
    assert packages.find("unpkg.com", "/later@1/later.js").read_text() == LATER
    assert packages.find("unpkg.com", "/later@1/other.js") is None
    assert packages.find("example.org", "/later@1/later.js") is None


def test_an_address_with_a_slash_is_a_folders_index_and_nothing_outside_is_found(site):
    find = in_site(site)
    assert find("", "/page/") == site / "page" / "index.html"
    assert find("", "/page") is None
    assert find("", "/../secret") is None


def test_texts_are_sent_compressed_and_fonts_as_they_are_and_both_are_noted(site, servers):
    port = int(servers.address.rpartition(":")[2].strip("/"))
    page = answer(connected(port), "/page/", "127.0.0.1")
    font = answer(connected(port), "/font.woff2", "127.0.0.1")

    head, _, content = page.partition(b"\r\n\r\n")
    assert b"Content-Encoding: gzip" in head
    assert gzip.decompress(content) == (site / "page" / "index.html").read_bytes()
    assert font.endswith(b"\r\n\r\n" + b"0" * 1000)
    assert [sent.size for sent in servers.sent] == [len(page), len(font)]


def test_another_host_answers_over_https_or_says_that_it_has_nothing(servers):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # it signs itself
    found, missing = (
        answer(context.wrap_socket(connected(servers.foreign_port)), path, host)
        for path, host in (("/later@1/later.js", "unpkg.com"), ("/nothing.js", "example.org"))
    )
    assert gzip.decompress(found.partition(b"\r\n\r\n")[2]).decode() == LATER
    assert missing.startswith(b"HTTP/1.1 404")
    assert [(sent.host, sent.found) for sent in servers.sent] == [
        ("unpkg.com", True),
        ("example.org", False),
    ]


@needs_browser
def test_a_view_sees_formulas_shifts_and_other_hosts(servers, monkeypatch):
    monkeypatch.setattr(viewing, "REST", 0.7)
    rest = viewing._rest  # noqa: SLF001 - what the view waits with

    def rest_while_the_browser_asks_for_itself(servers, started, wait):
        servers.sent.append(Sent("browser.example", "/", found=True, size=1000))
        rest(servers, started, wait)

    monkeypatch.setattr(viewing, "_rest", rest_while_the_browser_asks_for_itself)
    with browsing(servers) as browser:
        seen = view(browser, servers, "page/")

    assert seen.requests == 2
    assert seen.transferred == sum(
        sent.size for sent in servers.sent if sent.host in ("127.0.0.1", "unpkg.com")
    )
    assert seen.foreign == {"unpkg.com"}
    assert seen.unmet == 0
    assert seen.formulas == 3
    # The page's and the script's answers are each late by 150 ms.
    assert seen.set_after > 0.3
    assert seen.shift > 0


def viewed(transferred, set_after=1.0, foreign=()):
    return View(transferred, 5, frozenset(foreign), len(foreign), 3, set_after, 0.0)


def test_the_table_has_medians_and_the_targets_their_ratio():
    views = {
        "literate": [viewed(100_000), viewed(900_000), viewed(110_000)],
        "mkdocs-jupyter": [viewed(220_000, None)] * 3,
        "mkdocs-jupyter with MathJax": [viewed(440_000, 2.0, ["unpkg.com"])] * 3,
    }
    found = tables(views, dict.fromkeys(views, 12_345))

    assert [(row["measured"], row["met"]) for row in found["Targets"]] == [
        (0.5, "no"),
        (0.25, "yes"),
    ]
    ours, jupyter, mathjax = found["First view of a page"]
    assert ours["transferred, kB"] == 110.0
    assert ours["HTML, kB"] == 12.3
    assert jupyter["last formula after, s"] == "never"
    assert mathjax["last formula after, s"] == 2.0
    assert mathjax["foreign hosts"] == "unpkg.com"
    assert mathjax["foreign requests without bytes"] == 1


def test_this_site_is_built_whatever_the_results_are(tmp_path):
    copy = copy_without_results(ROOT, tmp_path / "site")

    assert (copy / "mkdocs.yml").read_text("utf-8") == (ROOT / "mkdocs.yml").read_text("utf-8")
    assert "```" not in (copy / "docs" / "benchmarks.md").read_text("utf-8")
    assert "```python" in (copy / "docs" / "solutions" / "gradients.md").read_text("utf-8")
