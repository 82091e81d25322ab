"""What is written never takes the place of what is read, of a folder that is no model's, of a link or a pipe."""

import json
import os

import pytest
from test_commands import fails, run

from stance.cli import train as train_command
from stance.cli import train_reader
from stance.errors import DataError
from stance.model import write_model
from stance.writing import check_apart


def rows(path, n=12):
    texts = ("حذرت الوزارة من الفيضان", "رحب الوزير بالخطة")
    lines = [
        json.dumps({"text": f"{texts[i % 2]} {i}", "topic": "ab"[i % 2]}, ensure_ascii=False)
        for i in range(n)
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("names", [{"config.json", "thesis.txt"}, {"config.json", "SHA256SUMS", ".git"}])
def test_a_folder_that_holds_more_than_a_model_is_not_replaced(trained, tmp_path, names):
    target = tmp_path / "project"
    target.mkdir()
    for name in names:
        (target / name).write_text("{}")
    with pytest.raises(DataError, match="name a new folder"):
        write_model(trained.model, target, overwrite=True)
    assert {p.name for p in target.iterdir()} == names


def test_a_model_with_a_stray_file_is_not_replaced(trained, tmp_path):
    write_model(trained.model, tmp_path / "m")
    (tmp_path / "m" / "rows.jsonl").write_text("x")
    with pytest.raises(DataError, match=r"also holds 'rows.jsonl', which is no file of a model"):
        write_model(trained.model, tmp_path / "m", overwrite=True)
    (tmp_path / "m" / "rows.jsonl").unlink()
    write_model(trained.model, tmp_path / "m", overwrite=True)


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.rejects.jsonl", "a.jsonl.parts/rows.jsonl"])
def test_labelled_rows_leave_their_input_alone(capsys, tmp_path, name):
    source = tmp_path / name
    source.parent.mkdir(exist_ok=True)
    before = rows(source).read_bytes()
    fails(capsys, "label", source, "-o", tmp_path / "a.jsonl")
    assert source.read_bytes() == before


@pytest.mark.parametrize("ending", ["html", "json", "csv"])
def test_articles_are_not_replaced_by_their_reports(capsys, tmp_path, ending):
    article = tmp_path / f"a.{ending}"
    article.write_text("حذرت ألمانيا إيران من إغلاق المضيق.", encoding="utf-8")
    other = tmp_path / "other.txt"
    other.write_text("رحبت كينيا بالاتفاق.", encoding="utf-8")
    read = fails(capsys, "read", other, article, "-o", article)
    assert "is an input too" in read or ending == "csv"  # which is no article
    if ending != "json":
        fails(capsys, "graph", article, other, "-o", article)
    assert article.read_text(encoding="utf-8").startswith("حذرت")


def test_training_data_are_not_replaced_by_what_is_learned(capsys, tmp_path):
    folder = tmp_path / "m"
    folder.mkdir()
    inside = rows(folder / "rows.jsonl")
    data = rows(tmp_path / "rows.jsonl")
    columns = ("--label-column", "topic")
    for reads in ((data,), (data, "--extra", data), (rows(tmp_path / "b.jsonl"), "--unlabelled", data)):
        told = fails(
            capsys, *reads, "-o", tmp_path / "new", "--sklearn", data, *columns, command=train_command
        )
        assert "rows.jsonl is an input too" in told
    assert not (tmp_path / "new").exists()
    fails(capsys, inside, "-o", folder, "--overwrite", *columns, command=train_command)
    fails(capsys, inside, "--unlabelled", data, "-o", folder, "--overwrite", command=train_reader)
    assert inside.read_bytes() == data.read_bytes()


def test_a_folder_to_be_may_not_hold_its_input(tmp_path):
    (tmp_path / "m").mkdir()
    source = rows(tmp_path / "m" / "rows.jsonl")
    with pytest.raises(DataError, match="which is written anew"):
        check_apart(tmp_path / "m", ["-", tmp_path / "missing", source])
    check_apart(tmp_path / "other", [source])


@pytest.mark.skipif(os.name != "posix", reason="links and pipes of POSIX")
def test_links_lead_to_what_is_written_and_pipes_stay_pipes(capsys, tmp_path):
    article = tmp_path / "a.txt"
    article.write_text("حذرت ألمانيا إيران من إغلاق المضيق.", encoding="utf-8")
    real, link = tmp_path / "real.csv", tmp_path / "link.csv"
    real.write_text("old")
    link.symlink_to(real)
    assert run(capsys, "read", article, "-o", link)[0] == 0
    assert link.is_symlink()
    assert "warning" in real.read_text(encoding="utf-8")
    real.write_text("old")
    assert run(capsys, "label", article, "-o", link)[0] == 0
    assert link.is_symlink()
    assert "warning" in real.read_text(encoding="utf-8")
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    for command in ("read", "label"):
        assert "is a pipe or a device" in fails(capsys, command, article, "-o", pipe)
    assert pipe.is_fifo()
