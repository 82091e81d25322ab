"""Full disks, read-only folders, kills, interrupts, too little of everything: the old model stays usable."""

import errno
import itertools
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest

import stance
from stance.cli import main as stance_command
from stance.cli import train as train_command
from stance.cli.shell import call
from stance.errors import DataError, ModelError
from stance.model import read_model, replacing, write_model
from stance.writing import atomic_path, cannot_write

TEXTS = ["حذرت الوزيرة من كارثة وشيكة في الميناء", "دعا المبعوث إلى وقف فوري لإطلاق النار"]
linux = pytest.mark.skipif(sys.platform != "linux", reason="mounts and limits as Linux has them")
quiet = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")


@pytest.fixture(scope="module")
def old(trained):
    return trained.model


@pytest.fixture(scope="module")
def new(old):
    """Another model, which differs in its configuration and in its arrays."""
    weights = replace(old.weights, bias=old.weights.bias + 1)
    return replace(old, config=replace(old.config, name="new"), weights=weights)


def labels(model):
    return stance.Predictor(model).predict_proba(TEXTS).tobytes()


@pytest.fixture(scope="module")
def known(old, new):
    return {(m.config.name, m.weights.bias.tobytes()): labels(m) for m in (old, new)}


def is_whole(folder, known):
    """Tell whether a folder can be loaded; if so, that it is the old model or the new one, and nothing between."""
    try:
        model = read_model(folder)
    except ModelError:
        return False
    assert (model.config.name, model.weights.bias.tobytes()) in known
    return True


@pytest.fixture
def swift():
    """A folder in memory, where syncing thousands of times costs nothing."""
    memory = Path("/dev/shm")  # noqa: S108  # only where it is there
    folder = Path(tempfile.mkdtemp(dir=memory if os.access(memory, os.W_OK) else None))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


STEPS = [
    (os, "fsync"), (os, "rename"), (os, "unlink"), (os, "rmdir"), (Path, "rename"), (Path, "chmod"), (Path, "open"),
    (tempfile, "mkdtemp"), (replacing, "_exchange"),
]  # fmt: skip
"""What writing a folder consists of."""


def stop_at(patch, at, stop):
    """Let the `at`-th step be the last one; returns a list that has an item for each step."""
    steps = []

    def stopping(function):
        def step(*given, **options):
            steps.append(function.__name__)
            if len(steps) == at:
                stop()
            return function(*given, **options)

        return step

    for home, name in STEPS:
        patch.setattr(home, name, stopping(getattr(home, name)))
    return steps


@pytest.fixture(params=["exchanged", "renamed"])
def how(request, monkeypatch):
    """Names are exchanged in one step, or renamed in two where the system cannot."""
    if request.param == "renamed":
        monkeypatch.setattr(replacing, "_exchange", lambda *_: False)
    return request.param


@quiet
@pytest.mark.skipif(not hasattr(os, "fork"), reason="a process is killed for each step")
@pytest.mark.parametrize("overwrite", [True, False])
def test_a_writer_killed_at_any_step(old, new, known, how, overwrite, swift, monkeypatch):
    target = swift / "model"
    for at in range(1, 200):
        shutil.rmtree(swift)
        swift.mkdir()
        if overwrite:
            write_model(old, target)
        child = os.fork()
        if not child:
            stop_at(monkeypatch, at, lambda: os.kill(os.getpid(), signal.SIGKILL))
            write_model(new, target, overwrite)
            os._exit(0)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        left = {p for p in swift.iterdir() if p != target}
        whole = [is_whole(p, known) for p in left]  # what is not whole is not loaded
        if how == "exchanged" and overwrite:
            assert is_whole(target, known), at
        elif overwrite:
            assert is_whole(target, known) or any(whole), at
        write_model(new, target, overwrite=True)
        assert read_model(target).config.name == "new"
        assert [p.name for p in swift.iterdir()] == [target.name]  # what was left is gone
        if code == 0:
            break
        assert code == -signal.SIGKILL
    assert 20 < at < 199


