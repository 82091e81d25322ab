"""Nothing asks the network: not at import, not at work, in no process.

Every process of a run is given an audit hook before anything is imported, which writes down what happens to
sockets and forbids it.  Sockets between processes of one machine (AF_UNIX) are no network.
"""

import os
import subprocess
import sys

import pytest

HOOK = """
import os, sys
def written(line):
    with open(os.environ["STANCE_TEST_LOG"], "a") as file:
        file.write(f"{os.getpid()} {line}\\n")
def hook(event, given):
    if event.startswith(("socket.", "http.", "urllib.", "ftplib.", "smtplib.")):
        if event == "socket.__new__" and int(given[1]) == 1:  # AF_UNIX
            return
        if event == "socket.gethostname":  # asks the machine for its own name
            return
        written(event)
        raise PermissionError(f"{event} asks the network")
written("started")
sys.addaudithook(hook)
"""
WORK = """
import sys
from pathlib import Path

def main():
    import stance
    model = stance.load()
    model.predict(["حذرت موسكو من كارثة"])
    model.explain("حذرت موسكو من كارثة")
    article = stance.read("حذر وزير الخارجية النرويجي من كارثة وشيكة. ثم غادر القاعة.")
    article.to_html(model)
    from stance.datasets import labelled, read_rows, read_text
    rows = list(labelled(read_rows(read_text(sys.argv[1]), "rows.jsonl", "jsonl"), "rows.jsonl"))
    from stance.settings import TrainingConfig
    from stance.training import train
    train(rows, config=TrainingConfig(min_df=3, ngram_range=(3, 3)), folds=2, jobs=2)
    from stance.labelling import Job, input_kind, label_file, output_kind
    job = Job(sys.argv[2], input_kind(sys.argv[2]), jobs=2)
    done = label_file(job, sys.argv[3], output_kind(sys.argv[3]), lambda _: None)
    print(done.rows)

if __name__ == "__main__":
    main()
"""


@pytest.fixture
def watched(tmp_path):
    """Run code with the hook in it and in every process that it starts; return the run and the log."""
    (tmp_path / "sitecustomize.py").write_text(HOOK, encoding="utf-8")
    log = tmp_path / "log.txt"

    def run(code, *arguments):
        script = tmp_path / "script.py"
        script.write_text(code, encoding="utf-8")
        # nothing of camel-tools is installed in this home: there it would ask for its catalogue
        environment = {
            **os.environ,
            "HOME": str(tmp_path),
            "PYTHONPATH": str(tmp_path),
            "PYTHONIOENCODING": "utf-8",
            "STANCE_TEST_LOG": str(log),
        }
        environment.pop("CAMELTOOLS_DATA", None)
        done = subprocess.run(
            [sys.executable, script, *arguments],
            env=environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        return done, [line.split() for line in log.read_text(encoding="utf-8").splitlines()]

    return run


@pytest.mark.parametrize(
    "code",
    [
        "import socket; socket.socket()",
        "import socket; socket.getaddrinfo('localhost', 80)",
        "import socket; socket.create_connection(('127.0.0.1', 9))",
        "import urllib.request; urllib.request.urlopen('https://localhost/')",
    ],
)
def test_the_watch_sees_the_network(watched, code):
    done, log = watched(code)
    assert done.returncode == 1
    assert "asks the network" in done.stderr
    assert [line[1] for line in log] != ["started"]


def test_the_watch_lets_processes_speak(watched):
    done, log = watched("import socket; a, b = socket.socketpair(); a.send(b'x'); print(b.recv(1).decode())")
    assert (done.returncode, done.stdout.strip()) == (0, "x"), done.stderr
    assert [line[1] for line in log] == ["started"]


def test_import(watched):
    done, log = watched(
        "import importlib, pkgutil, stance\n"
        "names = [m.name for m in pkgutil.walk_packages(stance.__path__, 'stance.')]\n"
        "for name in names:\n"
        "    try:\n"
        "        importlib.import_module(name)\n"
        "    except ModuleNotFoundError as error:\n"
        "        assert error.name in {'pyspark', 'pandas', 'pyarrow'}, error\n"
        "print(len(names))"
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 100
    assert [line[1] for line in log] == ["started"]


def test_work(watched, root, tmp_path):
    texts = (root / "tests" / "golden" / "predictions.jsonl").read_text(encoding="utf-8")
    (tmp_path / "in.jsonl").write_text(texts * 60, encoding="utf-8")
    rows = root / "training" / "statements" / "europe.jsonl"
    done, log = watched(WORK, rows, tmp_path / "in.jsonl", tmp_path / "out.jsonl")
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) == texts.count("\n") * 60
    assert {line[1] for line in log} == {"started"}
    assert len({line[0] for line in log}) >= 3, "the worker processes were not watched"
