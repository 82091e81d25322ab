"""Feed functions and readers with bytes that nobody would write: nothing but StanceError may come of it.

    pip install atheris
    python benchmarks/fuzz.py words --runs 100000
    python benchmarks/fuzz.py --all --write fuzz.md

Atheris (libFuzzer) mutates inputs towards code that was not run before; ``--blind`` mutates them without
looking, for builds that it does not fit, such as one of the compiled kernel with sanitizers.  Seeds are own
texts and tables; what fails is kept in the folder of the corpus.
"""

from __future__ import annotations

import argparse
import io
import random
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from time import perf_counter

from families import FAMILIES, TABLES

__all__ = ["TARGETS", "seeds", "target"]

TARGETS = {
    "normalize": 300_000,
    "words": 200_000,
    "statements": 150_000,
    "predict": 100_000,
    "explain": 30_000,
    "read": 100_000,
    "page": 30_000,
    "csv": 100_000,
    "tsv": 60_000,
    "jsonl": 100_000,
    "parquet": 30_000,
}
"""Names, and executions of a full run."""
LONGEST = 600
CODECS = ("utf-8", "utf-16-le", "utf-32-le", "cp1256", "latin-1")
OUTPUTS = ("csv", "jsonl", "parquet", "tsv")
Target = Callable[[bytes], None]


def text_of(data: bytes) -> str:
    """Make a text of bytes: the first one chooses how, and any code point can come of it."""
    if not data:
        return ""
    errors = "surrogateescape" if data[0] % 5 in (0, 3) else "surrogatepass"
    try:
        return data[1:].decode(CODECS[data[0] % 5], errors)
    except UnicodeDecodeError:
        return data[1:].decode("utf-8", "surrogateescape")


def normalize_target() -> Target:
    from stance.text import normalize

    def run(data: bytes) -> None:
        once = normalize(text_of(data))
        assert normalize(once) == once

    return run


def words_target() -> Target:
    from stance.features.index import PythonIndex, new_index
    from stance.text import tokenize, words

    compiled, plain = new_index(), PythonIndex()

    def run(data: bytes) -> None:
        text = text_of(data)
        last = 0
        for token in tokenize(text):
            assert last <= token.start < token.end <= len(text)
            last = token.end
        assert len(words(text)) <= len(text)
        assert compiled.find([text]) == plain.find([text])

    return run


def statements_target() -> Target:
    from stance.statements import quotations, segment

    def run(data: bytes) -> None:
        text = text_of(data)
        for spans in (segment(text), quotations(text)):
            last = 0
            for span in spans:
                assert last <= span.start < span.end <= len(text)
                last = span.end

    return run


def predict_target() -> Target:
    import numpy as np

    import stance
    from stance.features.scorer import Scorer

    model = stance.load()
    plain = Scorer(model.model.weights, model.model.lexicon, compiled=False)

    def run(data: bytes) -> None:
        texts = text_of(data).split("\n")
        found = model.decide(texts)
        assert np.isfinite(found.probabilities).all()
        assert len(model.predict(texts)) == len(texts)
        assert np.allclose(model._scorer.scores(texts), plain.scores(texts), atol=1e-3)

    return run


def explain_target() -> Target:
    import stance

    model = stance.load()

    def run(data: bytes) -> None:
        text = text_of(data)
        found = model.explain(text)
        for label, value in found.log_odds.items():
            shares = sum(word.shares[label] for word in found.words)
            assert abs(found.bias[label] + shares - value) < 1e-6
        found._repr_html_().encode()

    return run


def read_target() -> Target:
    import stance
    from stance.statements import Graph, graphml

    model = stance.load()

    def run(data: bytes) -> None:
        text = text_of(data)
        article = stance.read(text, model)
        for s in article:
            assert text[s.start : s.end] == s.text
            for a, b in filter(None, (s.speaker_span, s.recipient_span, s.cue, *s.content)):
                assert s.start <= a <= b <= s.end
        graph = Graph(roles=True)
        graph.add(article.events())
        graphml(graph.edges()).encode()

    return run


