"""The reader's folder is data: what is wrong with it is said in one sentence."""

import json
from dataclasses import replace
from hashlib import sha256

import numpy as np
import pytest

from stance.actors import Gazetteer
from stance.datasets import AnnotatedSentence, Row, annotated
from stance.errors import DataError, ModelFormatError, ModelIntegrityError, ModelNotFoundError, TrainingError
from stance.features.vectors import WordVectors
from stance.lexicon import Lexicon
from stance.model.archive import pack_arrays
from stance.ranking import score
from stance.ranking.fitting import Choices, fit_choices, fit_decisions
from stance.reader_training import (
    cluster_words,
    cross_validate,
    find_names,
    measure_reader,
    train_reader,
    word_vectors,
)
from stance.statements import default_reader_path, read_reader, write_reader
from stance.statements.end_features import END_TEMPLATES, OLD_END_TEMPLATES, describe_end
from stance.statements.model import FORMAT
from stance.statements.tagging import Tagger

GAZETTEER = Gazetteer.default()


@pytest.fixture(scope="module")
def rows(root):
    from stance.datasets import read_rows, read_text

    found = []
    for path in sorted((root / "examples").glob("*.jsonl")):
        found += [
            replace(r, group=path.stem)
            for r in annotated(read_rows(read_text(path), path.name, "jsonl"), path.name)
        ]
    return found


@pytest.fixture(scope="module")
def trained(rows):
    return train_reader(
        rows, Lexicon.default(), GAZETTEER, {"قال": "1", "وزير": "2"}, facts={"rows": len(rows)}, card="# x\n"
    )


@pytest.fixture
def folder(trained, tmp_path):
    write_reader(trained, tmp_path / "reader")
    return tmp_path / "reader"


def test_written_and_read_back(trained, folder):
    found = read_reader(folder)
    assert found.tables == trained.tables
    assert (found.clusters, found.facts, found.card) == (trained.clusters, trained.facts, trained.card)
    assert found.lexicon.cues == trained.lexicon.cues


def test_same_rows_same_bytes(trained, rows, folder, tmp_path):
    again = train_reader(
        rows, Lexicon.default(), GAZETTEER, trained.clusters, facts=trained.facts, card=trained.card
    )
    write_reader(again, tmp_path / "again")
    for file in sorted(folder.iterdir()):
        assert file.read_bytes() == (tmp_path / "again" / file.name).read_bytes(), file.name


def test_what_it_learned_it_finds(trained, rows):
    scores = measure_reader(rows, find_names(trained, rows, GAZETTEER))
    assert scores.speaker_overlap > 0.95
    assert scores.no_speaker > 0.95
    assert scores.pronoun > 0.95
    assert scores.recipient_overlap > 0.9


def test_cross_validation_measures_unseen_documents(rows):
    def fit(known):
        return train_reader(known, Lexicon.default(), GAZETTEER, {})

    scores = measure_reader(rows, cross_validate(rows, [], fit, GAZETTEER, folds=2))
    assert 0.3 < scores.speaker_overlap < 0.95
    assert scores.n_named + scores.n_nobody + scores.n_pronoun == len(rows)


def resign(folder, name, content):
    (folder / name).write_bytes(content)
    names = sorted(p.name for p in folder.iterdir() if p.name != "SHA256SUMS")
    sums = "".join(f"{sha256((folder / n).read_bytes()).hexdigest()}  {n}\n" for n in names)
    (folder / "SHA256SUMS").write_text(sums, encoding="utf-8")


def test_missing_folder_and_missing_file(folder, tmp_path):
    with pytest.raises(ModelNotFoundError, match="no such model folder"):
        read_reader(tmp_path / "none")
    (folder / "values.txt").unlink()
    with pytest.raises(ModelIntegrityError, match=r"values\.txt is missing"):
        read_reader(folder)


@pytest.mark.parametrize("name", ["values.txt", "weights.npz", "lexicon.tsv", "clusters.txt", "README.md"])
def test_an_altered_file_is_refused(folder, name):
    data = bytearray((folder / name).read_bytes())
    data[len(data) // 2] ^= 1
    (folder / name).write_bytes(bytes(data))
    with pytest.raises(ModelIntegrityError, match="differs from its digest"):
        read_reader(folder)


def test_a_stance_model_is_no_reader():
    with pytest.raises(ModelFormatError, match="not the configuration of a reader"):
        read_reader(default_reader_path().parent / "news")


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"format": 99}, ModelFormatError, "format 99"),
        ({"sizes": {}}, ModelIntegrityError, "does not declare the tables"),
        ({"facts": []}, ModelIntegrityError, "does not declare the tables"),
        ({"kind": "other"}, ModelFormatError, "not the configuration of a reader"),
    ],
)
def test_a_wrong_configuration_is_refused(folder, change, error, message):
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    resign(folder, "config.json", json.dumps({**config, **change}).encode())
    with pytest.raises(error, match=message):
        read_reader(folder)


