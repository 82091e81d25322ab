"""Labelling in a real local Spark, and the recipes for Dask and Ray as the documentation has them."""

import csv
import gc
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tarfile
from importlib.util import find_spec
from pathlib import Path

import pytest
from test_any_labels import FAST, opinions, rows_of, topics

import stance
from stance.datasets import LabelColumns, find_labels
from stance.errors import DataError, ModelNotFoundError
from stance.model import write_model
from stance.training import train

JAVA = 17  # what PySpark 4 wants
PARTITIONS = 6
TEXTS = [
    "حذرت موسكو من كارثة إنسانية", "دعت الأمم المتحدة أطراف النزاع إلى وقف فوري لإطلاق النار", None, "",
    "رحّبت الخارجية بالاتفاق\u200f «الهام» 😀\n\tوأشادت به", "ﷺ\u0000 \U0010ffff", "  ", "plain English",
]  # fmt: skip


def missing():
    """Say what a local Spark lacks here, or nothing."""
    for name in ("pyspark", "pandas", "pyarrow"):
        if find_spec(name) is None:
            return f"{name} is not installed: pip install 'stance[spark]'"
    home = os.environ.get("JAVA_HOME")
    java = shutil.which(str(Path(home, "bin", "java")) if home else "java")
    if java is None:
        return f"there is no Java: PySpark 4 wants Java {JAVA}, such as openjdk-{JAVA}-jre-headless"
    said = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    version = re.search(r'version "(\d+)', said)
    if version is None or int(version[1]) < JAVA:
        return f"Java is too old: PySpark 4 wants Java {JAVA}, {java} says {said.splitlines()[:1]}"
    return ""


WITHOUT = missing()
needs_spark = pytest.mark.skipif(bool(WITHOUT), reason=WITHOUT)
pytestmark = [
    # PySpark closes the pipes and sockets to its own processes when they are collected
    pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"),
    pytest.mark.filterwarnings("ignore:subprocess .* is still running:ResourceWarning"),
    # PySpark says so on every use of Arrow; the labels do not go through pandas
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning"),
]


def fitted(maker, columns, folder):
    """Write a small model of other labels."""
    rows = rows_of(list(maker()), columns)
    write_model(train(rows, config=FAST, labels=find_labels(rows), folds=3).model, folder)
    return folder


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    """Folders of a model of topics and a paired one, the latter also as an archive."""
    home = tmp_path_factory.mktemp("models")
    fitted(topics, LabelColumns(None, "topic", own=False), home / "topics")
    fitted(opinions, LabelColumns(None, "side", "about", own=False), home / "opinions")
    with tarfile.open(home / "opinions.tar.gz", "w:gz") as archive:
        archive.add(home / "opinions", ".")
    return home


@pytest.fixture(scope="module")
def spark(models, tmp_path_factory):
    from pyspark import SparkContext
    from pyspark.sql import SparkSession

    patch = pytest.MonkeyPatch()
    patch.setenv("PYSPARK_PYTHON", sys.executable)
    patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.memory": "1g",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.execution.arrow.maxRecordsPerBatch": "3",  # several batches a partition
        "spark.archives": f"{models / 'opinions.tar.gz'}#shipped-opinions",
        "spark.sql.warehouse.dir": str(tmp_path_factory.mktemp("warehouse")),
    }
    session = SparkSession.builder.master("local[2]").config(map=settings).getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()
    patch.undo()
    gateway = SparkContext._gateway
    gateway.shutdown()
    gateway.proc.stdin.close()
    gateway.proc.wait(60)
    SparkContext._gateway = SparkContext._jvm = None
    gc.collect()  # here, where warnings of what PySpark left open are ignored, and not in another file's test


@pytest.fixture(scope="module")
def label():
    from stance.spark import label

    return label


@pytest.fixture(scope="module")
def statements(spark):
    """Texts of all kinds beside columns of all kinds, in several partitions."""
    schema = (
        "id int not null, text string, `a.b` double, when timestamp, raw binary, price decimal(20,3), "
        "names array<struct<name:string, ages:map<string,int>>>, deep struct<inner:struct<x:array<array<int>>>>"
    )
    nested = ([{"name": "أ", "ages": {"x": 1}}, None], {"inner": {"x": [[1], [], None]}})
    rows = [(i, text, i / 2, None, b"\x00\xff", None, *nested) for i, text in enumerate(TEXTS * 4)]
    return spark.createDataFrame(rows, schema).repartition(PARTITIONS)


