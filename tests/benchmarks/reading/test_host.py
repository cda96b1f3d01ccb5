"""The host of a site on this machine."""

import gzip
import socket
from urllib.parse import urlsplit

import pytest

from benchmarks.reading.host import serve

HTML = b"<!doctype html><title>x</title>" + b"<p>text" * 100


@pytest.fixture
def site(tmp_path):
    """Return a site of one page and a font, beside a file that is not of the site."""
    folder = tmp_path / "site"
    (folder / "page").mkdir(parents=True)
    (folder / "page" / "index.html").write_bytes(HTML)
    (folder / "font.woff2").write_bytes(b"0" * 1000)
    (tmp_path / "secret").write_text("")
    return folder


@pytest.fixture
def host(site):
    with serve(site) as running:
        yield running


def answer(host, path):
    """Ask for a path, and return all that comes over the wire until it closes."""
    address = urlsplit(host.url)
    with socket.create_connection((address.hostname, address.port), timeout=5) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        return b"".join(iter(lambda: connection.recv(65536), b""))


def test_an_address_with_a_slash_is_a_folders_index(host):
    assert answer(host, "/page/").startswith(b"HTTP/1.1 200")
    assert answer(host, "/page").startswith(b"HTTP/1.1 404")


def test_nothing_outside_the_site_is_sent(host):
    assert answer(host, "/../secret").startswith(b"HTTP/1.1 404")


def test_texts_are_sent_compressed_and_fonts_as_they_are(host):
    head, _, content = answer(host, "/page/").partition(b"\r\n\r\n")

    assert b"Content-Encoding: gzip" in head
    assert gzip.decompress(content) == HTML
    assert len(content) < len(HTML)
    assert answer(host, "/font.woff2").endswith(b"\r\n\r\n" + b"0" * 1000)


def test_every_byte_of_every_answer_is_counted(host):
    answers = [answer(host, path) for path in ("/page/", "/font.woff2", "/nothing")]

    assert host.sent == [len(one) for one in answers]