def test_declared_sizes_are_held_against_the_files(folder):
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    config["sizes"]["speaker"][0] += 10**12
    resign(folder, "config.json", json.dumps(config).encode())
    with pytest.raises(ModelIntegrityError, match="are declared"):
        read_reader(folder)


def test_weights_that_are_no_numbers_are_refused(folder, trained):
    n = sum(len(t) for tables in trained.tables.values() for t in tables)
    resign(folder, "weights.npz", pack_arrays({"weights": np.full(n, np.nan, np.float32)}))
    with pytest.raises(ModelIntegrityError, match="not a finite number"):
        read_reader(folder)
    resign(folder, "weights.npz", b"\x80\x04pickle")
    with pytest.raises(ModelIntegrityError, match="not an archive of plain arrays"):
        read_reader(folder)


def test_broken_names_are_refused(folder):
    lines = (folder / "values.txt").read_text(encoding="utf-8").split("\n")
    lines[3] = lines[2]
    resign(folder, "values.txt", "\n".join(lines).encode())
    with pytest.raises(ModelIntegrityError, match="twice"):
        read_reader(folder)


def test_broken_clusters_are_refused(folder):
    resign(folder, "clusters.txt", "قال أول\n".encode())
    with pytest.raises(ModelIntegrityError, match="a word and a number"):
        read_reader(folder)


def test_an_existing_reader_is_kept_without_leave(folder, trained):
    with pytest.raises(DataError, match="--overwrite"):
        write_reader(trained, folder)
    write_reader(trained, folder, overwrite=True)


def test_shipped_reader_says_what_it_was_measured_at():
    facts = read_reader(default_reader_path()).facts
    assert facts["rows"] == 6244
    assert facts["measured"]["speaker_overlap"] > 0.8


def test_annotated_rows_are_checked():
    def one(**fields):
        return next(annotated([Row("حذرت موسكو من كارثة", 7, fields)], "f.jsonl"))

    assert one(stances=[], speaker="~").recipient is None
    assert one(stances=[], speaker="", recipient="").recipient == ""
    assert one(stances=[], speaker=[5, 10], recipient="كارثة").recipient == (14, 19)
    with pytest.raises(DataError, match=r"f\.jsonl, line 7: there is no column 'speaker'"):
        one(stances=[])
    with pytest.raises(DataError, match="does not stand in the text"):
        one(stances=[], speaker="لندن")
    with pytest.raises(DataError, match=r"a name or its span"):
        one(stances=[], speaker=[5, 500])


def test_nothing_to_learn_from():
    with pytest.raises(TrainingError, match="no row tells who speaks"):
        train_reader([], Lexicon.default(), GAZETTEER, {})
    rows = [AnnotatedSentence("نص قصير", frozenset(["warning"]), "", "")]
    with pytest.raises(TrainingError, match="no row names a speaker"):
        train_reader(rows, Lexicon.default(), GAZETTEER, {})


def test_ranker_learns_which_thing_is_right():
    choices = Choices([1, 1])
    for _ in range(20):
        choices.add([(0, ("أ",)), (0, ("ب",)), (1, ("أ",))], 1)
    first, second = fit_choices(choices, 0.1, 1, 0.0)
    assert score(first, ("ب",)) > score(first, ("أ",)) + 1
    assert score(first, ("ب",)) > score(second, ("أ",)) + 1


def test_of_several_right_things_the_fit_takes_the_one_that_others_bear_out():
    choices = Choices([1])
    things = [(0, (value,)) for value in "أبج"]
    for _ in range(20):
        choices.add(things, 0, 2)
        choices.add(things, 2)
    (table,) = fit_choices(choices, 0.1, 1, 0.0)
    assert score(table, ("ج",)) > score(table, ("أ",)) + 1
    assert score(table, ("أ",)) > score(table, ("ب",)) - 1e-6