def by_label(probabilities):
    return None if probabilities is None else probabilities.asDict()


@needs_spark
def test_rows_equal_predict_and_all_columns_are_kept(statements, label, model):
    labelled = label(statements)
    assert labelled.columns[: len(statements.columns)] == statements.columns
    assert labelled.schema.fields[: len(statements.columns)] == statements.schema.fields
    assert labelled.rdd.getNumPartitions() == PARTITIONS
    before = {row.id: row for row in statements.collect()}
    found = {row.id: row for row in labelled.collect()}
    assert sorted(found) == list(range(len(TEXTS) * 4))
    predictions = iter(model.predict([t for t in TEXTS if t is not None] * 4))
    for i, text in enumerate(TEXTS * 4):
        row = found[i]
        assert row[: len(before[i])] == tuple(before[i])
        added = (row.predicted_stances, row.predicted_sentiment, by_label(row.probabilities),
                 by_label(row.sentiment_probabilities))  # fmt: skip
        if text is None:
            assert added == (None, None, None, None)
        else:
            p = next(predictions)
            stances = [s for s in model.stances if s in p.stances]
            assert added == (stances, p.sentiment, p.probabilities, p.sentiment_probabilities)


@needs_spark
def test_schemas(statements, label):
    rows = statements.select("text")
    doubles = "struct<{}:double,{}:double,{}:double>"
    stances = ("supportive", "warning", "calling_for_ceasefire")
    feelings = ("negative", "neutral", "positive")
    assert [(f.name, f.dataType.simpleString()) for f in label(rows).schema][1:] == [
        ("predicted_stances", "array<string>"),
        ("predicted_sentiment", "string"),
        ("probabilities", doubles.format(*stances)),
        ("sentiment_probabilities", doubles.format(*feelings)),
    ]
    flat = label(rows, flat=True)
    assert [(f.name, f.dataType.simpleString()) for f in flat.schema][1:] == [
        ("predicted_stances", "string"),
        ("predicted_sentiment", "string"),
        *((f"p_{name}", "double") for name in (*stances, *feelings)),
    ]
    found = {row.text: row for row in flat.collect()}
    assert found[TEXTS[0]].predicted_stances == "warning"
    assert found["  "].predicted_stances == "none"
    assert set(found[None]) == {None}
    best = label(rows).where("probabilities.warning > 0.5 and array_contains(predicted_stances, 'warning')")
    assert {row.text for row in best.collect()} == {TEXTS[0]}


@needs_spark
def test_the_model_is_loaded_once_in_each_worker(spark, statements, label):
    def probe(batches):
        import os

        import pyarrow as pa

        from stance.spark import _load

        for _ in batches:
            info = _load.cache_info()
            yield pa.RecordBatch.from_pydict(
                {"pid": [os.getpid()], "loads": [info.misses], "uses": [info.misses + info.hits]}
            )

    def counts():
        rows = spark.range(0, 8, 1, 8).mapInArrow(probe, "pid long, loads long, uses long").collect()
        return {row.pid: row for row in rows}

    label(statements).collect()
    before = counts()
    for _ in range(2):
        label(statements).collect()
    after = counts()
    assert 1 <= len(after) <= 2  # as many as there are cores
    assert os.getpid() not in after
    assert [row.loads for row in after.values()] == [1] * len(after)
    uses = sum(row.uses for row in after.values()) - sum(row.uses for row in before.values())
    assert uses >= 2 * PARTITIONS


