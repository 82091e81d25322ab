import hashlib
import io
import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import stance
from stance.errors import DataError, ModelFormatError, ModelIntegrityError, ModelNotFoundError
from stance.model import BLOCKS, read_model, replacing, write_model

GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture
def folder(small_model, tmp_path):
    target = tmp_path / "copy"
    shutil.copytree(small_model, target)
    return target


def resign(folder):
    """Write the digests anew, as an attacker would."""
    names = sorted(p.name for p in folder.iterdir() if p.name != "SHA256SUMS")
    sums = "".join(f"{hashlib.sha256((folder / n).read_bytes()).hexdigest()}  {n}\n" for n in names)
    (folder / "SHA256SUMS").write_text(sums)


def edit_config(folder, **changes):
    path = folder / "config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))
    resign(folder)


def edit_arrays(folder, **changes):
    with np.load(folder / "weights.npz") as archive:
        arrays = {**archive, **changes}
    buffer = io.BytesIO()
    np.savez(buffer, **{k: v for k, v in arrays.items() if v is not None})
    (folder / "weights.npz").write_bytes(buffer.getvalue())
    resign(folder)


def test_round_trip(trained, small_model):
    read = read_model(small_model)
    assert read.config.to_json() == trained.model.config.to_json()
    assert read.lexicon.cues == trained.model.lexicon.cues
    for block in BLOCKS:
        assert list(read.weights.names[block]) == list(trained.model.weights.names[block])
    for block, weights in trained.model.weights.weights.items():
        assert (read.weights.weights[block] == weights).all()
    assert (read.weights.bias == trained.model.weights.bias).all()
    for name, array in vars(trained.model.weights.gated).items():
        assert (getattr(read.weights.gated, name) == array).all()


def test_same_model_same_bytes(trained, tmp_path):
    for name in ("a", "b"):
        write_model(trained.model, tmp_path / name)
    for file in (tmp_path / "a").iterdir():
        assert file.read_bytes() == (tmp_path / "b" / file.name).read_bytes()


def test_every_file_is_in_the_digests(small_model):
    listed = {line.split("  ")[1] for line in (small_model / "SHA256SUMS").read_text().splitlines()}
    assert listed == {p.name for p in small_model.iterdir()} - {"SHA256SUMS"}


@pytest.mark.parametrize("name", ["weights.npz", "ngrams.txt", "lexicon.tsv", "README.md", "SHA256SUMS"])
def test_a_missing_file_is_named(folder, name):
    (folder / name).unlink()
    with pytest.raises(ModelIntegrityError, match=f"{name} is missing"):
        read_model(folder)


