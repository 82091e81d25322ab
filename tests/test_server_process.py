"""The server as a process: signals, slow clients, broken HTTP, more connections than places."""

import json
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, IncompleteRead

import pytest
from serving import JSON, read_all, served
from test_commands import fails

pytest.importorskip("uvicorn", reason="the extra 'serve' is not installed")
TEXT = "حذرت كندا إيران من إغلاق المضيق. "
HEAD = b"POST /v1/predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
SECONDS = 1.0


@pytest.fixture(scope="module")
def server():
    options = {
        "--read-timeout": SECONDS,
        "--timeout": 3,
        "--max-connections": 10,
        "--max-body": 400_000,
        "--max-characters": 150_000,
    }
    with served(*[x for pair in options.items() for x in pair]) as found:
        yield found
        assert found.ask("GET", "/healthz")[0] == 200
        found.process.terminate()
        assert found.process.wait(20) == 0
        assert found.process.stderr.read() == ""  # no access log, no tracebacks


def metric(server, name):
    lines = server.ask("GET", "/metrics")[2].decode().splitlines()
    return next(int(line.split()[-1]) for line in lines if line.startswith(name))


def closes_within(connection, most):
    began = time.monotonic()
    found = read_all(connection)
    assert time.monotonic() - began < most
    connection.close()
    return found


def test_a_head_that_never_ends(server):
    silent, started, dripping = server.connect(), server.connect(), server.connect()
    started.sendall(b"GET /healthz HTTP/1.1\r\nHost: local")
    ended = threading.Event()

    def drip():
        try:
            while not ended.wait(0.1):
                dripping.sendall(b"X")
        except OSError:
            pass

    thread = threading.Thread(target=drip)
    thread.start()
    for connection in (silent, started, dripping):
        assert closes_within(connection, 3 * SECONDS) == b""
    ended.set()
    thread.join()


def test_a_body_that_never_ends(server):
    for head in (b"Content-Length: 100\r\n\r\n", b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n"):
        connection = server.connect()
        connection.sendall(HEAD + head)
        answer = closes_within(connection, 3 * SECONDS)
        assert answer.startswith(b"HTTP/1.1 408 ")
        assert json.loads(answer.partition(b"\r\n\r\n")[2])["error"]["code"] == "request_timeout"


def test_a_body_that_drips_behind_its_answer(server):
    connection = server.connect()
    connection.sendall(b"POST /nothing HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n")
    server.until(lambda: not takes(connection, b"x"), 12)
    connection.close()


def takes(connection, data):
    try:
        connection.sendall(data)
    except OSError:
        return False
    return True


def test_answers_that_nobody_reads(server):
    size, n = len(server.ask("GET", "/static/app.css")[2]), 1_000
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.connect(("127.0.0.1", server.port))
    connection.sendall(b"GET /static/app.css HTTP/1.1\r\nHost: localhost\r\n\r\n" * n)
    server.until(lambda: not takes(connection, b"\r\n"), 20)
    answer = read_all(connection)
    assert answer.startswith(b"HTTP/1.1 200 ") or not answer  # a reset takes what was not read along
    assert len(answer) < size * n  # it was given up
    connection.close()


def test_connections_that_wait_give_way():
    with served("--max-connections", 5) as server:
        half = server.connect()
        half.sendall(HEAD)
        waiting = [server.connect() for _ in range(4)]
        for _ in range(3):  # they are new: room is made for one more
            assert server.ask("GET", "/healthz")[0] == 200
        assert takes(half, b"X: y\r\n")
        time.sleep(1.2)
        assert server.ask("GET", "/healthz")[0] == 200
        assert closes_within(half, 5) == b""
        new = [server.connect() for _ in range(12)]  # far too many: the oldest go, however new
        assert server.ask("GET", "/healthz")[0] == 200
        for connection in (*waiting, *new[:2]):
            assert closes_within(connection, 5) == b""
        waiting = new[2:]
        for connection in waiting:
            connection.close()


@pytest.mark.parametrize("chunked", [False, True])
def test_oversized_bodies_are_answered(server, chunked):
    connection = server.connect()
    size = 1_000_000
    connection.sendall(
        HEAD + (b"Transfer-Encoding: chunked\r\n\r\n" if chunked else b"Content-Length: %d\r\n\r\n" % size)
    )
    connection.sendall(b"%x\r\n%s\r\n0\r\n\r\n" % (size, b" " * size) if chunked else b" " * size)
    answer = closes_within(connection, 4)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["error"]["code"] == "body_too_large"


def test_oversized_bodies_that_ask_first_are_not_sent(server):
    connection = server.connect()
    connection.sendall(HEAD + b"Content-Length: 9999999\r\nExpect: 100-continue\r\n\r\n")
    assert closes_within(connection, 2).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"nonsense\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",  # TLS
        b"GET / HTTP/1.1\r\n\r\n",  # no host
        b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n",
        b"GET /\x00 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /a b HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX: a\rb\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX : a\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X: y\r\n" * 20_000,
        b"GET /" + b"a" * 100_000,
        HEAD + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n{}",
        HEAD + b"Content-Length: -1\r\n\r\n{}",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
    ids=range(13),
)  # fmt: skip
def test_what_is_not_http(server, request_bytes):
    connection = server.connect()
    try:
        connection.sendall(request_bytes)
        answer = closes_within(connection, 3)
    except ConnectionError:  # it was closed while this was still sending
        return
    if not answer and request_bytes.startswith(b"\x16"):
        return  # no end of a line yet: the time for heads ran out
    assert answer.startswith(b"HTTP/1.1 400 ")
    error = json.loads(answer.partition(b"\r\n\r\n")[2])["error"]
    assert error["code"] in {"bad_request", "unknown_host"}


