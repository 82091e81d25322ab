"""``stance label``: formats, rejects, columns, equal bytes."""

import csv
import gzip
import io
import json
import shutil
import sys
from contextlib import suppress
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.cli import main as stance_command
from stance.cli.shell import call
from stance.datasets.records import Reject, csv_cells, csv_pieces
from stance.errors import DataError
from stance.labelling import Kind, parts, run, sources
from stance.labels import SENTIMENTS

TEXT = "حذر الوزير من كارثة وشيكة"
PREDICTED = ["predicted_stances", "predicted_sentiment", "probabilities", "sentiment_probabilities"]


def label(capsys, *argv):
    code = call(stance_command.main, ["label", *map(str, argv)])
    out, err = capsys.readouterr()
    return code, out, err


@pytest.fixture
def small_chunks(monkeypatch):
    monkeypatch.setattr(sources, "ROWS", 3)
    monkeypatch.setattr(parts, "CHUNKS", 2)


@pytest.fixture
def make(capsys, tmp_path):
    """Write an input, label it, return the output's path and the rejects."""

    def run(content, source="in.jsonl", target="out.jsonl", *options):
        path, out = tmp_path / source, tmp_path / target
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        code, shown, err = label(capsys, path, "-o", out, *options)
        assert (code, shown) == (0, ""), err
        rejects = tmp_path / f"{target}.rejects.jsonl"
        found = (
            [json.loads(x) for x in rejects.read_text(encoding="utf-8").splitlines()]
            if rejects.exists()
            else []
        )
        assert ("rejected" in err) == bool(found)
        assert not (tmp_path / f"{target}.parts").exists()
        return out, found

    return run


def lines_of(path):
    return [json.loads(x) for x in path.read_text(encoding="utf-8").splitlines()]


def table(path, delimiter=","):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


@pytest.mark.usefixtures("small_chunks")
@pytest.mark.parametrize("target", ["o.csv", "o.parquet", "-"])
@pytest.mark.parametrize("source", ["in.csv", "in.parquet"])
def test_rows_without_text_are_counted(capsys, tmp_path, source, target):
    texts = [TEXT, "", " \t", TEXT, "\u00a0", "...", TEXT, ""]
    table = pa.table({"n": [str(n) for n in range(len(texts))], "text": texts})
    path = tmp_path / source
    if source == "in.csv":
        path.write_text("n,text\n" + "".join(f'{n},"{t}"\n' for n, t in enumerate(texts)), encoding="utf-8")
    else:
        pq.write_table(table, path)
    out = "-" if target == "-" else tmp_path / target
    code, _, err = label(capsys, path, "-o", out)
    assert code == 0
    assert "8 rows labelled" in err
    assert "\n4 rows without text labelled like any other\n" in err
    pq.write_table(table.slice(0, 1), tmp_path / "full.parquet")
    assert "without text" not in label(capsys, tmp_path / "full.parquet", "-o", "-")[2]


BAD_JSON = [
    (b"not json", "not a JSON object on one line"),
    (b"[1]", "a JSON object is wanted, got list"),
    (b'{"other": 1}', "there is no column 'text'; the columns are 'other'"),
    (b'{"text": 3}', "'text' must be a string, got 3"),
    (b'{"text": null}', "'text' must be a string, got None"),
    (b'{"text": "\xd8"}', "byte 0xd8 is not utf-8"),
    (b'{"text": "\\ud800"}', "\\ud800 is half a surrogate pair"),
    (b'{"text": "x", "n": ' + b"9" * 5000 + b"}", "not a JSON object on one line"),
    (b"[" * 100_000, "nested too deeply"),
    (b'{"text": "' + b"x" * 1_000_001 + b'"}', "the text has 1000001 letters"),
    (b'{"text": "a\0b"}', "Invalid control character"),
]


