"""Load mutants of tiny models and use those that load: ``python tests/fuzz_models.py --mutants 300000 --jobs 2``.

Whatever the files hold, only ModelError may come out of loading; what loads must label, explain and read texts
with finite probabilities and no error but those of stance.  While a folder is loaded, an audit hook watches
that no file outside it is opened and nothing is compiled, run, imported, unpickled, sent or started.
A mutant that takes ten seconds of work, or crashes the process, ends the run; its number is the last one noted.
"""

import argparse
import faulthandler
import json
import mmap
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from collections import Counter
from pathlib import Path

import numpy as np
from model_folders import TEXTS, write_tiny, write_tiny_reader
from model_mutants import mutant

import stance
from stance.actors import Gazetteer
from stance.errors import ModelError, StanceError
from stance.statements import Reader, read_reader

MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108  # files are made by the ten thousand
KINDS = ("plain", "first", "reader", "targets", "texts")
ALL_KINDS = ",".join(KINDS)
SLOWEST, LONGEST = 10, 60
"""Seconds of work and of waiting that a mutant may take: on a busy machine a process waits without fault."""
FORBIDDEN = (
    "code.", "compile", "ctypes.", "exec", "import", "marshal.", "os.", "pickle.", "shutil.", "socket.", "subprocess.",
)  # fmt: skip
HARMLESS = ("os.listdir", "os.scandir", "object.__")


class Watch:
    """An audit hook that notes what a load must not do."""

    def __init__(self):
        self.folder = None
        self.seen = []
        sys.addaudithook(self)

    def __call__(self, event, args):
        if self.folder is None:
            return
        if event == "open":
            path = os.fspath(args[0]) if not isinstance(args[0], int) else "a handle"
            inside = path.startswith(self.folder + os.sep) or not path.startswith(os.sep)
            if path.startswith(os.environ["CAMELTOOLS_DATA"]):
                return  # the configuration may ask for the morphology, which is the user's own
            if path != self.folder and (not inside or ".." in path):
                self.seen.append(f"{event} {path!r}")
        elif event.startswith(FORBIDDEN) and not event.startswith(HARMLESS):
            self.seen.append(f"{event} {args!r:.100}")


def check(probabilities):
    values = np.asarray(probabilities)
    assert np.isfinite(values).all(), "a probability is no number"
    assert ((values >= 0) & (values <= 1 + 1e-9)).all(), "a probability is not from 0 to 1"


def use(predictor):
    """Label and explain the texts."""
    about = ["الماء", "النقل", "x", ""] if predictor.config.paired else None
    for prediction in predictor.predict(TEXTS, about):
        check([*prediction.probabilities.values(), *prediction.sentiment_probabilities.values()])
    check(predictor.predict_proba(TEXTS, about))
    found = predictor.explain(TEXTS[1], about and about[0])
    check(list(found.probabilities.values()))
    assert all(np.isfinite(list(word.shares.values())).all() for word in found.words), "a share is no number"


def outcome(kind, folder, watch, predictor, gazetteer):
    """Load a folder and use what was loaded; returns what came of it."""
    watch.folder = str(folder)
    try:
        loaded = read_reader(folder) if kind == "reader" else stance.load(folder)
    except ModelError as error:
        message = str(error)
        assert "\n" not in message, "a message of several lines"
        assert message.isprintable(), "a message that does not print"
        assert len(message) < 1000, "a message of a thousand letters"
        return type(error).__name__
    except StanceError as error:  # the morphology that the configuration asks for is not installed
        return "no CAMeL" if "CAMeL" in str(error) else f"FAILED {error!r}"
    finally:
        watch.folder = None
        assert not watch.seen, watch.seen
    if kind == "reader":
        Reader(predictor, loaded, gazetteer).read(" ".join(TEXTS))
    else:
        use(loaded)
        if not loaded.config.paired and hash(loaded.config.name) % 8 == 0:
            stance.read(TEXTS[1], loaded)
    return "loaded"


def write(folder, files, before):
    """Write what differs from the files that are there."""
    for name in before.keys() - files.keys():
        (folder / name).unlink(missing_ok=True)
    for name, data in files.items():
        if before.get(name) is not data:
            (folder / name).write_bytes(data)