@pytest.mark.parametrize(
    "name", ["weights.npz", "ngrams.txt", "context.txt", "bigrams.txt", "lexicon.tsv", "README.md"]
)
@pytest.mark.parametrize("change", ["truncate", "flip", "append"])
def test_an_altered_file_is_named(folder, name, change):
    path = folder / name
    data = bytearray(path.read_bytes())
    if change == "truncate":
        data = data[: len(data) // 2]
    elif change == "flip":
        data[len(data) // 3] ^= 1
    else:
        data += b"x"
    path.write_bytes(data)
    with pytest.raises(ModelIntegrityError, match=f"{name} differs"):
        read_model(folder)


def test_no_such_folder(tmp_path):
    with pytest.raises(ModelNotFoundError, match="no such model folder"):
        stance.load(tmp_path / "nowhere")
    with pytest.raises(ModelNotFoundError, match="not a model folder"):
        stance.load(tmp_path)


@pytest.mark.parametrize(
    ("field", "way"), [("format", "install a newer stance"), ("normalization", "install a newer stance")]
)
def test_a_newer_version_says_what_to_do(folder, field, way):
    edit_config(folder, **{field: 99})
    with pytest.raises(ModelFormatError, match=way):
        read_model(folder)


def test_an_older_normalization_says_what_to_do(folder):
    edit_config(folder, normalization=0)
    with pytest.raises(ModelFormatError, match="train the model anew"):
        read_model(folder)


@pytest.mark.parametrize(
    "changes",
    [
        {"format": "1"},
        {"stances": []},
        {"stances": ["warning", "warning", "x"]},
        {"thresholds": [0.5]},
        {"thresholds": [0.5, None, 0.5]},
        {"temperature": 0},
        {"temperature": "1"},
        {"ngram_range": [0, 99]},
        {"ngram_range": 3},
        {"calibration": [[1, 0]]},
        {"surprise": 1},
    ],
)
def test_a_malformed_config_is_refused(folder, changes):
    edit_config(folder, **changes)
    with pytest.raises(ModelIntegrityError):
        read_model(folder)


@pytest.mark.parametrize(
    "make",
    [
        lambda w: {"ngrams": w["ngrams"][:-1]},
        lambda w: {"ngrams": w["ngrams"].astype(np.float64)},
        lambda w: {"ngrams": np.full(w["ngrams"].shape, np.nan, np.float32)},
        lambda _: {"bias": np.full(6, np.inf)},
        lambda _: {"bias": None},
        lambda w: {"surprise": w["bias"]},
    ],
)
def test_arrays_that_do_not_fit_are_refused(folder, make):
    with np.load(folder / "weights.npz") as archive:
        changes = make(dict(archive))
    edit_arrays(folder, **changes)
    with pytest.raises(ModelIntegrityError, match=r"weights\.npz"):
        read_model(folder)


@pytest.mark.parametrize(
    ("change", "dtype"),
    [
        (0.0, np.int16),
        (0.3, np.float32),
        (9.0, np.float32),
        (float(np.nextafter(np.float32(1), 2)), np.float32),
    ],
    ids=["multiples", "no multiple", "too large", "nearly a multiple"],
)
def test_weights_are_kept_in_half_the_bytes_where_nothing_is_lost_by_it(folder, tmp_path, change, dtype):
    model = read_model(folder)
    changed = model.weights.weights["ngrams"].copy()
    changed[0, 0] = change
    weights = replace(model.weights, weights={**model.weights.weights, "ngrams": changed})
    write_model(replace(model, weights=weights), tmp_path / "written")
    with np.load(tmp_path / "written" / "weights.npz") as archive:
        assert archive["ngrams"].dtype == dtype
        assert archive["context"].dtype == np.int16
    again = read_model(tmp_path / "written").weights.weights["ngrams"]
    assert again.dtype == np.float32
    assert again.tobytes() == changed.tobytes()


@pytest.mark.parametrize("name", ["model-gated-0.1.0", "model-whole-0.1.0", "model-clauses-0.1.0"])
def test_an_old_folder_stays_of_its_format(tmp_path, name):
    old = read_model(GOLDEN / name)
    write_model(old, tmp_path / "again")
    assert (tmp_path / "again" / "weights.npz").read_bytes() == (GOLDEN / name / "weights.npz").read_bytes()


def test_a_pickle_in_the_archive_is_not_run(folder, tmp_path):
    class Bomb:
        def __reduce__(self):
            return (open, (str(tmp_path / "ran"), "w"))

    buffer = io.BytesIO()
    np.savez(
        buffer,
        bias=np.array([Bomb()], dtype=object),
        **{b: np.zeros(1) for b in (*BLOCKS, "vector_factors", "vector_weights")},
    )
    (folder / "weights.npz").write_bytes(buffer.getvalue())
    resign(folder)
    with pytest.raises(ModelIntegrityError, match="plain arrays"):
        read_model(folder)
    assert not (tmp_path / "ran").exists()


def test_an_archive_that_is_no_archive(folder):
    (folder / "weights.npz").write_bytes(b"PK\x03\x04 not a zip")
    resign(folder)
    with pytest.raises(ModelIntegrityError, match="plain arrays"):
        read_model(folder)


def test_doubled_vocabulary_is_refused(folder):
    path = folder / "ngrams.txt"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines[:-1], lines[0]]) + "\n", encoding="utf-8")
    resign(folder)
    with pytest.raises(ModelIntegrityError, match="twice"):
        read_model(folder)


def test_context_that_the_lexicon_does_not_know_is_refused(folder):
    path = folder / "context.txt"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(["cue=nonsense", *lines[1:]]) + "\n", encoding="utf-8")
    resign(folder)
    with pytest.raises(ModelIntegrityError, match="do not fit"):
        read_model(folder)


def test_an_existing_model_is_replaced_only_when_asked(trained, folder):
    before = (folder / "config.json").read_bytes()
    with pytest.raises(DataError, match="--overwrite"):
        write_model(trained.model, folder)
    write_model(trained.model, folder, overwrite=True)
    assert (folder / "config.json").read_bytes() == before
    assert [p.name for p in folder.parent.iterdir()] == [folder.name]


def test_a_folder_that_is_no_model_is_never_replaced(trained, tmp_path):
    (tmp_path / "precious.txt").write_text("x")
    with pytest.raises(DataError, match="not a model folder"):
        write_model(trained.model, tmp_path, overwrite=True)
    assert [p.name for p in tmp_path.iterdir()] == ["precious.txt"]


def test_a_failed_write_leaves_the_old_model(trained, folder, monkeypatch):
    before = {p.name: p.read_bytes() for p in folder.iterdir()}
    real = replacing.write_synced

    def fail(path, data):
        if path.name == "weights.npz":
            raise OSError(28, "No space left on device")
        real(path, data)

    monkeypatch.setattr(replacing, "write_synced", fail)
    with pytest.raises(DataError, match="No space left"):
        write_model(trained.model, folder, overwrite=True)
    monkeypatch.undo()
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == before
    assert [p.name for p in folder.parent.iterdir()] == [folder.name]


def test_shipped_model_is_small(root):
    folder = root / "models" / "news"
    assert sum(p.stat().st_size for p in folder.iterdir()) < 15_000_000