@needs_spark
def test_models_of_other_labels_at_a_path_and_shipped(spark, models, label):
    records = [(r["text"], r["about"]) for r in opinions()] + [("نريد رفع مستواها", None), (None, "السد")]
    pairs = spark.createDataFrame(records, "text string, about string").repartition(2)
    paired = stance.load(models / "opinions")
    spark.sparkContext.addFile(str(models / "opinions"), recursive=True)
    for place in (models / "opinions", "shipped-opinions", "opinions"):  # a path, an archive, a file
        for row in label(pairs, target_column="about", model=place).collect():
            if row.text is None or row.about is None:
                assert row[2:] == (None, None)
            else:
                [p] = paired.predict([row.text], [row.about])
                assert (row.predicted_label, by_label(row.label_probabilities)) == (
                    p.sentiment,
                    p.sentiment_probabilities,
                )
    flat = label(pairs, model=models / "topics", flat=True)
    assert flat.columns == ["text", "about", "predicted_label", "p_money", "p_sport"]
    with pytest.raises(DataError, match="was trained with targets; name their column"):
        label(pairs, model=models / "opinions")
    with pytest.raises(DataError, match="was trained without targets; leave"):
        label(pairs, target_column="about")
    with pytest.raises(ModelNotFoundError, match="no model 'nowhere' on the driver; put the folder"):
        label(pairs, model="nowhere")


@needs_spark
def test_an_installed_model_is_found_by_its_name(statements, models, label, monkeypatch):
    assert label(statements, model="news").collect() == label(statements).collect()
    monkeypatch.setenv("STANCE_MODELS", str(models))
    assert label(statements, model="topics").columns[-2:] == ["predicted_label", "label_probabilities"]
    monkeypatch.setenv("STANCE_MODELS", str(models / "nowhere"))
    with pytest.raises(ModelNotFoundError, match="no folder; make it, or take it out"):
        label(statements, model="topics")


@needs_spark
def test_another_model_on_a_worker_is_refused(statements, models, label, tmp_path):
    from pyspark.errors import PythonException

    place = shutil.copytree(models / "topics", tmp_path / "model")
    gone, replaced = label(statements, model=place), label(statements, model=place)
    shutil.rmtree(place)
    with pytest.raises(PythonException, match=r"no model .* on the worker; put the folder"):
        gone.collect()
    shutil.copytree(models / "opinions", place)
    with pytest.raises(PythonException, match="on the worker is not the driver's; install the same version"):
        replaced.collect()


@needs_spark
def test_wrong_columns_are_refused_on_the_driver_in_one_sentence(statements, label):
    interval = statements.selectExpr("text", "interval '1' month as month")
    cases = [
        ({"text_column": "txt"}, statements, "no column 'txt'; the columns are 'id', 'text', 'a.b'"),
        ({"text_column": "id"}, statements, "the column 'id' is of type int; text_column wants"),
        ({"text_column": "names"}, statements, "'names' is of type array<struct<"),
        ({}, statements.select("text", "text"), "more than one column 'text'"),
        (
            {},
            statements.selectExpr("text", "1 as Predicted_Sentiment"),
            "'predicted_sentiment' is to be added",
        ),
        ({"flat": True}, statements.selectExpr("text", "1 as p_warning"), "'p_warning' is to be added"),
        ({}, interval, "of a type that Spark does not pass to Python, such as interval month"),
        ({}, [("text",)], "a Spark DataFrame is wanted, got list"),
    ]
    for options, df, message in cases:
        with pytest.raises(DataError, match=re.escape(message)) as caught:
            label(df, **options)
        assert "\n" not in str(caught.value)
    assert "p_warning" in label(statements.selectExpr("text", "1 as p_warning")).columns


@needs_spark
def test_other_columns_may_share_a_name_and_strings_may_be_broken(spark, label, model):
    rows = spark.sql("select cast(X'd8add8b0d8' as string) as text, 1 as twin, 2 as twin")
    [row] = label(rows).drop("text").collect()
    assert tuple(row)[:2] == (1, 2)
    assert by_label(row.probabilities) == model.predict(["حذ\ufffd"])[0].probabilities
    assert label(rows.limit(0)).collect() == []


@needs_spark
def test_a_stream_is_labelled(spark, label, tmp_path):
    (tmp_path / "in").mkdir()
    line = json.dumps({"text": TEXTS[0]}, ensure_ascii=False)
    (tmp_path / "in" / "a.json").write_text(line + "\n", encoding="utf-8")
    rows = spark.readStream.schema("text string").json(str(tmp_path / "in"))
    query = label(rows).writeStream.format("memory").queryName("labelled").trigger(availableNow=True).start()
    assert query.awaitTermination(60)
    [row] = spark.table("labelled").collect()
    assert row.predicted_stances == ["warning"]


