"""What the kernel tells of a process and of all that it starts."""

import os
import socket

import pytest

from literate.run.kernel import Call, Listener, install


def kernel_tells():
    """Tell whether the kernel has filters, in a process of its own that then has one."""
    if not (child := os.fork()):
        try:
            install()
        except OSError:
            os._exit(1)
        os._exit(0)
    return os.waitpid(child, 0)[1] == 0


CONNECTION = """
server, client = (socket.socket(socket.AF_UNIX) for _ in range(2))
server.bind("x")
server.listen()
client.connect("x")
"""

pytestmark = pytest.mark.skipif(
    not kernel_tells() and "CI" not in os.environ, reason="the kernel does not tell"
)


@pytest.fixture
def seen(tmp_path):
    """Return what gives the calls of some code, in a folder, that name a path in it."""

    def seen(code):
        ours, theirs = socket.socketpair()
        if not (child := os.fork()):
            os.chdir(tmp_path)
            listener = install()
            socket.send_fds(theirs, [b"1"], [listener])
            os.close(listener)
            try:
                exec(code, {"os": os})  # noqa: S102 - the test's own code
            finally:
                os._exit(0)
        with ours, theirs:
            _, (descriptor,), _, _ = socket.recv_fds(ours, 1, 1)
        listener, calls = Listener(descriptor), []
        while not os.waitpid(child, os.WNOHANG)[0]:
            calls += listener.calls()
        listener.close()
        inside = (call._replace(flags=0) for call in calls if str(tmp_path) in call.path)
        return [call._replace(path=os.path.relpath(call.path, tmp_path)) for call in inside] + [
            call for call in calls if call.act == "unseen"
        ]

    return seen


@pytest.mark.parametrize(
    ("code", "calls"),
    [
        ("open('a')", [Call("open", "a")]),
        ("os.open('a', 0, dir_fd=os.open('.', 0))", [Call("open", "."), Call("open", "a")]),
        ("open('/proc/self/cwd/a')", [Call("open", "a")]),
        ("open('/proc//self/cwd/a')", [Call("open", "a")]),
        ("open('//proc/./self/cwd/a')", [Call("open", "a")]),
        ("open(f'/dev/fd/{os.open(chr(46), 0)}/a')", [Call("open", "."), Call("open", "a")]),
        ("open('b/../a')", [Call("open", "a")]),
        ("os.stat('a')", [Call("look", "a")]),
        ("os.access('a', os.R_OK)", [Call("look", "a")]),
        ("os.readlink('a')", [Call("link", "a")]),
        ("os.getxattr('a', 'user.b')", [Call("look", "a")]),
        ("os.listxattr('a', follow_symlinks=False)", [Call("look", "a")]),
        ("os.rename('a', 'b')", [Call("change", "a"), Call("change", "b")]),
        ("os.unlink('a', dir_fd=os.open('.', 0))", [Call("open", "."), Call("change", "a")]),
        ("os.mkdir('b')", [Call("change", "b")]),
        ("os.symlink('a', 'b')", [Call("change", "b")]),
        ("os.fork() or open('a')", [Call("open", "a")]),
        ("import ctypes; ctypes.CDLL(None).fopen(b'a', b'r')", [Call("open", "a")]),
        ("os.fstat(0)", []),
    ],
)
def test_a_call_is_seen_with_its_whole_path(seen, tmp_path, code, calls):
    (tmp_path / "a").write_text("1")

    assert seen(f"try:\n    {code}\nexcept OSError:\n    pass") == calls


def test_a_step_back_from_a_link_follows_from_where_it_leads(seen, tmp_path):
    for folder in ("one/inner", "other/inner"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "link").symlink_to("one/inner")
    (tmp_path / "one/a").write_text("1")

    assert seen("open('link/../a')") == [Call("link", "link"), Call("open", "one/a")]


def test_no_block_can_trace_another_process(seen, tmp_path):
    (tmp_path / "a").write_text("1")
    trace = "import ctypes; ctypes.CDLL(None).ptrace(0, 0, 0, 0) + 1 or open('a')"

    assert seen(f"try:\n    {trace}\nexcept OSError:\n    pass") == [Call("open", "a")]


def test_what_paths_lead_to_is_not_changed_unseen(seen):
    (call,) = seen("try:\n    os.chroot('.')\nexcept OSError:\n    pass")
    assert call == Call("unseen", "changes what paths lead to")


def test_a_program_is_seen_and_what_it_opens(seen, tmp_path):
    (tmp_path / "a").write_text("1")
    calls = seen("import subprocess; subprocess.run(['cat', 'a'], capture_output=True)")

    assert Call("open", "a") in calls


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("import socket; socket.socket()", "asks a network"),
        ("import socket; socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)", "asks a network"),
        (f"import socket\n{CONNECTION}", "asks another program"),
        ("import ctypes; ctypes.CDLL(None).syscall(425, 1, 0)", "uses io_uring"),
    ],
)
def test_what_reads_past_the_file_system_is_said(seen, code, why):
    assert Call("unseen", why) in seen(code)