def test_bad_json_lines_are_rejected_and_the_others_labelled(make):
    good = json.dumps({"text": TEXT, "n": 1}).encode()
    content = b"\n".join(part for bad, _ in BAD_JSON for part in (bad, b"", good))
    out, rejects = make(content)
    assert len(lines_of(out)) == len(BAD_JSON)
    assert [r["line"] for r in rejects] == list(range(1, 3 * len(BAD_JSON), 3))
    for reject, (bad, reason) in zip(rejects, BAD_JSON, strict=True):
        assert reason in reject["reason"]
        assert reject["row"]
        assert len(bad) > 1000 or isinstance(reject["row"], (str, dict))


def test_lines_of_jsonl_stay_as_they_are(make):
    kept = '{ "b":1.10, "text" : "\\u0646\\u0635", "a":{"x":[1, null]}, "lone": "ok" }'
    out, _ = make(kept + "\r\n")
    line = out.read_text(encoding="utf-8").rstrip("\n")
    assert line.startswith(kept[:-1])
    assert list(json.loads(line))[4:] == PREDICTED


@pytest.mark.usefixtures("small_chunks")
@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_csv_of_other_delimiters_is_read_as_csv_of_commas(make, delimiter):
    cells = [["id", "text"], *([str(i), f'{TEXT}, "{i}"\n{delimiter} end'] for i in range(7))]
    written = []
    for between in (",", delimiter):
        file = io.StringIO(newline="")
        csv.writer(file, delimiter=between, quoting=csv.QUOTE_ALL).writerows(cells)
        written.append(make(file.getvalue(), "in.csv", "out.csv")[0].read_bytes())
    assert written[0] == written[1]
    [reject] = make(f"id{delimiter}text\n1{delimiter}{TEXT}\n2\n", "in.csv", "out.csv")[1]
    assert "2 columns are wanted" in reject["reason"]


def test_predictions_take_the_place_of_columns_of_their_names(make):
    row = {"predicted_sentiment": "old", "text": TEXT}
    out, _ = make(json.dumps(row))
    [found] = lines_of(out)
    assert next(iter(found)) == "predicted_sentiment"
    assert found["predicted_sentiment"] == "negative"
    out, _ = make("p_warning,text\n7,نص\n", "in.csv", "out.csv")
    [found] = table(out)
    assert next(iter(found)) == "p_warning"
    assert float(found["p_warning"]) <= 1


def test_broken_csv_does_not_swallow_what_stands_behind_it(make):
    content = (
        'text,n\r\nواحد,1\r\nopen",2\r\n"never closed,3\r\nاثنان,4\r\n"أ\nب",5\r\nshort\r\na,b,c\r\n'
        'ثلاثة,6\r\n"x"y,7\r\nأربعة,8\r\n'
    )
    out, rejects = make(content, "in.csv", "out.csv")
    assert [(r["text"], r["n"]) for r in table(out)] == [
        ("واحد", "1"), ('open"', "2"), ("اثنان", "4"), ("أ\nب", "5"), ("ثلاثة", "6"), ("أربعة", "8"),
    ]  # fmt: skip
    assert [r["line"] for r in rejects] == [4, 8, 9, 11]
    assert "read as rows of their own" in rejects[0]["reason"]
    assert rejects[0]["row"] == '"never closed,3'
    assert rejects[1]["row"] == ["short"]


def test_a_quotation_mark_left_open_to_the_end(make):
    content = 'text\nواحد\n"open\n' + "سطر\n" * 50
    out, rejects = make(content, "in.csv", "out.csv")
    assert len(table(out)) == 51
    [reject] = rejects
    assert reject["line"] == 3
    assert "unexpected end of data" in reject["reason"]
    assert "over 51 lines" in reject["reason"]


