"""Labels of one's own that are easily misread: names, kinds, documents, settings, and what is told before the work."""

import json

import numpy as np
import pytest
from test_commands import fails

import stance
from stance.cli import main as stance_command
from stance.cli import train as train_command
from stance.datasets import LabelColumns, Row, labelled
from stance.errors import DataError, TrainingError
from stance.evaluation import bootstrap, measure, parse_metric
from stance.labels import Labels
from stance.settings import TrainingConfig
from stance.text.cells import cell_width
from stance.training import train

FAST = TrainingConfig(ngram_range=(3, 3), min_df=1, sentiment_c=1.0, stance_c=1.0, attention_weight=0.0)
ONE = LabelColumns(None, "topic", own=False)
SEVERAL = LabelColumns("topics", None, own=False)
SPORT, MONEY = "رياضة", "اقتصاد"


def records(n=24, names=(SPORT, MONEY)):
    for i in range(n):
        text = ("فاز الفريق في المباراة", "ارتفعت الأسهم في البورصة")[i % 2]
        yield {"id": f"{i}", "text": f"{text} {i}", "topic": names[i % 2]}


def rows_of(found, columns=ONE):
    rows = [Row(r["text"], i, r) for i, r in enumerate(found, 1)]
    return list(labelled(rows, "rows.jsonl", columns))


def write(path, found):
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in found), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    path = tmp_path_factory.mktemp("settings") / "fast.toml"
    path.write_text(
        "min_df = 1\nngram_range = [3, 3]\nattention_weight = 0\nsentiment_c = 1\n", encoding="utf-8"
    )
    return path


@pytest.fixture(scope="module")
def trained(tmp_path_factory, settings):
    folder = tmp_path_factory.mktemp("own")
    data = write(folder / "rows.jsonl", records())
    options = ("--label-column", "topic", "--config", settings, "--folds", 3)
    assert train_command.main([str(o) for o in (data, "-o", folder / "model", *options)]) == 0
    return data, folder / "model"


@pytest.mark.parametrize(
    ("value", "label"), [("  رياضة ", SPORT), (3, "3"), (3.0, "3"), (0.5, "0.5"), ("عام, كله", "عام, كله")]
)
def test_labels_are_texts_or_numbers(value, label):
    [row] = rows_of([{"text": "نص", "topic": value}])
    assert row.sentiment == label


@pytest.mark.parametrize("value", [[SPORT], {"a": 1}, "سطر\nآخر", "ر" * 201, float("nan"), None, " "])
def test_what_is_no_label_is_told_with_its_line(value):
    with pytest.raises(DataError, match=r"rows.jsonl, line 1: "):
        rows_of([{"text": "نص", "topic": value}])


def test_a_list_as_one_label_is_told_where_lists_go():
    with pytest.raises(DataError, match="--labels-column"):
        rows_of([{"text": "نص", "topic": [SPORT]}])


def test_commas_are_part_of_a_name_and_bars_join():
    [row] = rows_of([{"text": "نص", "topics": "عام, كله | رياضة"}], SEVERAL)
    assert row.stances == (SPORT, "عام, كله")
    for value in (["أ|ب"], [None], [float("nan")], [["أ"]]):
        with pytest.raises(DataError, match="line 1: "):
            rows_of([{"text": "نص", "topics": value}], SEVERAL)


@pytest.mark.parametrize(
    ("name", "group"),
    [
        ("a1:3", "a1"),
        ("https://news.example/a/1", "https://news.example/a/1"),
        ("https://news.example/a/1:3", "https://news.example/a/1"),
        ("http://localhost:8080/a/1:3", "http://localhost:8080/a/1"),
    ],
)
def test_addresses_are_documents_of_their_own(name, group):
    [row] = rows_of([{"text": "نص", "topic": SPORT, "id": name}])
    assert row.group == group


def test_a_name_of_both_kinds_is_refused():
    rows = rows_of(
        [{**r, "topics": [r["topic"]]} for r in records()], LabelColumns("topics", "topic", own=False)
    )
    with pytest.raises(TrainingError, match="rename it in one of the two columns"):
        train(rows, config=FAST, labels=Labels((MONEY, SPORT), (MONEY, SPORT)), folds=3)


def test_more_labels_than_a_model_has_are_refused_before_the_work():
    rows = rows_of({"text": f"نص {i}", "topic": f"قسم {i // 2}"} for i in range(130))
    labels = Labels((), tuple(sorted({row.sentiment for row in rows})))
    with pytest.raises(TrainingError, match="at most 64 labels of a kind, got 65"):
        train(rows, config=FAST, labels=labels, folds=2)


