"""``stance label`` killed, starved of disk, interrupted: nothing is lost, and the bytes are the same."""

import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from stance.cli import main as stance_command
from stance.cli.shell import call
from stance.labelling import parts, run, sources

ROWS, CHUNKS = 20, 2
RUN = (
    f"import stance.labelling.sources as s, stance.labelling.parts as p; s.ROWS = {ROWS}; p.CHUNKS = {CHUNKS}\n"
    "from stance.labelling import run; run.CHUNKS = p.CHUNKS\n"
    "from stance.cli.main import run; run()"
)
"""The real command with small parts, so that few rows make many of them."""


def command(*argv):
    return [sys.executable, "-c", RUN, "label", *map(str, argv)]


def start(*argv, **options):
    return subprocess.Popen(
        command(*argv), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, **options
    )


def finish(*argv, **options):
    done = subprocess.run(command(*argv), capture_output=True, text=True, check=False, timeout=120, **options)
    return done.returncode, done.stderr


@pytest.fixture
def small_parts(monkeypatch):
    monkeypatch.setattr(sources, "ROWS", ROWS)
    monkeypatch.setattr(parts, "CHUNKS", CHUNKS)
    monkeypatch.setattr(run, "CHUNKS", CHUNKS)


@pytest.fixture(scope="module")
def rows(own_rows):
    """1,200 rows, some of them bad: thirty parts."""
    found = [{"n": i, "text": r.text} for i, r in enumerate(own_rows[:1200])]
    for i in range(7, 1200, 97):
        found[i] = {"n": i}
    return found


@pytest.fixture(scope="module")
def source(rows, tmp_path_factory):
    path = tmp_path_factory.mktemp("source") / "in.jsonl"
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), encoding="utf-8")
    return path


@pytest.fixture
def whole(source, tmp_path, small_parts):  # noqa: ARG001  # parts as small as those of the processes
    """Label without a break; return the bytes of the output and of the rejects."""

    def label(name):
        out = tmp_path / f"whole.{name}"
        assert call(stance_command.main, ["label", str(source), "-o", str(out), "--jobs", "1"]) == 0
        return contents(out)

    return label


def contents(out):
    return out.read_bytes(), Path(f"{out}.rejects.jsonl").read_bytes()


def n_parts(out):
    return len(list(Path(f"{out}.parts").glob("[0-9]*[0-9]/part.json")))


def wait_for(process, is_so):
    """Wait until something is so; False where the process ended before."""
    end = time.monotonic() + 60
    while not is_so():
        if process.poll() is not None:
            return False
        assert time.monotonic() < end
        time.sleep(0.002)
    return True


@pytest.mark.parametrize(
    ("name", "jobs"), [("csv", 1), ("jsonl", 2), ("parquet", 1), ("jsonl.gz", 1), ("csv.zst", 2)]
)
def test_killed_at_random_moments_and_resumed(source, whole, tmp_path, name, jobs):
    expected = whole(name)
    out = tmp_path / f"out.{name}"
    chance = random.Random(name)  # noqa: S311  # moments to kill at are no secret
    kills, folder = 0, Path(f"{out}.parts")
    while not out.exists() and kills < 2:
        process = start(source, "-o", out, "--jobs", jobs, "--resume")
        seen = n_parts(out)
        wait_for(process, lambda: n_parts(out) >= seen + chance.randint(1, 5) or out.exists())  # noqa: B023
        time.sleep(chance.random() * 0.03)
        if process.poll() is None:
            kills += 1
            process.kill()
        process.communicate()
        assert out.exists() or folder.exists()
    assert kills
    code, err = finish(source, "-o", out, "--jobs", jobs, "--resume")
    assert code == 0, err
    assert contents(out) == expected
    assert not folder.exists()


class Killed(BaseException):
    """Stands for the moment at which a process is no more."""


@pytest.mark.usefixtures("small_parts")
def test_killed_between_any_two_steps_and_resumed(source, tmp_path, monkeypatch):
    """Every rename, removal and sync of a run is its last step once."""
    head = tmp_path / "head.jsonl"
    head.write_text(
        "".join(source.read_text(encoding="utf-8").splitlines(keepends=True)[:50]), encoding="utf-8"
    )
    out = tmp_path / "out.csv"
    argv = ["label", str(head), "-o", str(out), "--jobs", "1"]
    assert call(stance_command.main, argv) == 0
    expected = contents(out)
    steps = 0

    def stopping(function, at):
        def step(*given, **options):
            nonlocal steps
            steps += 1
            if steps == at:
                raise Killed
            return function(*given, **options)

        return step

    for at in range(1, 200):
        out.unlink(missing_ok=True)
        shutil.rmtree(f"{out}.parts", ignore_errors=True)
        steps = 0
        with monkeypatch.context() as patch:
            patch.setattr(run, "_leave", parts.Parts.close)  # the dead tidy nothing up
            for home, name in ((os, "fsync"), (Path, "replace"), (Path, "unlink"), (shutil, "rmtree")):
                patch.setattr(home, name, stopping(getattr(home, name), at))
            try:
                call(stance_command.main, argv)
            except Killed:
                pass
            else:
                break
        assert call(stance_command.main, [*argv, "--resume"]) == 0
        assert contents(out) == expected, at
        assert not Path(f"{out}.parts").exists()
    assert 20 < at < 199