def work(kind, numbers, seed, note, keep_going):
    """Fuzz one kind of folder with some numbers; returns counts of outcomes, the slowest mutant and its time."""
    counts, slowest = Counter(), (0.0, -1)
    with tempfile.TemporaryDirectory(dir=MEMORY) as home:
        good, folder = Path(home) / "good", Path(home) / "mutant"
        write_tiny_reader(good) if kind == "reader" else write_tiny(good, kind)
        write_tiny(Path(home) / "plain")
        files = {p.name: p.read_bytes() for p in good.iterdir()}
        predictor, gazetteer = stance.load(Path(home) / "plain"), Gazetteer.default()
        watch, there = Watch(), {}
        folder.mkdir()
        write(folder, files, there)
        watch_free = type("Free", (), {"folder": None, "seen": []})()
        assert outcome(kind, folder, watch_free, predictor, gazetteer) == "loaded"  # imports what it imports
        there = files
        for number in numbers:
            changed, signed = mutant(files, seed, number)
            write(folder, changed, there)
            there = changed
            note[0:8] = number.to_bytes(8, "little")
            signal.setitimer(signal.ITIMER_PROF, SLOWEST)
            signal.setitimer(signal.ITIMER_REAL, LONGEST)
            start = time.perf_counter()
            try:
                found = outcome(kind, folder, watch, predictor, gazetteer)
            except BaseException as error:
                if not keep_going:
                    raise SystemExit(f"{kind}, seed {seed}, mutant {number}: {error!r}") from error
                found, watch.seen = f"FAILED {type(error).__name__} {error!s:.60}", []
            took = time.perf_counter() - start
            slowest = max(slowest, (took, number))
            if found.startswith("FAILED") and not keep_going:
                raise SystemExit(f"{kind}, seed {seed}, mutant {number}: {found}")
            counts[f"{'signed' if signed else 'unsigned'} {found}"] += 1
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)
    return counts, slowest


def run_worker(options):
    faulthandler.enable()
    warnings.simplefilter("error")
    if options.memory:
        resource.setrlimit(resource.RLIMIT_AS, (options.memory << 20, options.memory << 20))
    with Path(options.note).open("r+b") as file, mmap.mmap(file.fileno(), 8) as note:
        numbers = range(options.first, options.mutants, options.jobs)
        total = {}
        for kind in options.kinds.split(","):
            counts, slowest = work(
                kind, numbers[KINDS.index(kind) :: len(KINDS)], options.seed, note, options.keep_going
            )
            total[kind] = {"counts": counts, "slowest": slowest}
    json.dump(total, sys.stdout)


def fuzz(mutants, seed, jobs=2, kinds=ALL_KINDS, memory=2500, keep_going=False):
    """Run the workers; returns counts by kind and outcome, and the slowest mutant, or raises with what one said."""
    with tempfile.TemporaryDirectory() as home:
        workers = []
        for first in range(jobs):
            note = Path(home) / f"note{first}"
            note.write_bytes(bytes(8))
            command = [
                sys.executable, __file__, "--worker", f"--mutants={mutants}", f"--seed={seed}", f"--jobs={jobs}",
                f"--first={first}", f"--kinds={kinds}", f"--note={note}", f"--memory={memory}",
                *["--keep-going"] * keep_going,
            ]  # fmt: skip
            environment = {**os.environ, "CAMELTOOLS_DATA": home, "OPENBLAS_NUM_THREADS": "1"}
            workers.append(
                (
                    note,
                    subprocess.Popen(
                        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
                    ),
                )
            )
        counts, slowest = Counter(), (0.0, -1)
        for note, worker in workers:
            out, err = worker.communicate()
            if worker.returncode:
                last = int.from_bytes(note.read_bytes(), "little")
                raise AssertionError(
                    f"seed {seed}, mutant {last} of {mutants}: exit {worker.returncode}\n{err.decode()[-3000:]}"
                )
            for kind, found in json.loads(out).items():
                counts.update({(kind, name): n for name, n in found["counts"].items()})
                slowest = max(slowest, tuple(found["slowest"]))
    return counts, slowest


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--mutants", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--kinds", default=ALL_KINDS)
    parser.add_argument(
        "--memory", type=int, default=2500, help="megabytes of addresses that a worker may use; 0: no limit"
    )
    parser.add_argument(
        "--keep-going", action="store_true", help="count failures in place of stopping at the first"
    )
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--first", type=int, default=0, help=argparse.SUPPRESS)
    parser.add_argument("--note", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        run_worker(options)
        return
    start = time.perf_counter()
    counts, slowest = fuzz(
        options.mutants, options.seed, options.jobs, options.kinds, options.memory, options.keep_going
    )
    for (kind, name), n in sorted(counts.items()):
        print(f"{kind:8} {name:34} {n:8}")
    print(
        f"{sum(counts.values())} mutants in {time.perf_counter() - start:.0f} s, the slowest {slowest[0]:.2f} s ({slowest[1]})"
    )


if __name__ == "__main__":
    main()