@pytest.mark.parametrize("path", ["//", "/../etc/passwd", "/static/../../app.py", "/static/%2e%2e/%2e%2e/app.py", "/static//app.js", "*", "http://localhost/healthz", "/%0d%0aX:y", "/healthz%00"])  # fmt: skip
def test_paths_as_they_are_sent(server, path):
    connection = server.connect()
    connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
    assert closes_within(connection, 2).startswith(b"HTTP/1.1 404 ")


def test_requests_behind_each_other(server):
    connection = server.connect()
    one = HEAD + b"Content-Length: 16\r\n\r\n" + b'{"texts": ["x"]}'
    connection.sendall(one * 3 + one.replace(b"HTTP/1.1\r\n", b"HTTP/1.1\r\nConnection: close\r\n"))
    assert closes_within(connection, 5).count(b"HTTP/1.1 200 ") == 4


def test_the_server_answers_while_it_works(server):
    long = {"text": TEXT * 400, "format": "html"}
    with ThreadPoolExecutor(4) as pool:
        jobs = [pool.submit(server.ask, "POST", "/v1/export", long) for _ in range(4)]
        server.until(lambda: metric(server, "stance_requests_in_flight") >= 2)
        waits = []
        while not all(job.done() for job in jobs):
            began = time.monotonic()
            assert server.ask("GET", "/healthz")[0] == 200
            waits.append(time.monotonic() - began)
        assert {job.result()[0] for job in jobs} <= {200, 503}
    assert sorted(waits)[len(waits) // 2] < 1.0


def test_sigterm_drains_what_is_being_sent():
    body = json.dumps({"texts": [TEXT] * 50}).encode()
    with served() as server:
        idle = HTTPConnection("127.0.0.1", server.port)
        idle.request("GET", "/healthz")
        idle.getresponse().read()
        connection = server.connect()
        connection.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body[:100])
        time.sleep(0.3)
        server.process.terminate()
        server.until(lambda: not accepts(server))
        assert server.process.poll() is None  # it waits for the rest
        connection.sendall(body[100:])
        answer = read_all(connection)
        assert answer.startswith(b"HTTP/1.1 200 ")
        assert len(json.loads(answer.partition(b"\r\n\r\n")[2])["predictions"]) == 50
        assert server.process.wait(20) == 0
        connection.close()
        idle.close()


def accepts(server):
    try:
        server.connect().close()
    except ConnectionError:
        return False
    return True


def test_what_was_answered_before_a_kill_is_whole():
    text = {"text": TEXT * 200}
    answered = []

    def ask_on(server):
        while True:
            try:
                status, headers, body = server.ask("POST", "/v1/read", text)
            except (OSError, IncompleteRead):
                return
            assert status == 200
            assert len(body) == int(headers["content-length"])
            answered.append(len(json.loads(body)["statements"]))

    with served() as server, ThreadPoolExecutor(4) as pool:
        clients = [pool.submit(ask_on, server) for _ in range(4)]
        server.until(lambda: len(answered) >= 8, 60)
        server.process.send_signal(signal.SIGKILL)
        for client in clients:
            client.result(20)
    assert set(answered) == {200}


def test_other_addresses_are_warned_of():
    with served("--host", "0.0.0.0") as server:  # noqa: S104  # what is tested
        assert server.notes[0] == (
            "note: there is no authentication; whoever reaches this address can use it\n"
        )
        assert server.ask("GET", "/healthz", headers={"Host": "any.example"})[0] == 200


@pytest.mark.parametrize(
    ("options", "called"),
    [
        (["--host", "127.0.0.2"], {"127.0.0.2": 200, "localhost": 200, "127.0.0.3": 400}),
        (["--host", "127.0.0.2", "--allow-host", "a.example:8443"], {"127.0.0.2": 200, "A.example": 200}),
        (["--host", "0.0.0.0", "--allow-host", "a.example"], {"a.example": 200, "0.0.0.0": 400}),  # noqa: S104  # what is tested
    ],
    ids=["address", "address and name", "everywhere"],
)
def test_names_by_which_an_address_may_be_called(options, called):
    with served(*options) as server:
        assert server.host == options[1]
        for name, status in called.items():
            assert server.ask("GET", "/healthz", headers={"Host": f"{name}:{server.port}"})[0] == status, name


def test_a_port_that_is_taken(capsys, server):
    assert f"port {server.port} cannot be opened" in fails(capsys, "serve", "--port", server.port)
    assert server.ask("GET", "/healthz", headers={"Host": "any.example"})[0] == 400
    assert server.ask("POST", "/v1/predict", {"texts": []}, JSON)[0] == 200


def test_schemathesis_finds_nothing(server, tmp_path):
    pytest.importorskip("schemathesis", reason="schemathesis is not installed")
    command = [sys.executable, "-m", "schemathesis.cli", "run", f"{server.address}/openapi.json"]
    options = ["--max-examples", "20", "--seed", "1", "--no-color", "--generation-database", "none"]
    done = subprocess.run(
        [*command, *options], check=False, capture_output=True, text=True, cwd=tmp_path, timeout=200
    )
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]
    assert "5 selected" in done.stdout
