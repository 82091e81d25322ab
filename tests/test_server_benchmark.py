"""The server's benchmark: the load follows what is answered, and what must not be is found."""

import time

import pytest

OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"
BUSY = b'HTTP/1.1 503 \r\nretry-after: 1\r\ncontent-length: 47\r\n\r\n{"error": {"code": "overloaded", "message": "x"}}'


@pytest.fixture
def benchmark(root, monkeypatch):
    monkeypatch.syspath_prepend(str(root / "benchmarks"))
    import server
    import server_load

    return server, server_load


def load_of(server_load, answers, sent=None):
    """Return a load of a minute that got these answers, all at once."""
    load = server_load.Load(None, 2, 10, seed=0)
    load.began, load.seconds = time.monotonic() - 30, 60
    load.memory = [(second, 100.0) for second in range(60)]
    load.n_sent = len(answers) if sent is None else sent
    for data, seconds in answers:
        connection = server_load.Connection(load)
        connection.sent = time.monotonic() - seconds
        load.answered(connection, load.requests[0], data)
    return load


def test_twice_of_what_is_answered_is_sent(benchmark):
    _, server_load = benchmark
    load = load_of(server_load, [(OK, 0.1)] * 300 + [(BUSY, 0.1)] * 500)
    load.idle.clear()
    load.adapt(time.monotonic())
    assert load.rate == 2 * 300 / server_load.WINDOW
    load.adapt(time.monotonic() + 2 * server_load.WINDOW)
    assert load.rate == server_load.SLOWEST  # nothing was answered of late


def test_requests_are_of_all_kinds_and_differ(benchmark):
    _, server_load = benchmark
    requests = server_load.mixture(seed=0)
    assert {r.path for r in requests} == {"/v1/predict", "/v1/read", "/v1/export"}
    assert 0 < sum(not r.small for r in requests) < 30
    for request in requests:
        first, second = request.numbered(1), request.numbered(2)
        assert first != second
        assert len(first) == len(second) == len(request.body)


@pytest.mark.parametrize(
    ("answers", "sent", "problems"),
    [
        ([(OK, 0.1)] * 50 + [(BUSY, 0.1)] * 50, 100, []),
        ([(OK, 0.1)] * 50 + [(BUSY, 0.1)] * 20, 70, ["1.40 times of what was answered was sent, not 2 times"]),
        ([(OK, 3.5)] * 50 + [(BUSY, 0.1)] * 50, 100, ["p99 of small requests answered is 3"]),
        ([(OK, 0.1)] * 50 + [(BUSY, 3.5)] * 50, 100, ["p99 of requests refused is 3"]),
        ([(OK, 0.1)] * 50 + [(BUSY.replace(b"retry", b"x"), 0.1)] * 50, 100, ["50 answers 503 that are no refusals"]),
        ([(OK, 0.1)] * 50 + [(BUSY.replace(b"503", b"500"), 0.1)] * 50, 100, ["50 answers 500 that are no refusals"]),
    ],
)  # fmt: skip
def test_what_must_not_be(benchmark, answers, sent, problems):
    server, server_load = benchmark
    found = list(server.problems_of(load_of(server_load, answers, sent), 2))
    assert len(found) == len(problems)
    assert all(one.startswith(problem) for one, problem in zip(found, problems, strict=True))


def test_requests_that_are_lost_and_memory_that_grows(benchmark):
    server, server_load = benchmark
    load = load_of(server_load, [(OK, 0.1)] * 50 + [(BUSY, 0.1)] * 50)
    connection = server_load.Connection(load)
    connection.request = load.requests[0]
    load.open = 1
    connection.connection_lost(None)
    load.memory = [(second, 100.0 + second) for second in range(60)]
    lost, grows = server.problems_of(load, 2)
    assert lost == "1 requests without an answer"
    assert grows.startswith("memory grows: 102, 108,")
    assert len(list(server.report(load))) == 18
