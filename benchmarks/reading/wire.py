"""Local servers: one of a site as GitHub Pages sends it, one that stands for all other hosts."""

from __future__ import annotations

import contextlib
import gzip
import mimetypes
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

__all__ = ["Find", "Sent", "Servers", "certificate", "in_site", "serve"]

Find = Callable[[str, str], Path | None]
"""From a host and a path to the file that stands there, None if there is none."""

COMPRESSED = ("text/", "application/json", "application/javascript", "image/svg+xml", "text/xml")
LEVEL = 6


@dataclass(frozen=True, slots=True)
class Sent:
    """An answer: for whom, whether the file was there, and how many bytes went over the wire."""

    host: str
    path: str
    found: bool
    size: int


@dataclass(frozen=True, slots=True)
class Servers:
    """Two servers that run, and what they have sent."""

    address: str
    foreign_port: int
    sent: list[Sent]


@contextlib.contextmanager
def serve(site: Path, foreign: Find, certificate: Path) -> Iterator[Servers]:
    """Serve a site over HTTP, and all other hosts over HTTPS.

    Parameters
    ----------
    site
        The folder.
    foreign
        Gives what other hosts have.
    certificate
        A file with a key and a certificate, which no browser need believe.
    """
    sent: list[Sent] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with _server(in_site(site), sent) as own, _server(foreign, sent) as other:
        # The handshake is the handler's: a slow one must not keep others waiting.
        other.socket = context.wrap_socket(
            other.socket, server_side=True, do_handshake_on_connect=False
        )
        threads = [threading.Thread(target=each.serve_forever) for each in (own, other)]
        for thread in threads:
            thread.start()
        try:
            yield Servers(f"http://127.0.0.1:{own.server_port}/", other.server_port, sent)
        finally:
            for each in (own, other):
                each.shutdown()
            for thread in threads:
                thread.join()


def certificate(folder: Path) -> Path:
    """Make a certificate that signs itself, unless that was done."""
    file = folder / "certificate.pem"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3650"]
        command += ["-subj", "/CN=localhost", "-keyout", str(file), "-out", str(file)]
        new = folder / "certificate.new"
        command[-3], command[-1] = str(new), str(folder / "public.new")
        subprocess.run(command, check=True, capture_output=True, timeout=60)  # noqa: S603
        with new.open("a") as both:
            both.write((folder / "public.new").read_text("ascii"))
        new.replace(file)
    return file


def in_site(site: Path) -> Find:
    """Find files of a site: an address that ends with a slash is that folder's index."""
    root = site.resolve()

    def find(_: str, path: str) -> Path | None:
        file = (root / path.lstrip("/")).resolve()
        if path.endswith("/"):
            file /= "index.html"
        return file if file.is_file() and file.is_relative_to(root) else None

    return find


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, *_: object) -> None:
        """Say nothing: a browser leaves connections as it likes."""


def _server(find: Find, sent: list[Sent]) -> _Server:
    """Give a server of what is found, which notes what it sends."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            host = self.headers.get("Host", "").partition(":")[0]
            path = self.path.partition("?")[0]
            file = find(host, path)
            kind, body = _body(file) if file else ("text/plain", b"not found")
            self.send_response(200 if file else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Access-Control-Allow-Origin", "*")
            self.send_header("Cache-Control", "max-age=600")
            if _is_text(kind) and file:
                self.send_header("Content-Encoding", "gzip")
            buffer = getattr(self, "_headers_buffer", [])
            head = sum(map(len, buffer)) + 2
            sent.append(Sent(host, path, file is not None, head + len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return _Server(("127.0.0.1", 0), Handler)


@lru_cache(maxsize=512)
def _body(file: Path) -> tuple[str, bytes]:
    """Give the type of a file and what is sent of it."""
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    content = file.read_bytes()
    return kind, gzip.compress(content, LEVEL) if _is_text(kind) else content


def _is_text(kind: str) -> bool:
    return kind.startswith(COMPRESSED)
