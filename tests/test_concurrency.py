"""Threads, processes and interrupts: whatever happens at once, the results are those of serial work, to the bit."""

import asyncio
import ctypes
import multiprocessing
import os
import pickle
import random
import signal
import subprocess
import sys
import sysconfig
import threading
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import numpy as np
import pytest

import stance
from stance.actors import gazetteer
from stance.features.index import KERNEL
from stance.features.scorer import Scorer
from stance.features.table import Column
from stance.statements import Reader, finders, network, reader, tagging

CALLS = int(os.environ.get("STANCE_CALLS", "60"))
"""Of each of the 32 threads: ``STANCE_CALLS=10000 pytest tests/test_concurrency.py -k storm`` is the full size."""
THREADS = 32
FREE_THREADED = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))
forks = pytest.mark.skipif(
    not hasattr(os, "fork") or FREE_THREADED,
    reason="no fork here, or a free-threaded Python, whose own locks of dictionaries may stay locked in the child",
)
quiet = pytest.mark.filterwarnings(
    "ignore:.*fork.*:DeprecationWarning"
)  # forking with threads is what is tested


@pytest.fixture(scope="module")
def texts(own_rows):
    return [r.text for r in own_rows[::23]][:120]


@pytest.fixture(scope="module")
def articles(texts):
    return [" ".join(f"{t.rstrip('.')}." for t in texts[i : i + 4]) for i in range(0, 40, 4)]


@pytest.fixture
def often_switched():
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def predictor_of(model, max_words=250_000, compiled=True):
    """A predictor with tables of its own, which start anew at so many words."""
    found = stance.Predictor(model.model)
    found._scorer = Scorer(model.model.weights, model.model.lexicon, max_words, compiled)
    return found


def counted(scorer, starts):
    """Count how often a scorer's table starts anew."""
    new = scorer._new_table

    def new_table(vectors):
        starts["tables"] += 1
        return new(vectors)

    scorer._new_table = new_table


def bits(decisions):
    return tuple(np.asarray(part).tobytes() for part in decisions)


def same(a, b):
    return bits(a) == bits(b) if isinstance(a, tuple) and hasattr(a, "held") else a == b


class Work:
    """What a thread may be asked to do, and what comes of it when nobody else is there."""

    def __init__(self, model, texts, articles, kinds):
        self.texts, self.articles, self.kinds = texts, articles, kinds
        self.model, self.reader = model, Reader(model)

    def tasks(self):
        for kind in dict.fromkeys(self.kinds):
            for at in range(len(self.articles if kind == "read" else self.texts)):
                yield kind, at

    def do(self, kind, at):
        if kind == "predict":
            return self.model.predict([self.texts[at]])
        if kind == "decide":
            return self.model.decide(self.texts[at : at + 5])
        if kind == "explain":
            return self.model.explain(self.texts[at])
        return list(self.reader.read(self.articles[at]))

    def any(self, chance):
        kind = chance.choice(self.kinds)
        return kind, chance.randrange(len(self.articles if kind == "read" else self.texts))


def in_threads(n, job):
    """Run a job in so many threads that begin together; what they raise is raised."""
    gate = threading.Barrier(n)

    def begin(number):
        gate.wait()
        return job(number)

    with ThreadPoolExecutor(n) as pool:
        return [done.result() for done in [pool.submit(begin, i) for i in range(n)]]


MIX = ("predict",) * 12 + ("decide",) * 4 + ("explain",) * 3 + ("read",)


