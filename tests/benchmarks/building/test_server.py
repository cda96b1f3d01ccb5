"""How long a server takes to show a new page."""

import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from benchmarks.building.server import Server


@contextmanager
def answering(project, answer, missing=lambda: 0):
    """Serve what a function returns, which may lack some of the bytes that are announced."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            body = answer().encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body) + missing()))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, args=(0.01,)).start()
    try:
        yield Server(project, f"http://127.0.0.1:{server.server_port}/")
    finally:
        server.shutdown()
        server.server_close()


def right(project):
    """Return the page as it must be."""
    return " ".join(project.pages[1].published(project.factor))


def test_an_answer_that_waits_for_the_build_counts_with_its_waiting(project):
    def answer():
        time.sleep(0.3)
        return right(project)

    with answering(project, answer) as server:
        assert 0.3 <= server.wait(5) < 2


def test_old_answers_do_not_end_the_waiting(project):
    until = time.perf_counter() + 0.3
    old = right(project)
    project.edit_code(1)

    def answer():
        return right(project) if time.perf_counter() > until else old

    with answering(project, answer) as server:
        assert 0.2 < server.wait(5) < 2


def test_half_a_page_does_not_end_the_waiting(project):
    until = time.perf_counter() + 0.3

    def missing():
        return 0 if time.perf_counter() > until else 7

    with answering(project, lambda: right(project), missing) as server:
        assert 0.2 < server.wait(5) < 2


def test_a_page_that_stays_as_it_was_has_no_time(project):
    old = right(project)
    project.edit_library()

    with answering(project, lambda: old) as server:
        assert server.wait(0.2) is None