def page_target() -> Target:
    """Apart from reading, for it takes twice as long."""
    import stance

    model = stance.load()

    def run(data: bytes) -> None:
        text = text_of(data)
        stance.read(text, model).to_html(model if len(text) < 100 else None).encode()

    return run


def rows_target(kind: str) -> Target:
    """Read rows as ``stance label`` does, label them and write them; read them as the other commands do."""
    from stance.datasets import decode, read_rows
    from stance.errors import StanceError
    from stance.labelling.formats import Kind
    from stance.labelling.rows import Task
    from stance.labelling.sources import open_source
    from stance.labelling.worker import label_chunk
    from stance.model import default_model_path, read_model_config

    if kind == "parquet":
        from stance.labelling.kept import labelled_batches
    config = read_model_config(default_model_path())

    def run(data: bytes) -> None:
        choice, content = (data[0], data[1:]) if data else (0, b"")
        compression = "" if kind == "parquet" else ("", "", "gz", "zst")[choice % 4]
        encoding = ("utf-8", "utf-8", "utf-16", "cp1256")[choice // 4 % 4]
        source, output = Kind(kind, compression), Kind(OUTPUTS[choice // 16 % 4])
        try:
            found = open_source(io.BytesIO(content), "rows", source, encoding, "text")
            task = Task(None, source, output, found.header, found.encoding, "text", None)
            work = partial(map, partial(label_chunk, task))
            results = work(found.chunks)
            if kind == "parquet":
                results = labelled_batches(task, config, found.chunks, work)
            for labelled in results:
                assert bool(labelled.rows) <= bool(labelled.data)
        except StanceError:
            pass
        if kind != "parquet":
            try:
                for row in read_rows(decode(content, "rows", encoding), "rows", kind):
                    assert isinstance(row.text, str)
            except StanceError:
                pass

    return run


def target(name: str) -> Target:
    """Return what a target does with bytes."""
    if name in (*TABLES, "parquet"):
        return rows_target(name)
    found: Target = globals()[f"{name}_target"]()
    return found


def seeds(name: str) -> Iterator[bytes]:
    """Yield inputs to begin with."""
    import gzip

    import zstandard

    if name == "parquet":
        yield from parquet_seeds()
    elif name in TABLES:
        for make in TABLES[name].values():
            content = make(120).encode("utf-8", "surrogatepass")
            yield from (bytes([16 * k]) + content for k in range(4))
            yield b"\2" + gzip.compress(content, mtime=0)
            yield b"\3" + zstandard.compress(content)
            yield b"\x08" + content.decode("utf-8", "replace").encode("utf-16")
            yield b"\0\xef\xbb\xbf" + content
    else:
        for make in FAMILIES.values():
            yield b"\0" + make(100).encode("utf-8", "surrogatepass")
            yield b"\1" + make(50).encode("utf-16-le", "surrogatepass")
        article = "قمة الرباط\nحذر وزير الخارجية النرويجي من كارثة وشيكة. وأضافت: «لن ندعم الحرب».\nوقال إنه يدعو إلى هدنة."
        yield b"\0" + article.encode()


def parquet_seeds() -> Iterator[bytes]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    texts = ["حذر الوزير من كارثة", None, ""]
    tables = (
        pa.table({"text": texts}),
        pa.table(
            {"text": pa.array(texts).dictionary_encode(), "a": [[1], None, []], "b": [{"c": 1.5}, None, None]}
        ),
        pa.table({"text": pa.array([b"\xff", b"a", None], pa.binary())}),
        pa.table({"text": [1, 2, None]}),
        pa.table({"other": ["a"]}),
    )
    for table in tables:
        for compression in ("none", "zstd", "snappy"):
            sink = io.BytesIO()
            pq.write_table(table, sink, compression=compression)
            yield from (bytes([16 * k]) + sink.getvalue() for k in (0, 2))


def mutated(pool: list[bytes], draw: random.Random) -> bytes:
    """Change an input in a few places, or cross it with another."""
    data = bytearray(draw.choice(pool))
    for _ in range(draw.randint(1, 6)):
        at, what = draw.randint(0, len(data)), draw.randrange(5)
        if what == 0:
            data[at : at + 1] = bytes([draw.randrange(256)])
        elif what == 1:
            del data[at : at + draw.randint(1, 8)]
        elif what == 2:
            other = draw.choice(pool)
            first = draw.randint(0, len(other))
            data[at:at] = other[first : first + draw.randint(1, 40)]
        elif what == 3:
            data[at:at] = data[at : at + draw.randint(1, 8)] * draw.randint(1, 30)
        else:
            data[at:at] = bytes(draw.choices(range(256), k=draw.randint(1, 6)))
    return bytes(data[: 4 * LONGEST])


def blind(name: str, runs: int, seed: int, corpus: Path) -> str:
    """Run mutated seeds without looking at what they reach."""
    run, pool, draw = target(name), list(seeds(name)), random.Random(seed)  # noqa: S311  # no secret
    started = perf_counter()
    for i in range(runs):
        data = pool[i] if i < len(pool) else mutated(pool, draw)
        try:
            run(data)
        except BaseException:
            (corpus / f"crash-{name}").write_bytes(data)
            print(f"failed on {data!r}, kept in {corpus}", flush=True)
            raise
    return f"| {name} | {runs:,} | {perf_counter() - started:,.0f} | not looked at | {len(pool)} | 0 |"


def guided(name: str, runs: int, seed: int, corpus: Path) -> None:
    """Run Atheris in this process, which ends with it."""
    import atheris

    with atheris.instrument_imports(include=["stance"]):
        run = target(name)
    for i, data in enumerate(seeds(name)):
        (corpus / f"seed-{i:04}").write_bytes(data)
    most = 8_000 if name == "parquet" else LONGEST
    flags = (f"-runs={runs}", f"-seed={seed or 1}", f"-max_len={most}", "-timeout=20", "-rss_limit_mb=3000")
    kept = (f"-artifact_prefix={corpus}/", "-print_final_stats=1", "-verbosity=1")
    atheris.Setup([sys.argv[0], *flags, *kept, str(corpus)], run)
    atheris.Fuzz()


def supervised(name: str, options: argparse.Namespace, corpus: Path) -> str:
    """Run a target in a process of its own and read what libFuzzer says of it."""
    runs = options.runs or TARGETS[name]
    command = [sys.executable, __file__, name, "--inside", "--runs", str(runs), "--seed", str(options.seed)]
    started = perf_counter()
    done = subprocess.run(
        [*command, "--corpus", str(corpus)], capture_output=True, text=True, errors="replace", check=False
    )
    took = perf_counter() - started
    said = done.stdout + done.stderr
    executed = re.findall(r"stat::number_of_executed_units:\s*(\d+)", said)
    progress = re.findall(r"cov: (\d+) ft: (\d+) corp: (\d+)", said) or [("-", "-", "-")]
    crashes = len(list(corpus.glob("crash-*")) + list(corpus.glob("timeout-*")) + list(corpus.glob("oom-*")))
    if done.returncode:
        print(said[-3000:])
    edges, _, size = progress[-1]
    count = int(executed[-1]) if executed else 0
    return f"| {name} | {count:,} | {took:,.0f} | {edges} | {size} | {crashes} |"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "targets", nargs="*", choices=[*TARGETS, []], metavar="TARGET", help=", ".join(TARGETS)
    )
    parser.add_argument("--all", action="store_true", help="run all of them")
    parser.add_argument("--runs", type=int, help="executions of each (default: as in TARGETS)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--corpus", type=Path, help="folder for what is found (default: a temporary one)")
    parser.add_argument("--blind", action="store_true", help="do without Atheris and coverage")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the table as Markdown")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    folder = options.corpus or Path(tempfile.mkdtemp(prefix="fuzz-"))
    if options.inside:
        guided(options.targets[0], options.runs, options.seed, folder)
        return
    lines = ["| target | executions | seconds | edges | corpus | failures |", "|---|---|---|---|---|---|"]
    print(*lines, sep="\n", flush=True)
    for name in TARGETS if options.all else options.targets:
        corpus = folder / name
        corpus.mkdir(parents=True, exist_ok=True)
        if options.blind:
            line = blind(name, options.runs or TARGETS[name], options.seed, corpus)
        else:
            line = supervised(name, options, corpus)
        print(line, flush=True)
        lines.append(line)
    if options.write:
        options.write.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
