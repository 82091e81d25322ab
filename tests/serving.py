"""A server in a process of its own, for tests that send signals, stall, or look from a browser."""

import json
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from http.client import HTTPConnection

JSON = {"Content-Type": "application/json"}


class Served:
    """A running ``stance serve``."""

    def __init__(self, process, notes):
        self.process = process
        self.notes = notes
        self.address, self.host, port = re.search(r"(http://(.+):(\d+))/", notes[-1]).groups()
        self.port = int(port)

    def connect(self):
        """Open a bare connection."""
        return socket.create_connection((self.host, self.port), timeout=20)

    def ask(self, method, path, body=None, headers=JSON):
        """Send a request; return status, headers and body."""
        connection = HTTPConnection(self.host, self.port, timeout=20)
        try:
            data = (
                body
                if body is None or isinstance(body, bytes)
                else json.dumps(body, ensure_ascii=False).encode()
            )
            connection.request(method, path, data, headers)
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            connection.close()

    def until(self, condition, seconds=10):
        """Wait until something holds."""
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, "waited in vain"
            time.sleep(0.05)


def read_all(connection):
    """Read what a server sends until it closes the connection, however it does."""
    found = b""
    try:
        while piece := connection.recv(65536):
            found += piece
    except ConnectionError:
        pass
    return found


@contextmanager
def served(*options):
    """Start ``stance serve`` on a free port, and end it."""
    command = [sys.executable, "-c", "from stance.cli.main import run; run()", "serve", "--port", "0"]
    process = subprocess.Popen([*command, *map(str, options)], stderr=subprocess.PIPE, text=True)
    try:
        notes = []
        while not notes or not notes[-1].startswith("serving"):
            line = process.stderr.readline()
            assert line, notes
            notes.append(line)
        yield Served(process, notes)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait(20)
        process.stderr.close()