def test_a_full_disk_is_told_and_what_was_committed_is_kept(source, whole, tmp_path):
    expected = whole("jsonl")
    out = tmp_path / "out.jsonl"

    def starve():
        resource.setrlimit(
            resource.RLIMIT_FSIZE, (100_000, 100_000)
        )  # one part fits, the joined file does not

    code, err = finish(source, "-o", out, "--jobs", 1, preexec_fn=starve)
    assert code == 1
    assert "cannot be written: File too large" in err
    assert "rows are kept, pass --resume" in err
    assert err.count("\n") == 1
    assert not out.exists()
    assert finish(source, "-o", out, "--jobs", 1, "--resume")[0] == 0
    assert contents(out) == expected


def children(pid):
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if state[1] == str(pid):
            found.append(int(path.parent.name))
    return found


def arguments(pid):
    """Return how a process was called; nothing where it is no more."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def seconds(pid):
    """Return the processor's time that a process has had; none where it is no more."""
    try:
        used = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    except OSError:
        return 0.0
    return sum(map(int, used)) / os.sysconf("SC_CLK_TCK")


def is_worker(pid):
    return b"spawn_main" in arguments(pid)


@pytest.fixture
def long_source(source, tmp_path):
    """Rows for a run of a few seconds."""
    path = tmp_path / "long.jsonl"
    path.write_bytes(source.read_bytes() * 25)
    return path


linux = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks into /proc")


@linux
def test_a_worker_that_dies_ends_the_run_in_one_sentence(long_source, tmp_path):
    out = tmp_path / "out.jsonl"
    process = start(long_source, "-o", out, "--jobs", 2)
    assert wait_for(process, lambda: n_parts(out) >= 1)
    os.kill(next(filter(is_worker, children(process.pid))), signal.SIGKILL)
    err = process.communicate(timeout=60)[1]
    assert process.returncode == 1
    assert "a worker process was ended from outside" in err
    assert "rows are kept, pass --resume" in err
    assert "Traceback" not in err
    assert err.count("\n") == 1


def test_a_reader_of_the_output_that_has_had_enough(long_source):
    process = subprocess.Popen(
        command(long_source, "-o", "-", "--jobs", 2), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert json.loads(process.stdout.readline())["n"] == 0
    process.stdout.close()
    err = process.stderr.read()
    process.stderr.close()
    assert process.wait(timeout=60) == 0
    assert b"Traceback" not in err


@linux
def test_interrupted_and_killed_runs_leave_no_processes_behind(long_source, tmp_path):
    out = tmp_path / "out.jsonl"
    for how, options in ((signal.SIGINT, []), (signal.SIGKILL, ["--resume"])):
        process = start(long_source, "-o", out, "--jobs", 2, *options, start_new_session=True)
        seen = n_parts(out)
        assert wait_for(process, lambda: n_parts(out) > seen)  # noqa: B023
        workers = list(filter(is_worker, children(process.pid)))
        assert len(workers) == 2
        if how == signal.SIGINT:
            os.killpg(process.pid, how)  # as a terminal does
            err = process.communicate(timeout=60)[1]
            assert process.returncode == 130
            assert "pass --resume to go on" in err
            assert "Traceback" not in err
        else:
            process.kill()
            process.wait()
            process.stderr.close()
        end = time.monotonic() + 20
        while any(map(is_worker, workers)):
            assert time.monotonic() < end
            time.sleep(0.05)


@linux
@pytest.mark.parametrize("later", [0, 0.1, 0.2, 0.4])
def test_interrupted_twice_while_processes_start(long_source, tmp_path, later):
    process = start(long_source, "-o", tmp_path / "out.jsonl", "--jobs", 2, start_new_session=True)
    assert wait_for(process, lambda: any(map(is_worker, children(process.pid))))
    time.sleep(later)
    for _ in range(2):
        os.killpg(process.pid, signal.SIGINT)
    err = process.communicate(timeout=60)[1]
    assert process.returncode == 130
    assert err.endswith("stance: interrupted\n")
    assert "Traceback" not in err


@linux
def test_a_training_that_is_interrupted_while_processes_start(root, tmp_path):
    statements = sorted((root / "training" / "statements").glob("*.jsonl"))
    entry = "from stance.cli.train import run; run()"
    argv = [sys.executable, "-c", entry, *statements, "-o", tmp_path / "model", "--jobs", "2"]
    process = subprocess.Popen(
        argv, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    assert wait_for(process, lambda: any(b"Loky" in arguments(pid) for pid in children(process.pid)))
    os.killpg(process.pid, signal.SIGINT)
    err = process.communicate(timeout=60)[1]
    assert err.endswith("stance: interrupted\n")
    assert "Traceback" not in err
    assert process.returncode == 130


@linux
def test_a_training_that_is_ended_ends_its_processes(root, tmp_path):
    statements = sorted((root / "training" / "statements").glob("*.jsonl"))
    entry = "from stance.cli.train import run; run()"
    argv = [sys.executable, "-c", entry, *statements, "-o", tmp_path / "model", "--jobs", "2"]
    process = subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)

    def workers():
        return [pid for pid in children(process.pid) if b"LokyProcess" in arguments(pid)]

    def are_busy():  # the pool as a whole has begun: its workers load libraries for longer than it needs
        return len(workers()) == 2 and all(seconds(pid) > 0.5 for pid in workers())

    assert wait_for(process, are_busy)
    busy = workers()
    process.terminate()
    assert process.communicate(timeout=60)[1].endswith("stance: interrupted\n")
    assert process.returncode == 130
    assert not (tmp_path / "model").exists()
    end = time.monotonic() + 20
    while any(arguments(pid) for pid in busy):
        assert time.monotonic() < end
        time.sleep(0.05)