def test_a_writer_interrupted_at_any_step(old, new, known, how, swift):  # noqa: ARG001  # how it is swapped
    """Ctrl-C, between any two steps: the model is the old one or the new one, and nothing else is left."""
    target = swift / "model"
    write_model(old, target)

    def interrupt():
        raise KeyboardInterrupt

    for at in range(1, 200):
        with pytest.MonkeyPatch.context() as patch:
            steps = stop_at(patch, at, interrupt)
            with suppress(KeyboardInterrupt):
                write_model(new, target, overwrite=True)
        assert is_whole(target, known), at
        if len(steps) < at:
            break
        write_model(old, target, overwrite=True)
        assert [p.name for p in swift.iterdir()] == [target.name], at
    assert 20 < at < 199


@pytest.mark.parametrize(
    "error", [RuntimeError("cannot join thread before it is started"), OSError("closed")]
)
def test_what_fails_because_of_an_interruption_is_told_as_one(error, capsys):
    def main(argv):  # noqa: ARG001  # as commands are called
        try:
            raise KeyboardInterrupt
        finally:
            raise error

    assert call(main) == 130
    assert capsys.readouterr().err == "stance: interrupted\n"


@pytest.mark.skipif(sys.platform != "linux", reason="names are exchanged on Linux")
def test_whoever_reads_while_a_model_is_replaced_gets_one_of_the_two(old, new, known, swift):
    target = swift / "model"
    write_model(old, target)
    end = threading.Event()

    def write():
        for i in itertools.count():
            if end.is_set():
                break
            write_model((new, old)[i % 2], target, overwrite=True)

    writer = threading.Thread(target=write)
    writer.start()
    reads, until = [], time.monotonic() + 60
    try:
        while (len(reads) < 15 or len(set(reads)) < 2) and time.monotonic() < until:
            model = read_model(target)
            reads.append((model.config.name, model.weights.bias.tobytes()))
    finally:
        end.set()
        writer.join()
    assert set(reads) == known.keys()


def test_a_link_is_replaced_and_what_it_names_is_kept(old, new, how, tmp_path):  # noqa: ARG001
    write_model(old, tmp_path / "first")
    (tmp_path / "current").symlink_to("first")
    write_model(new, tmp_path / "current", overwrite=True)
    assert labels(read_model(tmp_path / "first")) == labels(old)
    assert labels(read_model(tmp_path / "current")) == labels(new)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["current", "first"]


@contextmanager
def mounted(folder, size):
    """A small disk of its own at a folder; skips where mounting is not permitted."""
    folder.mkdir()
    done = subprocess.run(
        ["/bin/mount", "-t", "tmpfs", "-o", f"size={size}", "none", str(folder)],
        capture_output=True,
        check=False,
    )
    if done.returncode:
        pytest.skip("mounting a small disk is not permitted here")
    try:
        yield folder
    finally:
        subprocess.run(["/bin/umount", "-l", str(folder)], check=True)