def test_folds_without_a_label_are_told_with_the_seed():
    found = [*records(20), *({"id": f"r{i}", "text": f"طقس نادر {i}", "topic": "نادر"} for i in range(2))]
    rows, outcomes = rows_of(found), []
    labels = Labels((), tuple(sorted({row.sentiment for row in rows})))
    for seed in range(8):
        try:
            train(rows, config=FAST, labels=labels, folds=2, seed=seed)
        except TrainingError as error:
            outcomes.append(str(error))
    assert 0 < len(outcomes) < 8
    assert any("all rows with 'نادر' fall into one fold, and none is left" in told for told in outcomes)
    assert all("pass another --seed or fewer --folds" in told for told in outcomes)


def test_folds_with_a_label_everywhere_are_told():
    found = [{"text": f"نص {i}", "topics": "عام" if i else ""} for i in range(12)]
    rows = rows_of(found, SEVERAL)
    with pytest.raises(TrainingError, match="all rows without 'عام' fall into one fold"):
        train(rows, config=FAST, labels=Labels(("عام",), ()), folds=3)


def test_labels_that_occur_nowhere_are_left_out_of_macro_figures():
    truth = np.array([[1, 0, 0], [0, 1, 0], [1, 0, 0]])
    names = ("a", "b", "c")
    chosen = [names[j] for j in truth.argmax(axis=1)]
    report = measure(truth, truth, truth * 1.0, chosen, chosen, (names, names))
    assert (report.stance_macro_f1, report.sentiment_macro_f1) == (1, 1)
    assert parse_metric("macro-f1", names).score(truth, truth) == 1
    assert parse_metric("f1:b,c", names).score(truth, truth) == 0.5  # those are named
    drawn = bootstrap(truth, truth, chosen, chosen, (names, names), draws=200)
    assert drawn["stance_macro_f1"] == drawn["sentiment_macro_f1"] == (1, 1)
    wrong = truth[:, [1, 0, 2]]
    assert measure(truth, wrong, wrong * 1.0, chosen, chosen, (names, names)).stance_macro_f1 == 0


def test_metrics_name_labels_with_commas():
    names = ["عام, كله", SPORT, MONEY]
    assert parse_metric("f1:عام, كله", names).columns == (0,)
    assert parse_metric(f"f1:عام, كله|{MONEY}", names).columns == (0, 2)
    assert parse_metric(f"f1:{SPORT},{MONEY}", names).columns == (1, 2)


def test_figures_stand_under_their_heads_whatever_the_labels_are_written_in(capsys, trained):
    data, model = trained
    options = ("evaluate", data, "--model", model, "--label-column", "topic", "--draws", 20)
    assert stance_command.main([str(o) for o in options]) == 0
    lines = capsys.readouterr().out.splitlines()
    head = lines[0]
    rows = [line for line in lines if line.startswith(f"\u2068{SPORT}\u2069")]
    assert len(rows) == 1
    assert cell_width(rows[0]) == cell_width(head)
    [interval] = [line for line in lines if "f1/" in line and SPORT in line]
    [figure] = [line for line in lines if "label macro-F1" in line and " to " in line]
    assert f"f1/\u2068{SPORT}\u2069" in interval
    assert cell_width(interval) == cell_width(figure)


def test_what_a_file_cannot_tell_is_said(capsys, trained, tmp_path):
    data = write(
        tmp_path / "a.jsonl", [{**r, "id": f"x:{r['id']}"} for r in records() if r["topic"] == SPORT]
    )
    options = ("evaluate", data, "--model", trained[1], "--label-column", "topic")
    assert stance_command.main([str(o) for o in options]) == 0
    out, err = capsys.readouterr()
    assert f"has \u2068{MONEY}\u2069" in err
    assert "no intervals: all rows are of the document 'x'" in err
    assert "bootstrap" not in out


def test_plots_in_the_folder_of_the_model_are_refused_before_the_work(capsys, tmp_path, trained):
    data, _ = trained
    for plots in (tmp_path / "new", tmp_path / "new" / "plots"):
        told = fails(
            capsys,
            data,
            "-o",
            tmp_path / "new",
            "--label-column",
            "topic",
            "--plots",
            plots,
            command=train_command,
        )
        assert "lies in the model's folder" in told
        assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("seed", ["-1", "4294967296", "x", "1.5"])
def test_seeds_that_are_none_are_refused(trained, tmp_path, seed):
    with pytest.raises(SystemExit):
        train_command.main(
            [str(trained[0]), "-o", str(tmp_path / "m"), "--label-column", "topic", f"--seed={seed}"]
        )
    with pytest.raises(SystemExit):
        stance_command.main(["evaluate", str(trained[0]), "--label-column", "topic", f"--seed={seed}"])


@pytest.mark.parametrize(
    "setting",
    [
        f"vector_weight = -1{'0' * 400}", "sentiment_c = 0.0", f"stance_c = 1{'0' * 400}", "stance_c = nan", "stance_c = inf", "max_ngrams = -1", "ngram_weight = -1.0", "min_df = 0",
        "ngram_range = [5, 2]", "ngram_range = [0, 2]", "ngram_range = [2, 17]", "attention_weight = 1.5", "attention_epochs = 0",
    ],
)  # fmt: skip
def test_settings_out_of_bounds_are_refused_before_the_work(setting):
    with pytest.raises(DataError, match=f"^fast.toml: {setting.split()[0]} must be "):
        TrainingConfig.from_toml(setting, "fast.toml")