@pytest.mark.parametrize("ending", ["csv", "tsv", "txt"])
def test_bytes_that_are_no_text_and_nul_are_rejected_by_line(make, ending):
    head = b"" if ending == "txt" else b"text\n"
    content = head + "نص\n".encode() + b"a\xffb\n" + b"c\0d\n" + "نص\n".encode()
    out, rejects = make(content, f"in.{ending}", "out.jsonl")
    assert [x["text"] for x in lines_of(out)] == ["نص", "نص"]
    first = 2 if ending == "txt" else 3
    assert [(r["line"], r["reason"].partition(";")[0]) for r in rejects] == [
        (first, "byte 0xff is not utf-8"), (first + 1, "a NUL is no text"),
    ]  # fmt: skip
    assert rejects[0]["row"]["text"] == "a\udcffb"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1256", "utf-16", "utf-16-le", "utf-32"])
@pytest.mark.parametrize("ending", ["csv", "tsv", "txt", "jsonl"])
def test_encodings(make, encoding, ending):
    text = "text\nنص\n" if ending in ("csv", "tsv") else '{"text": "نص"}\n' if ending == "jsonl" else "نص\n"
    out, _ = make(text.encode(encoding), f"in.{ending}", "out.jsonl", "--encoding", encoding)
    assert [x["text"] for x in lines_of(out)] == ["نص"]


def test_where_no_row_can_be_labelled_the_run_fails(capsys, tmp_path):
    path = tmp_path / "in.jsonl"
    path.write_text('{"a": 1}\n' * 9)
    code, _, err = label(capsys, path, "-o", tmp_path / "out.jsonl")
    assert code == 1
    assert "none of the 9 rows can be labelled; the first: line 1: there is no column 'text'" in err
    assert [p.name for p in tmp_path.iterdir()] == ["in.jsonl"]


@pytest.mark.usefixtures("small_chunks")
def test_strict_stops_at_the_first_bad_row_and_can_go_on_without(capsys, tmp_path):
    path, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    rows = ['{"text": "نص"}'] * 20
    rows[13] = "bad"
    path.write_text("\n".join(rows), encoding="utf-8")
    code, _, err = label(capsys, path, "-o", out, "--strict")
    assert code == 1
    assert "line 14: not a JSON object" in err
    assert "12 labelled rows are kept, pass --resume" in err
    assert not out.exists()
    code, _, err = label(capsys, path, "-o", out)
    assert code == 1
    assert "holds 12 rows of a run that did not end; pass --resume to go on with it, or --restart" in err
    assert label(capsys, path, "-o", out, "--resume")[0] == 0
    resumed = out.read_bytes()
    assert label(capsys, path, "-o", out)[0] == 0
    assert out.read_bytes() == resumed
    assert len(lines_of(out)) == 19


@pytest.mark.usefixtures("small_chunks")
def test_resuming_another_job_is_refused_in_one_sentence(capsys, tmp_path):
    path, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    path.write_text('{"text": "نص", "b": "x"}\n' * 15 + "bad\n", encoding="utf-8")
    assert label(capsys, path, "-o", out, "--strict")[0] == 1
    code, _, err = label(capsys, path, "-o", out, "--resume", "--text-column", "b")
    assert code == 1
    assert "was begun with another text column (text then, b now)" in err
    path.write_text('{"text": "نص", "b": "x"}\n' * 16, encoding="utf-8")
    code, _, err = label(capsys, path, "-o", out, "--resume")
    assert code == 1
    assert "another input size" in err
    assert err.count("\n") == 1
    assert label(capsys, path, "-o", out, "--restart")[0] == 0
    assert len(lines_of(out)) == 16


@pytest.mark.usefixtures("small_chunks")
def test_columns_of_csv_are_those_of_all_rows(make):
    rows = [
        {"text": "نص", **({"late": i} if i > 6 else {}), **({"x": [1, "a"]} if i == 2 else {})}
        for i in range(14)
    ]
    content = "\n".join(map(json.dumps, rows))
    plain, _ = make(content, target="out.csv")
    packed, _ = make(content, target="out.csv.gz")
    assert gzip.decompress(packed.read_bytes()) == plain.read_bytes()
    found = table(plain)
    assert list(found[0])[:3] == ["text", "x", "late"]
    assert [r["late"] for r in found] == [str(r.get("late", "")) for r in rows]
    assert found[2]["x"] == "1|a"
    assert len({len(r) for r in found}) == 1