def size_of(folder):
    return sum(4096 * (p.stat().st_size // 4096 + 2) for p in folder.iterdir())


@pytest.fixture
def articles(tmp_path):
    path = tmp_path / "article.txt"
    path.write_text("\n".join(f"{text}." for text in TEXTS * 100), encoding="utf-8")
    return str(path)


OUTPUTS = [
    ("read", "csv"), ("read", "jsonl"), ("read", "json"), ("read", "html"), ("read", "parquet"),
    ("graph", "csv"), ("graph", "graphml"), ("graph", "html"), ("label", "csv"), ("label", "parquet"),
]  # fmt: skip


def each_output(articles, folder):
    """Yield each command that writes a file, and the file."""
    for command, ending in OUTPUTS:
        out = folder / f"{command}.{ending}"
        given = ["--input-format", "txt", "--jobs", "1"] if command == "label" else []
        yield [command, articles, "-o", str(out), *given], out


def refused(capfd, main, argv, *told):
    """Run a command that must fail: one sentence, exit code 1, every part of what is told."""
    assert call(main, argv) == 1, argv
    err = capfd.readouterr().err
    sentence = err.splitlines()[-1]
    assert sentence.startswith("stance: "), err
    assert "Traceback" not in err
    for part in told:
        assert part in sentence


@linux
def test_a_full_disk(old, new, known, articles, labelled_file, tmp_path, capfd):
    write_model(old, tmp_path / "sample")
    needed = size_of(tmp_path / "sample")
    with mounted(tmp_path / "disk", needed + needed // 2) as disk:
        write_model(old, disk / "model")
        with pytest.raises(DataError, match=r"model cannot be written: No space left.* MB are free there"):
            write_model(new, disk / "model", overwrite=True)
        assert [p.name for p in disk.iterdir()] == ["model"]
        assert is_whole(disk / "model", known)
        with pytest.raises(DataError, match="No space left"), atomic_path(disk / "pipelines") as temporary:
            temporary.write_bytes(bytes(2 * needed))
        with (disk / "filler").open("wb", buffering=0) as filler, suppress(OSError):
            while filler.write(bytes(4096)):
                pass
        for argv, out in each_output(articles, disk):
            refused(capfd, stance_command.main, argv, str(out), "No space left")
            assert not out.exists()
        argv = ["evaluate", str(labelled_file), "--draws", "10", "--plots", str(disk / "plots")]
        refused(capfd, stance_command.main, argv, "plots", "No space left")
        assert sorted(p.name for p in disk.iterdir() if p.suffix != ".parts") == ["filler", "model", "plots"]
        assert not list((disk / "plots").iterdir())


def test_a_limit_of_file_sizes(old, new, known, articles, tmp_path, capsys):
    """The same where no disk can be mounted."""
    write_model(old, tmp_path / "model")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20, before[1]))
    try:
        with pytest.raises(DataError, match=r"File too large; raise the limit of file sizes"):
            write_model(new, tmp_path / "model", overwrite=True)
        for argv, out in each_output(articles, tmp_path):
            refused(capsys, stance_command.main, argv, str(out), "ulimit -f")
            assert not out.exists()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    # what the label command could not even begin is in nobody's way
    assert sorted(p.name for p in tmp_path.iterdir() if p.suffix != ".parts") == ["article.txt", "model"]
    assert is_whole(tmp_path / "model", known)
    assert all(call(stance_command.main, argv) == 0 for argv, _ in each_output(articles, tmp_path))


@pytest.fixture
def read_only(tmp_path, old):
    """A folder with a model in which nothing can be written, not even by root."""
    folder = tmp_path / "shut"
    if os.getuid():
        write_model(old, folder / "model")
        folder.chmod(0o555)
        yield folder
        folder.chmod(0o755)
        return
    with mounted(folder, "20m"):
        write_model(old, folder / "model")
        subprocess.run(["/bin/mount", "-o", "remount,ro", str(folder)], check=True)
        yield folder


@linux
def test_a_read_only_folder(read_only, known, articles, labelled_file, capfd, monkeypatch):
    monkeypatch.setattr(train_command, "_labelled", None)  # it must not come to the work
    for name in ("model", "other"):
        argv = [str(labelled_file), "-o", str(read_only / name), "--overwrite"]
        refused(capfd, train_command.main, argv, name, "is read-only; name a folder that you may write to")
    argv = [str(labelled_file), "-o", str(read_only.parent / "m"), "--sklearn", str(read_only / "x.joblib")]
    refused(capfd, train_command.main, argv, "x.joblib", "read-only")
    for argv, out in each_output(articles, read_only):
        refused(capfd, stance_command.main, argv, str(out), "name a folder that you may write to")
    assert [p.name for p in read_only.iterdir()] == ["model"]
    assert is_whole(read_only / "model", known)


@pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"
)  # an interrupt within a callback is lost
def test_training_interrupted_at_random_moments(old, labelled_file, tmp_path, capfd):
    """An alarm interrupts as Ctrl-C does."""
    target = tmp_path / "model"
    write_model(old, target)
    config = tmp_path / "small.toml"
    config.write_text("min_df = 2\nngram_range = [3, 4]\n", encoding="utf-8")
    argv = [str(labelled_file), "-o", str(target), "--overwrite", "--folds", "3", "--config", str(config)]
    chance = random.Random(3)  # noqa: S311  # moments are no secret

    def interrupt(*_):
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        for _ in range(4):
            signal.setitimer(signal.ITIMER_REAL, chance.uniform(0.01, 1.5))
            code = call(train_command.main, argv)
            signal.setitimer(signal.ITIMER_REAL, 0)
            assert code in (0, 130)  # a fast machine was done before
            if code:
                assert capfd.readouterr().err.endswith("stance: interrupted\n")
            found = read_model(target)  # whole, by its digests; the new one where it had been put in place
            if found.config.name == "model":
                write_model(old, target, overwrite=True)
            else:
                assert code == 130
                assert labels(found) == labels(old)
    finally:
        signal.signal(signal.SIGALRM, before)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["model", "small.toml"]


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (MemoryError(), "not enough memory; raise the limit (ulimit -v)"),
        (
            ImportError("x.so: failed to map segment from shared object"),
            "not enough memory to load a library",
        ),
        (RuntimeError("can't start new thread"), "no thread can be started"),
        (OSError(errno.EMFILE, os.strerror(errno.EMFILE)), "Too many open files"),
    ],
    ids=repr,
)
def test_what_the_machine_lacks_is_told_in_a_sentence(error, told, capfd):
    def main(_):
        raise error

    refused(capfd, main, [], told)


