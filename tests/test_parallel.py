"""Tasks worked on by several processes: what their pool's own thread says while it is closed."""

import threading

import joblib

from stance.parallel import results


class Pool:
    """A pool whose threads fail while it is closed, by their names."""

    def __init__(self, *names):
        self.names = names

    def __call__(self, _):
        return self

    def __iter__(self):
        return iter([1, 2])

    def close(self):
        def fail():
            raise KeyError(1)

        for name in self.names:
            thread = threading.Thread(target=fail, name=name)
            thread.start()
            thread.join()


def closed(monkeypatch, *names):
    """What failed in the threads of a pool that was thrown away, as the hook of before was told."""
    told = []
    monkeypatch.setattr(threading, "excepthook", lambda failed: told.append(failed.thread.name))
    monkeypatch.setattr(joblib, "Parallel", lambda **_: Pool(*names))
    begun = results([], 1)
    assert next(begun) == 1
    begun.close()
    thread = threading.Thread(target=lambda: {}[0], name="afterwards")
    thread.start()
    thread.join()
    return told


def test_what_the_thread_that_manages_a_closed_pool_lacks_is_not_told(monkeypatch):
    assert closed(monkeypatch, "ExecutorManagerThread") == ["afterwards"]


def test_errors_of_other_threads_are_told(monkeypatch):
    assert closed(monkeypatch, "of the caller") == ["of the caller", "afterwards"]