@pytest.mark.usefixtures("small_chunks")
def test_types_of_json_come_together_in_parquet(make):
    values = [1, None, 2.5, 3, 4, 5, {"a": 1}, {"b": "x"}, {"a": 2}, "text", 1, [1], [], [2], True]
    rows = [
        {"text": "نص", "v": v, "n": {"a": 1} if i < 9 else {"b": [i]}, "i": i} for i, v in enumerate(values)
    ]
    out, rejects = make("\n".join(map(json.dumps, rows)), target="out.parquet")
    found = pq.read_table(out)
    assert not rejects
    assert found.schema.field("v").type == pa.string()
    assert [None if v is None else v if v == "text" else json.loads(v) for v in found["v"].to_pylist()][
        :6
    ] == [1, None, 2.5, 3, 4, 5]
    assert found["i"].to_pylist() == list(range(len(values)))
    assert found["n"].to_pylist()[0] == {"a": 1, "b": None}
    assert found["n"].to_pylist()[-1] == {"a": None, "b": [14]}


def nested_table():
    n = 10
    return pa.table(
        {
            "text": pa.array([TEXT] * (n - 1) + [None]),
            "when": pa.array(range(n), pa.timestamp("us", "UTC")),
            "tags": pa.array([[{"k": "a", "v": [i]}] for i in range(n)]),
            "map": pa.array([[("x", i)] for i in range(n)], pa.map_(pa.string(), pa.int32())),
            "price": pa.array(list(range(n)), pa.int64()).cast(pa.decimal128(21, 2)),
            "raw": pa.array([b"\xff\0"] * n),
            "kind": pa.array(["a", "b"] * (n // 2)).dictionary_encode(),
        }
    ).replace_schema_metadata({"made": "by hand"})


@pytest.mark.usefixtures("small_chunks")
def test_parquet_keeps_all_columns_and_their_types(make, tmp_path):
    given_table = nested_table()
    pq.write_table(given_table, tmp_path / "source.parquet")
    out, rejects = make((tmp_path / "source.parquet").read_bytes(), "in.parquet", "out.parquet")
    found = pq.read_table(out)
    assert found.select(given_table.column_names).equals(given_table.slice(0, 9))
    assert found.schema.metadata[b"made"] == b"by hand"
    assert found.column_names[len(given_table.column_names) :] == PREDICTED
    assert found["predicted_stances"].to_pylist()[0] == ["warning"]
    [reject] = rejects
    assert (reject["line"], reject["reason"]) == (10, "'text' must be a string, got None")
    out, _ = make((tmp_path / "source.parquet").read_bytes(), "in.parquet", "out.jsonl")
    assert lines_of(out)[1]["tags"] == [{"k": "a", "v": [1]}]
    assert lines_of(out)[1]["raw"] == "ff00"
    out, _ = make((tmp_path / "source.parquet").read_bytes(), "in.parquet", "out.csv")
    assert table(out)[1]["price"] == "1.00"


def test_parquet_that_is_none_or_lacks_the_column(capsys, tmp_path):
    path = tmp_path / "in.parquet"
    path.write_bytes(b"PAR1 nonsense")
    code, _, err = label(capsys, path, "-o", tmp_path / "out.parquet")
    assert code == 1
    assert "is not Parquet" in err
    pq.write_table(pa.table({"a": ["x"]}), path)
    code, _, err = label(capsys, path, "-o", tmp_path / "out.parquet")
    assert "there is no column 'text'; the columns are 'a'" in err
    assert [p.name for p in tmp_path.iterdir()] == ["in.parquet"]


@pytest.mark.parametrize(("ending", "unpack"), [("gz", gzip.decompress), ("zst", None)])
def test_compressed_files(make, ending, unpack):
    def undo(data):
        with zstandard.ZstdDecompressor().stream_reader(data, read_across_frames=True) as reader:
            return reader.read()

    content = "".join(f'{{"text": "نص {i}"}}\n' for i in range(20))
    plain, _ = make(content)
    packed, _ = make(content, target=f"out.jsonl.{ending}")
    assert (unpack or undo)(packed.read_bytes()) == plain.read_bytes()
    again, _ = make(packed.read_bytes(), f"in.jsonl.{ending}", "again.jsonl")
    assert again.read_bytes() == plain.read_bytes()


def test_a_gzip_file_that_breaks_off(capsys, tmp_path):
    path = tmp_path / "in.jsonl.gz"
    path.write_bytes(gzip.compress(b'{"text": "x"}\n' * 10_000)[:-20])
    code, _, err = label(capsys, path, "-o", tmp_path / "out.jsonl")
    assert code == 1
    assert "cannot be read as gzip" in err
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


@pytest.mark.usefixtures("small_chunks")
@pytest.mark.parametrize("target", ["out.csv", "out.jsonl.gz", "out.parquet"])
def test_the_number_of_jobs_does_not_change_a_byte(make, own_rows, target):
    rows = [{"text": r.text, "n": i} for i, r in enumerate(own_rows[:40])]
    content = "\n".join(["bad", *map(json.dumps, rows)])
    one, rejects_of_one = make(content, "in.jsonl", target, "--jobs", "1")
    alone = one.read_bytes()
    two, rejects_of_two = make(content, "in.jsonl", target, "--jobs", "2")
    assert two.read_bytes() == alone
    assert rejects_of_one == rejects_of_two


@pytest.mark.usefixtures("small_chunks")
@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("target", ["out.csv", "out.parquet"])
def test_what_is_renamed_is_closed(make, monkeypatch, target, jobs):
    """Windows renames no file that is open."""
    opened, renamed, opening, renaming = [], [], Path.open, Path.replace

    def opens(path, *given, **options):
        opened.append((path, opening(path, *given, **options)))
        return opened[-1][1]

    def renames(path, to):
        renamed.append(path.name)
        assert not [p for p, file in opened if path in (p, *p.parents) and not file.closed]
        return renaming(path, to)

    monkeypatch.setattr(Path, "open", opens)
    monkeypatch.setattr(Path, "replace", renames)
    make('{"text": "نص"}\n' * 20, "in.jsonl", target, "--jobs", jobs)
    assert {"00000.tmp", "joined"} < set(renamed)


def test_standard_input_and_output(capsys, monkeypatch, tmp_path):
    content = 'text\nنص\n"أ\nب"\nx,y\n'
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content.encode())))
    code, out, err = label(capsys, "-", "-o", "-", "--input-format", "csv")
    assert code == 0
    assert [json.loads(x)["text"] for x in out.splitlines()] == ["نص", "أ\nب"]
    assert '"line": 5' in err
    assert "2 rows labelled" in err
    assert "pass --input-format" in label(capsys, "-", "-o", "-")[2]
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content.encode())))
    assert label(capsys, "-", "-o", tmp_path / "o.csv", "--input-format", "csv")[0] == 0
    assert len(table(tmp_path / "o.csv")) == 2
    assert "cannot be resumed" in label(capsys, "a.csv", "-o", "-", "--resume")[2]