def submit(root, *argv, command=("spark-submit", "--master", "local[2]", "--conf", "spark.ui.enabled=false")):
    """Run the example as a user would."""
    name, *options = command
    return subprocess.run(
        [
            Path(sys.executable).with_name(name),
            *options,
            root / "examples" / "label_spark.py",
            *map(str, argv),
        ],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"},
        check=False,
        timeout=180,
    )


@needs_spark
def test_the_example_runs_under_spark_submit(root, model, tmp_path):
    texts = [TEXTS[0], TEXTS[1], 'قال "نعم"، ثم\nمضى']
    with (tmp_path / "rows.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("id", "statement"), *enumerate(texts)])
    done = submit(root, tmp_path / "rows.csv", tmp_path / "out.csv", "--text-column", "statement")
    assert done.returncode == 0, done.stderr
    found = []
    for part in sorted((tmp_path / "out.csv").glob("part-*.csv")):
        with part.open(encoding="utf-8", newline="") as file:
            found += csv.DictReader(file)
    assert [(row["id"], row["statement"]) for row in found] == [(str(i), t) for i, t in enumerate(texts)]
    for row, p in zip(found, model.predict(texts), strict=True):
        assert row["predicted_stances"] == ("|".join(s for s in model.stances if s in p.stances) or "none")
        assert float(row["p_warning"]) == p.probabilities["warning"]


@needs_spark
def test_the_script_runs_as_the_page_says(root, model, tmp_path):
    import pyarrow as pa
    from pyarrow import parquet

    page = (root / "docs" / "clusters.md").read_text(encoding="utf-8")
    [line] = re.findall(r"^spark-submit --master yarn examples/label_spark.py (.*)$", page, re.MULTILINE)
    assert line.count("s3a://bucket/") == 2
    parquet.write_table(pa.table({"body": TEXTS[:2]}), tmp_path / "in.parquet")
    done = submit(root, *shlex.split(line.replace("s3a://bucket", str(tmp_path))))  # there is no cluster here
    assert done.returncode == 0, done.stderr
    found = parquet.read_table(tmp_path / "out.parquet").to_pylist()
    wanted = [sorted(p.stances) for p in model.predict(TEXTS[:2])]
    assert sorted(sorted(row["predicted_stances"]) for row in found) == sorted(wanted)


@needs_spark
def test_the_example_fails_in_one_sentence(root, tmp_path):
    done = submit(root, "rows.xyz", tmp_path / "out.parquet", command=[Path(sys.executable).name])
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("label_spark: rows.xyz: the format is not known by its ending")
    assert done.stderr.count("\n") == 1


def recipe(root, heading):
    """Return the code below a heading of the documentation."""
    text = (root / "docs" / "clusters.md").read_text(encoding="utf-8")
    code = re.search(rf"^## {heading}$.*?^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)[1]
    assert len([line for line in code.splitlines() if line.strip()]) <= 12
    return code


def run_recipe(code, folder, model):
    """Run it over a few rows; compare what it wrote with the labels."""
    texts = [t for t in TEXTS if t]
    (folder / "rows").mkdir()
    for i, text in enumerate(texts):
        line = json.dumps({"id": i, "text": text}, ensure_ascii=False)
        (folder / "rows" / f"{i}.jsonl").write_text(line + "\n", encoding="utf-8")
    (folder / "recipe.py").write_text(code, encoding="utf-8")
    quiet = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_DEDUP_LOGS": "0"}
    done = subprocess.run(
        [sys.executable, "recipe.py"],
        cwd=folder,
        env={**os.environ, **quiet},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    found = {}
    for part in (folder / "labelled").iterdir():
        for line in part.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            found[row["id"]] = row
    for i, p in enumerate(model.predict(texts)):
        assert (found[i]["text"], set(found[i]["stances"]), found[i]["sentiment"]) == (
            texts[i],
            set(p.stances),
            p.sentiment,
        )
    assert len(found) == len(texts)


def test_the_recipe_for_dask(root, model, tmp_path):
    pytest.importorskip("dask.bag", reason="dask is not installed")
    run_recipe(recipe(root, "Dask"), tmp_path, model)


def test_the_recipe_for_ray(root, model, tmp_path):
    if find_spec("ray") is None:
        pytest.skip("ray is not installed")
    run_recipe(recipe(root, "Ray"), tmp_path, model)