@pytest.mark.parametrize("error", [RuntimeError("a mistake of ours"), ImportError("no 'colormaps' of ours")])
def test_other_errors_are_not_hidden(error):
    def main(_):
        raise error

    with pytest.raises(type(error), match="ours"):
        call(main)


@linux
def test_an_address_space_too_small(articles, tmp_path):
    out = tmp_path / "out.csv"
    code = "from stance.cli.main import run; run()"

    def starve():
        resource.setrlimit(resource.RLIMIT_AS, (250_000_000, 250_000_000))

    done = subprocess.run(
        [sys.executable, "-c", code, "read", articles, "-o", str(out)],
        capture_output=True, text=True, check=False, timeout=120, preexec_fn=starve,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
    )  # fmt: skip
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "emory" in done.stderr
    assert sorted(p.name for p in tmp_path.iterdir()) == ["article.txt"]


@linux
def test_a_bare_environment_few_files_and_closed_streams(articles):
    """No HOME, no place for temporary files, the C locale, sixteen open files."""
    start = f'ulimit -n 16; exec "{sys.executable}" -c "from stance.cli.main import run; run()" read'
    usual = Path(articles).read_text(encoding="utf-8")
    expected = [s.text for s in stance.read(usual)]
    bare = {"LC_ALL": "C", "TMPDIR": "/nonexistent", "PYTHONUTF8": "0"}

    def shell(line):
        return subprocess.run(
            ["/bin/sh", "-c", f"{start} {line}"], capture_output=True, check=False, timeout=120, env=bare
        )

    done = shell(f"{articles} --format jsonl")
    assert done.returncode == 0, done.stderr
    assert done.stdout.decode().count("\n") == len(expected)
    closed = shell("- <&-")
    assert closed.stderr == b"stance: standard input is closed; name a file, or send something to it\n"
    assert closed.returncode == 1
    full = shell(f"{articles} > /dev/full")
    said = b"stance: the output cannot be read or written: No space left on device\n"
    assert (full.returncode, full.stderr) == (1, said)
    nobody = shell("nowhere.txt >&- 2>&-")
    assert nobody.returncode == 1


def test_no_order_of_times_matters(old, tmp_path, monkeypatch):
    """Clocks jump: files from the past and the future, and a clock that runs backwards."""
    clock = iter(range(2_000_000_000, 0, -10_000_000))
    monkeypatch.setattr(time, "time", lambda: float(next(clock)))
    write_model(old, tmp_path / "a")
    write_model(old, tmp_path / "b")
    for i, path in enumerate(sorted((tmp_path / "b").iterdir())):
        os.utime(path, (i % 2 * 4e9, i % 2 * 4e9))
    same = [{p.name: p.read_bytes() for p in (tmp_path / n).iterdir()} for n in "ab"]
    assert same[0] == same[1]
    assert labels(read_model(tmp_path / "b")) == labels(old)


def test_two_writers_do_not_clear_each_other_away(old, new, tmp_path, monkeypatch):
    target = tmp_path / "model"
    write_model(old, target)
    put = replacing._put

    def second_writer_first(folder, at):
        monkeypatch.setattr(replacing, "_put", put)
        write_model(old, target, overwrite=True)  # while the first is at work
        assert folder.exists()
        put(folder, at)

    monkeypatch.setattr(replacing, "_put", second_writer_first)
    write_model(new, target, overwrite=True)
    assert labels(read_model(target)) == labels(new)
    assert [p.name for p in tmp_path.iterdir()] == ["model"]


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        (errno.EROFS, "; name a folder that you may write to"),
        (errno.EBUSY, "name a folder in it"),
        (errno.EIO, "error"),
    ],
)
def test_advice_names_the_way_out(code, advice):
    assert str(cannot_write("/a/b", OSError(code, os.strerror(code)))).endswith(advice)