def test_the_input_is_never_the_output(capsys, tmp_path):
    path = tmp_path / "in.csv"
    path.write_text("text\nنص\n", encoding="utf-8")
    code, _, err = label(capsys, path, "-o", path)
    assert code == 1
    assert "is an input too" in err
    assert path.read_text(encoding="utf-8") == "text\nنص\n"


def begun(folder):
    """Begin a run that writes to a folder, with a part."""
    found = parts.Parts(folder / "out.csv", Kind("csv"), {})
    found.open(resume=False, restart=True)
    (found.folder / "00000").mkdir()
    return found


def test_two_runs_at_once_are_kept_apart(capsys, tmp_path):
    held = begun(tmp_path)
    path = tmp_path / "in.csv"
    path.write_text("text\nنص\n", encoding="utf-8")
    code, _, err = label(capsys, path, "-o", tmp_path / "out.csv", "--restart")
    assert code == 1
    assert "is being written by another run" in err
    held.discard()


@pytest.mark.parametrize("end", [parts.Parts.discard, run._leave])
def test_a_run_that_begins_while_another_ends_keeps_its_folder(tmp_path, monkeypatch, end):
    """It begins right before each step of the other's end, if it can."""
    left, n_begun = 0, 0

    def late(function):
        def step(*given, **options):
            nonlocal left
            left -= 1
            if left == 0:
                with suppress(DataError):  # the other is still at work
                    others.append(begun(tmp_path))
            return function(*given, **options)

        return step

    for at in range(1, 99):
        first, others, left = begun(tmp_path), [], at
        with monkeypatch.context() as patch:
            for home, name in ((Path, "unlink"), (Path, "rmdir"), (shutil, "rmtree")):
                patch.setattr(home, name, late(getattr(home, name)))
            end(first)
        if left > 0:
            break
        for other in others:
            run._leave(first)  # once more, as behind a run that ended well
            assert {path.name for path in other.folder.iterdir()} == {"00000", "job.json", "lock"}
            other.discard()
        n_begun += len(others)
        assert not first.folder.exists()
    assert 3 < at < 99
    assert n_begun