@pytest.mark.usefixtures("often_switched")
@pytest.mark.parametrize("compiled", [True, False])
def test_a_storm_of_threads_gives_what_serial_work_gives(model, texts, articles, compiled, monkeypatch):
    """One model, 32 threads, and tables so small that they start anew under each other's hands."""
    if compiled and KERNEL is None:
        pytest.skip("the kernel was not built on this machine")
    alone = Work(predictor_of(model, compiled=compiled), texts, articles, MIX)
    expected = {task: alone.do(*task) for task in alone.tasks()}
    for home in (gazetteer, finders, network, tagging):
        monkeypatch.setattr(home, "_KNOWN", 30)
    shared = Work(predictor_of(model, 40, compiled), texts, articles, MIX)
    starts = Counter()
    counted(shared.model._scorer, starts)
    calls = CALLS if compiled else max(CALLS // 6, 3)

    def job(number):
        chance, wrong = random.Random(number), 0  # noqa: S311  # which work comes next is no secret
        for _ in range(calls):
            task = shared.any(chance)
            wrong += not same(shared.do(*task), expected[task])
        return wrong

    assert sum(in_threads(THREADS, job)) == 0
    assert starts["tables"] > calls * THREADS / 3
    if "STANCE_CALLS" in os.environ:
        sys.stderr.write(f"\n{calls * THREADS} calls, {starts['tables']} tables, compiled {compiled}\n")


@pytest.mark.parametrize("compiled", [True, False])
def test_what_breaks_off_while_words_are_entered_leaves_nothing_behind(model, texts, compiled, monkeypatch):
    """Every append to a column fails once, in the middle of it."""
    some = [text[:60] for text in texts[:4]]
    expected = predictor_of(model, compiled=compiled)._scorer.scores(some)
    scorer = predictor_of(model, compiled=compiled)._scorer
    extend = Column.extend
    for at in range(1, 400):
        appended = 0

        def failing(column, rows, at=at):
            nonlocal appended
            appended += 1
            if appended == at:
                extend(column, rows[: len(rows) // 2])
                raise KeyboardInterrupt
            extend(column, rows)

        scorer._table = None  # as in a scorer just made, but for what is shared between its tables
        scorer._take_table()
        with monkeypatch.context() as patch:
            patch.setattr(Column, "extend", failing)
            try:
                scorer.scores(some)
            except KeyboardInterrupt:
                pass
            else:
                break
        assert np.array_equal(scorer.scores(some[::-1])[::-1], expected)
    assert 20 < at < 399


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # see below
@pytest.mark.usefixtures("often_switched")
def test_interrupts_at_random_moments_leave_the_model_usable(model, texts):
    expected = predictor_of(model)._scorer.scores(texts)
    scorer = predictor_of(model, 40)._scorer
    chance = random.Random(1)  # noqa: S311  # no secret either
    broken = 0

    def work():
        nonlocal broken
        try:
            begun.set()
            while True:
                scorer.scores(texts[:20])
        except KeyboardInterrupt:
            broken += 1

    for _ in range(25):
        begun = threading.Event()
        thread = threading.Thread(target=work)
        thread.start()
        assert begun.wait(60)  # one interrupted before it tries is not counted
        time.sleep(chance.random() * 0.01)
        tries = 0
        while thread.is_alive() and (tries := tries + 1) < 60:  # one that meets a callback is lost
            ctypes.pythonapi.PyThreadState_SetAsyncExc(
                ctypes.c_ulong(thread.ident), ctypes.py_object(KeyboardInterrupt)
            )
            thread.join(1)
        assert not thread.is_alive()
        assert np.array_equal(scorer.scores(texts), expected)
    assert broken == 25


def test_threads_that_begin_together_load_the_installed_models_once(articles, monkeypatch):
    loads = Counter()

    def counting(name):
        function = getattr(reader, name)

        def load(*given):
            loads[name] += 1
            time.sleep(0.05)  # long enough for all others to come to the same place
            return function(*given)

        return load

    for name in ("load", "read_reader"):
        monkeypatch.setattr(reader, name, counting(name))
    for cached in (reader._default, reader._default_reader, reader._reader):
        cached.cache_clear()
    found = in_threads(8, lambda _: list(stance.read(articles[0])))
    assert all(one == found[0] for one in found)
    assert loads == {"load": 1, "read_reader": 1}


def busily(work, seconds=60):
    """Start threads that work until they are told to end."""
    end = threading.Event()

    def run():
        until = time.monotonic() + seconds
        while not end.is_set() and time.monotonic() < until:
            work()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    return end, threads


@forks
@quiet
def test_a_process_forked_while_other_threads_predict(model, texts, articles):
    """The threads hold the locks as good as always: a child that wanted one of them would wait for ever."""
    shared = predictor_of(model, 40)
    stance.read(articles[0])
    expected = bits(shared.decide(texts[:20])), list(stance.read(articles[0], shared))
    end, threads = busily(lambda: (shared.decide(texts), stance.read(articles[1], shared)))
    try:
        for _ in range(12):
            child = os.fork()
            if not child:
                signal.alarm(30)
                found = bits(shared.decide(texts[:20])), list(stance.read(articles[0], shared))
                os._exit(found != expected)
            assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    finally:
        end.set()
        for thread in threads:
            thread.join()


@quiet
@pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())
def test_processes_of_every_kind(model, texts, articles, method):
    """The model is loaded before and goes with the work, or is loaded by the process."""
    context = multiprocessing.get_context(method)
    with context.Pool(2) as pool:
        assert pool.apply(model.predict_proba, (texts,)).tobytes() == model.predict_proba(texts).tobytes()
        assert pool.apply(model.explain, (texts[0],)) == model.explain(texts[0])
        here, there = (f(stance.read, (articles[0],)) for f in (lambda call, given: call(*given), pool.apply))
        assert list(here) == list(there)
        loaded = pool.apply(stance.load)
        assert loaded.predict(texts) == model.predict(texts)


def test_executors(model, texts):
    from joblib.externals.loky import get_reusable_executor

    expected = model.predict_proba(texts).tobytes()
    spawn = ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"))
    loky = get_reusable_executor(max_workers=1, reuse=False)
    with spawn, loky:
        for executor in (spawn, loky):
            assert executor.submit(model.predict_proba, texts).result(60).tobytes() == expected


def test_models_are_pickled_while_other_threads_use_them(model, texts, articles, monkeypatch):
    for home in (gazetteer, finders, network, tagging):
        monkeypatch.setattr(home, "_KNOWN", 200)
    shared = Reader(predictor_of(model, 40))
    expected = list(shared.read(articles[0]))
    chance = random.Random(2)  # noqa: S311  # no secret
    end, threads = busily(lambda: shared.read(chance.choice(articles)))
    try:
        for _ in range(2):
            copy = pickle.loads(pickle.dumps(shared))  # noqa: S301  # our own
            assert list(copy.read(articles[0])) == expected
    finally:
        end.set()
        for thread in threads:
            thread.join()
    assert pickle.loads(pickle.dumps(shared._predictor)).predict(texts) == model.predict(texts)  # noqa: S301


def test_asyncio(model, texts):
    async def gather():
        return await asyncio.gather(*(asyncio.to_thread(model.predict, [text]) for text in texts))

    assert [one for [one] in asyncio.run(gather())] == model.predict(texts)


@pytest.mark.skipif(not FREE_THREADED, reason="this Python has its lock")
def test_the_kernel_is_built_for_a_python_without_its_lock_and_leaves_it_without():
    code = "import sys, stance; stance.read('حذر الوزير من كارثة.'); print(sys._is_gil_enabled())"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["False"]
    assert KERNEL is not None
