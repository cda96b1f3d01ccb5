"""A web host on this machine: a site as GitHub Pages sends it, and how many bytes that takes."""

from __future__ import annotations

import contextlib
import gzip
import mimetypes
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

__all__ = ["ADDRESS", "Host", "serve"]

ADDRESS = "127.0.0.1"
COMPRESSED = ("text/", "application/json", "application/javascript", "image/svg+xml")
LEVEL = 6


@dataclass(frozen=True, slots=True)
class Host:
    """A host that runs.

    Attributes
    ----------
    url
        Of the site, with a slash at the end.
    sent
        The bytes of each answer, its head among them.
    """

    url: str
    sent: list[int] = field(default_factory=list)


@contextlib.contextmanager
def serve(site: Path) -> Iterator[Host]:
    """Serve a folder over HTTP."""
    server = _Server((ADDRESS, 0), _Handler)
    server.site = site.resolve()
    server.host = Host(f"http://{ADDRESS}:{server.server_port}/")
    thread = threading.Thread(target=server.serve_forever)
    with server:
        thread.start()
        try:
            yield server.host
        finally:
            server.shutdown()
            thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    site: Path
    host: Host

    def handle_error(self, *_: object) -> None:
        """Say nothing: a browser closes connections whenever it likes."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        file = _file(self.server.site, self.path.partition("?")[0])
        kind, body = _content(file) if file else ("text/plain", b"not found")
        self.send_response(200 if file else 404)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Cache-Control", "max-age=600")
        if file and kind.startswith(COMPRESSED):
            self.send_header("Content-Encoding", "gzip")
        head = sum(map(len, getattr(self, "_headers_buffer", []))) + len("\r\n")
        self.server.host.sent.append(head + len(body))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _file(site: Path, path: str) -> Path | None:
    """Return the file at an address; one that ends with a slash is that folder's index."""
    file = (site / path.lstrip("/")).resolve()
    if path.endswith("/"):
        file /= "index.html"
    return file if file.is_file() and file.is_relative_to(site) else None


@lru_cache(maxsize=512)
def _content(file: Path) -> tuple[str, bytes]:
    """Return the type of a file and what is sent of it."""
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    content = file.read_bytes()
    return kind, gzip.compress(content, LEVEL) if kind.startswith(COMPRESSED) else content