@pytest.mark.parametrize("moment", ["open", "flock"])
@pytest.mark.parametrize("next_begins", [False, True])
def test_a_lock_that_is_removed_before_it_is_taken_holds_nothing(tmp_path, monkeypatch, moment, next_begins):
    home = {"open": Path, "flock": pytest.importorskip("fcntl")}[moment]
    function, first, running = getattr(home, moment), begun(tmp_path), []

    def late(*given, **options):
        monkeypatch.undo()
        first.discard()
        if next_begins:
            running.append(begun(tmp_path))
        return function(*given, **options)

    monkeypatch.setattr(home, moment, late)
    if not next_begins:
        running.append(begun(tmp_path))
    with pytest.raises(DataError, match="is being written by another run"):
        begun(tmp_path)
    running[0].discard()
    assert not [*tmp_path.iterdir()]


CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)


@settings(max_examples=25, deadline=None)
@given(rows=st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=8))
@pytest.mark.parametrize("target", ["csv", "jsonl", "parquet"])
@pytest.mark.parametrize("source", ["csv", "jsonl", "parquet"])
def test_odd_cells_come_out_as_they_went_in(tmp_path_factory, source, target, rows):
    folder = tmp_path_factory.mktemp("cells")
    path, out = folder / f"in.{source}", folder / f"out.{target}"
    records = [{"text": a, "b": b} for a, b in rows]
    if source == "csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, ["text", "b"])
            writer.writeheader()
            writer.writerows(records)
    elif source == "jsonl":
        path.write_text("\n".join(map(json.dumps, records)))
    else:
        pq.write_table(pa.Table.from_pylist(records), path)
    assert call(stance_command.main, ["label", str(path), "-o", str(out)]) == 0
    if target == "parquet":
        found = pq.read_table(out).select(["text", "b"]).to_pylist()
    elif target == "jsonl":
        found = [json.loads(x) for x in out.read_bytes().decode().split("\n")[:-1]]
    else:
        found = table(out)
    assert [(r["text"], r["b"]) for r in found] == rows


@settings(max_examples=40, deadline=None)
@given(data=st.binary(max_size=200))
@pytest.mark.parametrize("ending", ["csv", "tsv", "jsonl", "txt"])
def test_any_bytes_are_rows_rejects_or_one_sentence(tmp_path_factory, ending, data):
    folder = tmp_path_factory.mktemp("bytes")
    path, out = folder / f"in.{ending}", folder / "out.jsonl"
    path.write_bytes((b"text\n" if ending in ("csv", "tsv") else b"") + b'ok\n{"text": "ok"}\n' + data)
    assert call(stance_command.main, ["label", str(path), "-o", str(out)]) == 0