def test_a_recipient_is_learned_where_it_stands_as_a_word():
    """The name's letters stand in the speaker's too, and there first."""
    names = ["عمان", "مانيلا", "كيتو", "سكان ليما"]
    rows = []
    for name in names * 5:
        speaker = f"شيخ{name.partition(' ')[0]} القبيلة"
        text = f"حذر {speaker} {name} من كارثة وشيكة"
        at = text.find(name)
        rows.append(
            AnnotatedSentence(text, frozenset(["warning"]), (4, 4 + len(speaker)), (at, at + len(name)))
        )
    model = train_reader(rows, Lexicon.default(), GAZETTEER, {})
    assert [n.recipient for n in find_names(model, rows[:4], GAZETTEER)] == names


def test_decisions_have_their_sign():
    choices = Choices([2])
    for right in (0, 1) * 20:
        choices.add([(0, ("نعم" if right else "لا", "كل"))], right)
    tables = fit_decisions(choices, 0.1, 1, 0.0)
    assert score(tables, ("نعم", "كل")) > 1
    assert score(tables, ("لا", "كل")) < -1


def test_words_used_alike_share_a_cluster():
    vectors = np.array([[127, 0], [120, 9], [0, 127], [9, 120]], np.int8)
    clusters = cluster_words(WordVectors(("ذكر", "قال", "سفير", "وزير"), vectors))
    assert clusters["ذكر"] == clusters["قال"] != clusters["سفير"] == clusters["وزير"]


def test_too_few_words_for_vectors():
    texts = [f"{verb} {noun} إن" for verb in ("قال", "ذكر") for noun in ("وزير", "سفير")] * 80
    with pytest.raises(ValueError, match="dimensions want more than"):
        word_vectors(texts)


@pytest.mark.parametrize("name", ["reader-0.1.0", "reader-network-0.1.0"])
def test_a_reader_of_an_earlier_format_ends_names_by_what_it_was_told(root, name, tmp_path):
    old = read_reader(root / "tests" / "golden" / name)
    for block in ("speaker_end", "recipient_end"):
        assert len(old.tables[block]) == END_TEMPLATES
        assert not any(old.tables[block][OLD_END_TEMPLATES:])
    write_reader(old, tmp_path / "reader")
    assert json.loads((tmp_path / "reader" / "config.json").read_text(encoding="utf-8"))["format"] == FORMAT
    again = read_reader(tmp_path / "reader")
    assert again.tables == old.tables


def test_the_object_of_the_verb_before_a_name_does_not_end_it():
    tagged = Tagger(Lexicon.default(), {}).tag("ناشد وزير الخارجية الطرفين وقف القتال")
    described = describe_end(tagged, 1, 2, 0)
    assert len(described) == END_TEMPLATES
    verb = tagged.words[0].lemma
    assert verb
    assert described[OLD_END_TEMPLATES] == f"{verb} al"
    accusative = describe_end(Tagger(Lexicon.default(), {}).tag("أذاعت السفارة تحذيرا"), 1, 1, 0)
    assert accusative[OLD_END_TEMPLATES + 1].endswith("تA 0")


def test_rows_say_where_a_quotation_goes_on():
    fields = {"stances": [], "speaker": "~", "recipient": ""}
    plain, inside = (
        next(annotated([Row("لن نترك أحدا.", 1, {**fields, **more})], "rows"))
        for more in ({}, {"continues": True})
    )
    assert (plain.continues, inside.continues) == (False, True)
    with pytest.raises(DataError, match="continues must be true or false, got 'yes'"):
        list(annotated([Row("لن نترك أحدا.", 1, {**fields, "continues": "yes"})], "rows"))


@pytest.mark.parametrize(
    ("given", "held"), [("warning|supportive", {"warning", "supportive"}), ("none", set()), (None, set())]
)
def test_stances_of_annotated_rows_are_read_as_elsewhere(given, held):
    fields = {"stances": given, "speaker": "", "recipient": ""}
    assert next(annotated([Row("نص", 7, fields)], "f.jsonl")).stances == held
    for bad in ("nonsense", 5, [["warning"]]):
        with pytest.raises(DataError, match=r"f.jsonl, line 7: "):
            next(annotated([Row("نص", 7, {**fields, "stances": bad})], "f.jsonl"))


@pytest.mark.parametrize("folds", [-1, 0, 1, 3])
def test_folds_that_leave_nothing_to_learn_or_to_measure_are_refused(folds):
    fields = {"stances": [], "speaker": "", "recipient": ""}
    rows = list(annotated([Row("نص", i, {**fields, "id": f"{i}\udc80:0"}) for i in (1, 2)], "f.jsonl"))
    with pytest.raises(
        TrainingError, match=f"as many as there are documents, 2, got {folds}; pass another --folds"
    ):
        cross_validate(rows, [], lambda _: None, GAZETTEER, folds=folds)