def test_models_are_named_after_the_folder_they_are_written_into(
    capsys, tmp_path, settings, trained, monkeypatch
):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    options = ("--label-column", "topic", "--config", settings, "--folds", 3)
    told = fails(capsys, trained[0], "-o", ".", *options, command=train_command)
    assert ". is the folder you are in" in told
    assert train_command.main([str(o) for o in (trained[0], "-o", "./topics/.", *options)]) == 0
    assert stance.load("topics").config.name == "topics"


def test_names_of_models_are_checked_before_the_work(capsys, trained, tmp_path):
    told = fails(
        capsys,
        trained[0],
        "-o",
        tmp_path / "m",
        "--label-column",
        "topic",
        "--name",
        "a\nb",
        command=train_command,
    )
    assert "pass another one by --name" in told


def test_cards_round_once_escape_bars_and_say_how_settings_were_chosen(tmp_path):
    data = write(tmp_path / "rows.jsonl", records(names=("صحة|طب", MONEY)))
    options = ("--label-column", "topic", "--folds", 3, "--search", "--metric", f"f1:{MONEY}")
    assert train_command.main([str(o) for o in (data, "-o", tmp_path / "m", *options)]) == 0
    card = (tmp_path / "m" / "README.md").read_text(encoding="utf-8")
    assert "| صحة\\|طب | " in card
    assert f"Judged by f1:{MONEY}: " in card
    assert "are the best of " in card
    assert stance.load(tmp_path / "m").config.training["search"]["settings"]


def test_both_kinds_of_own_labels_have_figures_of_their_own_names(capsys, tmp_path, settings):
    found = [{**r, "topics": ["خليج"] if int(r["id"]) % 4 < 2 else []} for r in records()]
    data = write(tmp_path / "rows.jsonl", found)
    columns = ("--label-column", "topic", "--labels-column", "topics")
    options = (*columns, "--config", settings, "--folds", 3)
    assert train_command.main([str(o) for o in (data, "-o", tmp_path / "m", *options)]) == 0
    out = capsys.readouterr().out
    assert "labels macro-F1" in out
    assert "; label macro-F1" in out


@pytest.mark.parametrize("target", [None, float("nan"), ["السد"], {}])
def test_a_target_that_is_missing_is_no_text(capsys, tmp_path, settings, target):
    columns = LabelColumns(None, "topic", "about", own=False)
    with pytest.raises(DataError, match="line 1: 'about' must be a string or a number"):
        rows_of([{"text": "نص", "topic": SPORT, "about": target}], columns)
    [row] = rows_of([{"text": "نص", "topic": SPORT, "about": 3}], columns)
    assert row.target == "3"
    data = write(tmp_path / "rows.jsonl", [{**r, "about": "السد"} for r in records()])
    options = ("--label-column", "topic", "--target-column", "about", "--config", settings, "--folds", 3)
    assert train_command.main([str(o) for o in (data, "-o", tmp_path / "m", *options)]) == 0
    capsys.readouterr()
    some = write(tmp_path / "some.jsonl", [{"text": "نص", "about": "السد"}, {"text": "نص", "about": target}])
    out = tmp_path / "out.jsonl"
    options = ("--model", tmp_path / "m", "--target-column", "about", "-o", out)
    assert stance_command.main([str(o) for o in ("label", some, *options)]) == 0
    assert len(out.read_text(encoding="utf-8").splitlines()) == 1
    assert "1 row rejected" in capsys.readouterr().err
    if target is None:
        with pytest.raises(TypeError, match=r"targets\[0\] must be a str"):
            stance.load(tmp_path / "m").predict(["نص"], [None])


def test_a_document_may_be_called_nought():
    rows = rows_of([{"text": "نص", "topic": SPORT, "id": i} for i in (0, 0, 1, "", None)])
    assert [row.group for row in rows] == ["0", "0", "1", "rows.jsonl:4", "rows.jsonl:5"]


def test_copies_in_several_documents_are_told(capsys, tmp_path, settings):
    found = [*records(), *({**r, "id": f"copy {r['id']}"} for r in records(2))]
    options = ("--label-column", "topic", "--config", settings, "--folds", 3)
    for name, rows, said in (("a", found, True), ("b", list(records()), False)):
        data = write(tmp_path / f"{name}.jsonl", rows)
        assert train_command.main([str(o) for o in (data, "-o", tmp_path / name, *options)]) == 0
        assert ("2 texts stand in several documents" in capsys.readouterr().err) == said
    again = write(tmp_path / "again.jsonl", found[-2:])
    arguments = (tmp_path / "b.jsonl", "--extra", again, "-o", tmp_path / "c", *options)
    assert train_command.main([str(o) for o in arguments]) == 0
    assert "2 texts stand in several documents" in capsys.readouterr().err