@given(st.text(st.sampled_from('ab,"\n\r \u2028'), max_size=60), st.integers(1, 4))
def test_csv_cut_into_pieces_holds_the_same_records(text, size):
    def lines(of):
        return io.StringIO(of, newline="")

    def shown(found):
        return [(r.line, r.row) if isinstance(r, Reject) else r for r in found]

    pieces = list(csv_pieces(lines(text)))
    assert "".join(pieces) == text
    first, cut = 1, []
    for i in range(0, len(pieces), size):
        some = "".join(pieces[i : i + size])
        cut += shown(csv_cells(lines(some), first))
        first += sum(1 for _ in lines(some))
    assert cut == shown(csv_cells(lines(text)))


def test_tsv_is_read_as_it_was_written(tmp_path):
    table = tmp_path / "in.csv"
    table.write_text(
        'text,note\nحذر الوزير من كارثة,"سطر\nسطر"\nرحب بالاتفاق,"جدول\tو ""علامة"""\n', encoding="utf-8"
    )
    for source, output in ((table, tmp_path / "out.tsv"), (tmp_path / "out.tsv", tmp_path / "again.jsonl")):
        assert call(stance_command.main, ["label", str(source), "-o", str(output)]) == 0
    notes = [json.loads(line)["note"] for line in (tmp_path / "again.jsonl").read_text("utf-8").splitlines()]
    assert notes == ["سطر سطر", 'جدول و "علامة"']


def test_a_line_of_jsonl_stays_as_it_stands_whatever_its_neighbours_hold(tmp_path):
    source, output = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    lines = [
        '{"text":"حذر","n":1e400,"m":1.10,"n":2E2}',
        '{"text": "رحب", "predicted_sentiment": "old", "n": 1e400}',
    ]
    source.write_text("\n".join(lines), encoding="utf-8")
    assert call(stance_command.main, ["label", str(source), "-o", str(output)]) == 0
    first, second = output.read_text("utf-8").splitlines()
    assert first.startswith(lines[0][:-1])
    found = json.loads(second, parse_constant=pytest.fail)
    assert found["n"] is None
    assert found["predicted_sentiment"] in SENTIMENTS


def test_rows_of_any_type_of_arrow_are_left_out(tmp_path):
    source, output = tmp_path / "in.parquet", tmp_path / "out.parquet"
    texts = ["حذر", None, "رحب", "دعا", None]
    columns = {"text": pa.array(texts, pa.string_view()), "n": pa.array(list("abcde"), pa.string_view())}
    try:
        pq.write_table(pa.table(columns), source)
    except pa.ArrowNotImplementedError:
        pytest.skip("this pyarrow writes no views of strings")
    assert call(stance_command.main, ["label", str(source), "-o", str(output)]) == 0
    assert pq.read_table(output).column("n").to_pylist() == ["a", "c", "d"]


@pytest.mark.parametrize("name", ["out", "out.csv.bz2", "out.txt", "out.xlsx"])
def test_outputs_without_columns_are_refused_with_the_endings_there_are(tmp_path, capsys, name):
    source = tmp_path / "in.txt"
    source.write_text("حذر\n", encoding="utf-8")
    assert call(stance_command.main, ["label", str(source), "-o", str(tmp_path / name)]) == 1
    assert "name the output .csv, .tsv, .jsonl or .parquet" in capsys.readouterr().err


def test_a_text_column_of_lines_without_columns_is_refused(tmp_path, capsys):
    source = tmp_path / "in.txt"
    source.write_text("حذر\n", encoding="utf-8")
    argv = ["label", str(source), "-o", str(tmp_path / "out.csv"), "--text-column", "body"]
    assert call(stance_command.main, argv) == 1
    assert "leave --text-column out" in capsys.readouterr().err
