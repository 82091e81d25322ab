"""Model folders made to do harm: each is refused in one sentence, at once, and nothing of it is run.

Digests are made anew where an attack changes a file: whoever forges a model forges them too.
"""

import io
import json
import os
import pickle
import shutil
import stat
import struct
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from model_folders import NAMES, TEXTS, resign, write_tiny, write_tiny_reader

import stance
from stance.cli.main import main
from stance.cli.shell import call
from stance.errors import DataError, ModelError, ModelFormatError, ModelIntegrityError, ModelNotFoundError
from stance.features.index import KERNEL
from stance.model import files as model_files
from stance.model import read_model, write_model
from stance.model.archive import pack_arrays, unpack_arrays
from stance.model.files import ModelFolder
from stance.model.replacing import write_files
from stance.predictor import Predictor
from stance.statements import read_reader, write_reader

LINUX = pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is counted by Linux")
DIGESTS_STAY = "digests stay"


@pytest.fixture
def folder(tmp_path):
    write_tiny(tmp_path / "model")
    return tmp_path / "model"


@pytest.fixture
def reader(tmp_path):
    write_tiny_reader(tmp_path / "reader")
    return tmp_path / "reader"


def refused(load, folder, message, error=ModelIntegrityError):
    """Check that a folder is refused in one sentence that says what is wrong, and how to go on."""
    with pytest.raises(ModelError, match=message) as caught:
        load(folder)
    text = str(caught.value)
    assert isinstance(caught.value, error)
    assert text.isprintable()
    assert len(text) < 700
    assert caught.value.__cause__ is None
    assert not (folder.parent / "ran").exists()


# the configuration


def config(**changes):
    def change(folder):
        path = folder / "config.json"
        path.write_text(
            json.dumps({**json.loads(path.read_text(encoding="utf-8")), **changes}), encoding="utf-8"
        )

    return change


def config_text(old, new):
    def change(folder):
        path = folder / "config.json"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


CONFIGS = {
    "not a number": (config(temperature=float("nan")), "not finite"),
    "infinity": (config_text('"temperature": 1.2', '"temperature": 1e999'), "not finite"),
    "infinity in what is only told": (config(metrics={"f1": float("inf")}), "not finite"),
    "a temperature of nearly zero": (config(temperature=1e-300), "temperature must be positive"),
    "a slope that overflows": (config(calibration=[[1e300, 0], [1, 0]]), "at most 1,000,000 in size"),
    "a threshold that overflows": (config(thresholds=[1e308, 0.5]), "at most 1,000,000 in size"),
    "an integer of 400 digits": (config_text('"n": 3', '"n": 3' + "0" * 400), "too large"),
    "an integer of 5,000 digits": (config_text('"n": 3', '"n": 3' + "0" * 5000), "is not JSON"),
    "a hundred thousand brackets": (
        config_text('"n": 3', '"n": ' + "[" * 100_000 + "]" * 100_000),
        "not JSON",
    ),
    "twenty brackets": (config_text('"n": 3', '"n": ' + "[" * 20 + "]" * 20), "nested deeper"),
    "a key twice": (config_text('"format": 4', '"format": 4, "format": 4'), "'format' stands in it twice"),
    "half a character in a label": (config(stances=["\ud800", "b"]), "half a character"),
    "half a character in a key": (config(metrics={"\udfff": 1}), "half a character"),
    "control characters in a label": (config(stances=["\x1b[31mred", "b"]), "no control characters"),
    "control characters in the name": (config(name="a\nb"), "no control characters"),
    "a label of a megabyte": (config(stances=["x" * 500_000, "b"]), "1 to 200 characters"),
    "a million labels": (config(stances=list(map(str, range(100_000)))), "at most 64"),
    "n-grams of any length": (config(ngram_range=[1, 10**9]), "lengths from 1 to 16"),
    "n-grams that do not fit a machine word": (config(ngram_range=[10**18, 16]), "lengths from 1 to 16"),
    "n-grams from long to short": (config(ngram_range=[4, 2]), "lengths from 1 to 16"),
    "a name that is no string": (config(name={"a": 1}), "1 to 200 characters"),
    "an analyzer that is a module": (config(analyzer="os"), "analyzer must be one of camel"),
    "an analyzer that is a list": (config(analyzer=["camel"]), "analyzer must be one of camel"),
    "versions that are a list": (config(versions=[]), "must be an object"),
    "a field that nobody knows": (config(surprise=1), "surprise"),
    "a label more than the weights have": (
        config(sentiments=["a", "b", "c"], offsets=[]),
        "must be float32 of shape",
    ),
    "targets that the weights do not know": (
        config(paired=True, targets=["a"], offsets=[], clause_weight=0.0),
        "must be float32 of shape",
    ),
    "pairs without their weights": (config(paired=True, clause_weight=0.0), "must be float32 of shape"),
    "clauses in a model of pairs": (config(paired=True), "the weight of clauses must be"),
    "clauses before format 4": (config(format=3), "the weight of clauses must be"),
    "no object": (lambda f: (f / "config.json").write_text("[]"), "names no format"),
    "a byte order mark": (lambda f: (f / "config.json").write_bytes(b"\xef\xbb\xbf{}"), "is not JSON"),
    "bytes that are no text": (lambda f: (f / "config.json").write_bytes(b"{\xff}"), "is not UTF-8"),
    "a file of two megabytes": (
        lambda f: (f / "config.json").write_bytes(b" " * (2 << 20)),
        "at most 1048576",
    ),
}


@pytest.mark.parametrize("name", CONFIGS)
def test_a_forged_configuration_is_refused(folder, name):
    change, message = CONFIGS[name]
    change(folder)
    resign(folder)
    refused(stance.load, folder, message)


def test_a_format_that_only_looks_like_one_is_refused(folder):
    config(format=True)(folder)
    resign(folder)
    refused(stance.load, folder, "names no format number")


def test_a_reader_is_no_stance_model(reader):
    refused(stance.load, reader, "is of a reader", ModelFormatError)


# the archive of arrays


def archive(edit=None, method=zipfile.ZIP_STORED, **entries):
    """Rebuild the archive: with members added or replaced, compressed, or with its bytes edited."""

    def change(folder):
        path = folder / "weights.npz"
        with np.load(path) as old:
            members = {f"{name}.npy": npy(old[name]) for name in old.files}
        members |= {name.replace("__", "/"): content for name, content in entries.items()}
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", method) as new:
            for name, content in members.items():
                new.writestr(zipfile.ZipInfo(name), content, method)
        path.write_bytes(edit(buffer.getvalue()) if edit else buffer.getvalue())

    return change


def npy(array):
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, np.asarray(array))
    return buffer.getvalue()


def header(text):
    """Put a header in place of that of the bias."""
    body = text.encode()
    return archive(**{"bias.npy": b"\x93NUMPY\1\0" + struct.pack("<H", len(body)) + body + bytes(64)})


def field(signature, offset, layout, value):
    """Overwrite a field of the last header of a kind."""

    def edit(data):
        changed = bytearray(data)
        struct.pack_into(layout, changed, changed.rindex(signature) + offset, value)
        return bytes(changed)

    return archive(edit)


def arrays(**changes):
    def change(folder):
        with np.load(folder / "weights.npz") as old:
            kept = {**old, **changes}
        (folder / "weights.npz").write_bytes(pack_arrays({k: v for k, v in kept.items() if v is not None}))

    return change


class Bomb:
    """Pickled, it makes a file when it is loaded."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return open, (self.path, "w")


def pickled(folder):
    (folder / "weights.npz").write_bytes(pickle.dumps(Bomb(str(folder.parent / "ran"))))


def objects(folder):
    buffer = io.BytesIO()
    np.save(buffer, np.array([Bomb(str(folder.parent / "ran"))], dtype=object), allow_pickle=True)
    archive(**{"bias.npy": buffer.getvalue()})(folder)


def overlapping(folder):
    """Let every member be the largest one."""
    data = bytearray((folder / "weights.npz").read_bytes())
    at = struct.unpack_from("<L", data, len(data) - 6)[0]
    for start in [i for i in range(at, len(data) - 46) if data[i : i + 4] == b"PK\1\2"]:
        struct.pack_into("<2L", data, start + 20, len(data) - 60, len(data) - 60)
    (folder / "weights.npz").write_bytes(bytes(data))


END, ENTRY, LOCAL = b"PK\5\6", b"PK\1\2", b"PK\3\4"
FORM = "{{'descr': {}, 'fortran_order': {}, 'shape': {}, }}          \n"
ARCHIVES = {
    "a pickle": (pickled, "does not end as one"),
    "a pickle in an array": (objects, "not of plain numbers"),
    "a bare array": (lambda f: (f / "weights.npz").write_bytes(npy(np.zeros(100))), "does not end as one"),
    "nothing": (lambda f: (f / "weights.npz").write_bytes(b""), "too short"),
    "a member outside the folder": (archive(**{"..__ran.npy": b""}), "no plain name"),
    "a member with an absolute name": (archive(**{"__tmp__ran.npy": b""}), "no plain name"),
    "a member of another kind": (archive(**{"x.pkl": b"\x80\4."}), "no plain name"),
    "a member without a name": (archive(**{"": b""}), "no plain name"),
    "a member twice": (archive(lambda d: d.replace(b"context.npy", b"bigrams.npy")), "twice"),
    "overlapping members": (overlapping, "not an archive of plain arrays"),
    "members by the million": (field(END, 10, "<H", 65535), "does not end as one"),
    "more members than a model has": (archive(**{f"{'x' * n}.npy": b"" for n in range(1, 65)}), "members"),
    "a comment": (archive(lambda d: d[:-2] + b"\1\0x"), "does not end as one"),
    "bytes behind its end": (archive(lambda d: d + b"\0"), "does not end as one"),
    "bytes before its beginning": (archive(lambda d: b"#!/bin/sh\n" + d), "does not end as one"),
    "compressed members": (archive(method=zipfile.ZIP_DEFLATED), "compressed or encrypted"),
    "a bomb of zeros": (archive(method=zipfile.ZIP_DEFLATED, **{"bias.npy": bytes(10**8)}), "compressed or encrypted"),
    "members squeezed by lzma": (archive(method=zipfile.ZIP_LZMA), "compressed or encrypted"),
    "the mark of encryption": (field(ENTRY, 8, "<H", 1), "compressed or encrypted"),
    "an unknown method": (field(ENTRY, 10, "<H", 99), "compressed or encrypted"),
    "a size of four gigabytes": (field(ENTRY, 24, "<L", 2**32 - 1), "compressed or encrypted"),
    "the mark of zip64": (field(ENTRY, 20, "<2L".replace("2", ""), 2**32 - 1), "compressed or encrypted"),
    "a place behind the end": (field(ENTRY, 42, "<L", 2**31), "not an archive of plain arrays"),
    "a directory behind the end": (field(END, 16, "<L", 2**32 - 1), "does not end as one"),
    "a member whose own header says another name": (field(LOCAL, 30, "<H", 0x7878), "not what its directory says"),
    "a member whose own header says another method": (field(LOCAL, 8, "<H", 8), "not what its directory says"),
    "10^12 numbers": (header(FORM.format("'<f8'", "False", "(1000000000000,)")), "has other bytes than it declares"),
    "numbers whose count overflows": (
        header(FORM.format("'<f8'", "False", "(4294967296, 4294967296, 4294967296)")),
        "has other bytes than it declares",
    ),
    "a negative shape": (header(FORM.format("'<f8'", "False", "(-1,)")), "not of plain numbers"),
    "a shape of fractions": (header(FORM.format("'<f8'", "False", "(0.5,)")), "not of plain numbers"),
    "a shape of 200 dimensions": (header(FORM.format("'<f8'", "False", "(" + "1, " * 200 + "1)")), "not of plain numbers"),
    "a scalar": (archive(**{"bias.npy": npy(np.float64(0))}), "not of plain numbers"),
    "an object's type": (header(FORM.format("'|O'", "False", "(8,)")), "not of plain numbers"),
    "another order of bytes": (header(FORM.format("'>f8'", "False", "(8,)")), "not of plain numbers"),
    "a structured type": (header(FORM.format("[('a', '<f8')]", "False", "(8,)")), "not of plain numbers"),
    "an order by columns": (header(FORM.format("'<f8'", "True", "(8,)")), "not of plain numbers"),
    "code for a header": (header("__import__('pathlib').Path('ran').touch()\n"), "not of plain numbers"),
    "a header of brackets": (header("(" * 9000), "not of plain numbers"),
    "a header that does not end": (header("{'descr': '<f8'"), "not of plain numbers"),
    "a header longer than the file": (
        archive(**{"bias.npy": b"\x93NUMPY\1\0\xff\xff" + bytes(100)}), "not of plain numbers"
    ),
    "a header without its length": (archive(**{"bias.npy": b"\x93NUMPY\1\0"}), "not an archive of plain arrays"),
    "another format of numpy's": (archive(**{"bias.npy": b"\x93NUMPY\2\0" + bytes(100)}), "format 1.0"),
    "no numpy at all": (archive(**{"bias.npy": b"hello"}), "no array"),
    "a weight that is no number": (arrays(bias=np.full(4, np.nan)), "not a finite number"),
    "an infinite weight": (arrays(bias=np.full(4, -np.inf)), "not a finite number"),
    "a weight whose product overflows": (arrays(vector_factors=np.full(5, 3e38, np.float32)), "at most 10,000 in size"),
    "single precision for double": (arrays(bias=np.zeros(4, np.float32)), "bias must be float64"),
    "whole numbers": (arrays(ngrams=np.zeros((8, 4), np.int8)), "ngrams must be float32"),
    "a row too few": (arrays(ngrams=np.zeros((7, 4), np.float32)), r"shape \(8, 4\)"),
    "a column too many": (arrays(ngrams=np.zeros((8, 5), np.float32)), r"shape \(8, 4\)"),
    "turned round": (arrays(ngrams=np.zeros((4, 8), np.float32)), r"shape \(8, 4\)"),
    "vectors of 10^14 dimensions for no word": (arrays(vectors=np.zeros((0, 10**14), np.int8)), "vectors must be int8"),
    "an array too few": (arrays(bias=None), "does not hold the arrays of a model"),
    "an array too many": (arrays(surprise=np.zeros(1)), "does not hold the arrays of a model"),
    "half of attention": (arrays(gated_window=None), "does not hold the arrays of a model"),
    "attention of both kinds": (arrays(attention_bias=np.zeros(4)), "does not hold the arrays of a model"),
    "attention of no network": (arrays(gated_window=np.zeros((0, 3, 5, 5), np.float32)), "attention does not fit"),
    "attention of a state without end": (arrays(gated_window=np.zeros((0, 3, 10**9, 1), np.float32)), "attention does not fit"),
    "attention of no head": (arrays(gated_head_bias=np.zeros((2, 0), np.float32)), "attention does not fit"),
    "attention of half a head": (arrays(gated_head_bias=np.zeros((2, 12), np.float32)), "attention does not fit"),
    "attention of a million heads": (arrays(gated_head_bias=np.zeros((2, 8_000_000), np.float32)), "attention does not fit"),
    "attention of fewer heads": (arrays(gated_head_bias=np.zeros((2, 8), np.float32)), "gated_head_out must be"),
    "attention without columns": (arrays(gated_window=np.zeros((2, 3), np.float32)), "four dimensions"),
    "attention for other flags": (arrays(gated_flag_in=np.zeros((2, 99, 5), np.float32)), "gated_flag_in must be"),
    "attention for other pieces": (arrays(gated_pieces=np.zeros((2, 4, 5), np.int8)), "gated_pieces must be"),
    "attention of single pieces": (arrays(gated_pieces=np.zeros((2, 5, 5), np.float32)), "gated_pieces must be int8"),
    "overlap that nothing asks for": (arrays(overlap=np.zeros((1, 2), np.float32)), "no use for"),
}  # fmt: skip


def test_whole_weights_are_of_the_third_format(folder):
    config(format=2, clause_weight=0.0)(folder)
    resign(folder)
    refused(stance.load, folder, "must be float32 of shape")


FIRST_FORMAT = {
    "half of attention": (arrays(attention_word_in=None), "does not hold the arrays of a model"),
    "attention of no head": (arrays(attention_part_bias=np.zeros(4, np.float32)), "attention does not fit"),
    "attention of a million heads": (arrays(attention_part_bias=np.zeros(8_000_004, np.float32)), "attention does not fit"),
    "attention without columns": (arrays(attention_part_bias=np.zeros((20, 1), np.float32)), "one dimension"),
    "attention for other flags": (arrays(attention_flag_in=np.zeros((99, 2), np.float32)), "attention_flag_in must be"),
    "gates without pieces": (arrays(gated_bias=np.zeros(4)), "does not hold the arrays of a model"),
}  # fmt: skip


@pytest.mark.parametrize("name", FIRST_FORMAT)
def test_a_forged_archive_of_the_first_format_is_refused(tmp_path, name):
    write_tiny(tmp_path / "model", "first")
    change, message = FIRST_FORMAT[name]
    change(tmp_path / "model")
    resign(tmp_path / "model")
    refused(stance.load, tmp_path / "model", message)


@pytest.mark.parametrize("name", ARCHIVES)
def test_a_forged_archive_is_refused(folder, name):
    change, message = ARCHIVES[name]
    change(folder)
    resign(folder)
    refused(stance.load, folder, message)


@pytest.mark.parametrize(
    "name", [n for n, (change, _) in ARCHIVES.items() if change in (pickled, overlapping)] + ["nothing"]
)
def test_a_forged_archive_of_a_reader_is_refused(reader, name):
    change, message = ARCHIVES[name]
    change(reader)
    resign(reader)
    refused(read_reader, reader, message)


def test_arrays_come_back_as_they_were(tmp_path):
    given = {
        "bias": np.arange(3.0),
        "vectors": np.arange(-3, 3, dtype=np.int8).reshape(3, 2),
        "none": np.zeros((0, 4), np.float32),
        "turned": np.asfortranarray(np.arange(6, dtype=np.float32).reshape(2, 3)),
    }
    found = unpack_arrays(pack_arrays(given), tmp_path)
    assert sorted(found) == sorted(given)
    for name, array in found.items():
        assert array.dtype == given[name].dtype
        assert (array == given[name]).all()
        assert array.flags.aligned
        assert array.flags.owndata or array.base.flags.owndata


# text files


def lines(name, edit):
    def change(folder):
        path = folder / name
        path.write_bytes(edit(path.read_bytes()))

    return change


def replace_line(number, line):
    return lambda data: b"\n".join(
        line.encode() if i == number else x for i, x in enumerate(data.split(b"\n"))
    )


def term(text):
    return lines("lexicon.tsv", lambda data: data + f"truce\t{text}\t\n".encode())


TEXT_FILES = {
    "a feature twice": (lines("ngrams.txt", replace_line(0, NAMES["ngrams"][1])), "lists a feature twice"),
    "a word twice": (lines("vectors.txt", replace_line(0, NAMES["vectors"][1])), "lists a feature twice"),
    "a line too many": (lines("ngrams.txt", lambda d: d + b"x\n"), r"shape \(9, 4\)"),
    "a line too few": (lines("ngrams.txt", lambda d: d[d.index(b"\n") + 1 :]), r"shape \(7, 4\)"),
    "no newline at the end": (lines("ngrams.txt", lambda d: d + b"x"), "does not end with a newline"),
    "bytes that are no text": (lines("ngrams.txt", replace_line(0, "x")), None),
    "half a character": (lines("ngrams.txt", lambda d: b"\xed\xa0\x80" + d), "is not UTF-8"),
    "a cut character": (lines("vectors.txt", lambda d: d.replace(b"\n", b"\xd9\n", 1)), "is not UTF-8"),
    "three words in a pair": (lines("bigrams.txt", replace_line(0, "b=a b c")), "a pair of words"),
    "one word in a pair": (lines("bigrams.txt", replace_line(0, "b=a")), "a pair of words"),
    "a pair by another name": (lines("bigrams.txt", replace_line(0, "حذر الوزير")), "a pair of words"),
    "a class that the lexicon does not know": (lines("context.txt", replace_line(0, "cue=none")), "do not fit"),
    "one context in two spellings": (lines("context.txt", replace_line(1, "calling")), "do not fit"),
    "a card that is no text": (lines("README.md", lambda _: b"\xff"), "README.md is not UTF-8"),
    "a lexicon without a header": (lines("lexicon.tsv", lambda d: d[d.index(b"\n") + 1 :]), "the header must be"),
    "an empty lexicon": (lines("lexicon.tsv", lambda _: b"class\tterm\tnote\n"), "no terms found"),
    "a row of four columns": (term("هدنة\t\t"), "three filled columns"),
    "a verb without a stem": (term("دعا/ي"), "a verb is written"),
    "a class alone": (term("{truce}"), "any word of a class"),
    "an open bracket": (term("{truce كلمة"), "any word of a class"),
    "a class that is not there": (term("{none} كلمة"), "no class 'none'"),
    "a word of 5,000 letters": (term("ب" * 5000), "at most 128 letters"),
    "a term of seven words": (term("ب ت ث ج ح خ د"), "at most 6 words"),
    "a thousand classes": (
        lines("lexicon.tsv", lambda d: d + "".join(f"c{i}\tكلمة{i}\t\n" for i in range(1000)).encode()),
        "at most 255",
    ),
    "a hundred thousand classes": (
        lines("lexicon.tsv", lambda d: d + "".join(f"{i:x}\tب\t\n" for i in range(100_000)).encode()), "at most"
    ),
    "a thousand verbs of one form": (
        lines("lexicon.tsv", lambda d: d + "".join(f"truce\tدعا/ي{chr(0x628 + i % 20) * (i // 20 + 1)}\t\n" for i in range(1000)).encode()),
        "more than 64 words",
    ),
    "digests of other files": (lines("SHA256SUMS", lambda d: d.replace(b"ngrams.txt", b"../x.txt  ")), DIGESTS_STAY),
    "a digest twice": (lines("SHA256SUMS", lambda d: d + d.split(b"\n")[0] + b"\n"), DIGESTS_STAY),
    "line ends of another system in the digests": (lines("SHA256SUMS", lambda d: d.replace(b"\n", b"\r\n")), DIGESTS_STAY),
    "digests without an end": (lines("SHA256SUMS", lambda d: d[:-1]), DIGESTS_STAY),
    "digests of nothing": (lines("SHA256SUMS", lambda _: b""), DIGESTS_STAY),
}  # fmt: skip


@pytest.mark.parametrize("name", TEXT_FILES)
def test_a_forged_text_file_is_refused(folder, name):
    change, message = TEXT_FILES[name]
    change(folder)
    if message == DIGESTS_STAY:
        refused(stance.load, folder, "does not list the files of a model")
        return
    resign(folder)
    if message is None:  # it is an honest change: what is tested is that the others are not
        assert stance.load(folder).predict(TEXTS)
    else:
        refused(stance.load, folder, message)


READERS = {
    "a table of 10^12 values": (
        config(sizes={"speaker": [10**12]}), "does not declare the tables"
    ),
    "sizes that sum to 10^12": (config_text('"sizes"', '"sizes"'), None),
    "a negative size": (lambda f: sizes(f, -1), "does not declare the tables"),
    "a size that is true": (lambda f: sizes(f, True), "does not declare the tables"),
    "a size of 10^12": (lambda f: sizes(f, 10**12), "values are declared"),
    "a hundred thousand brackets": (CONFIGS["a hundred thousand brackets"][0], "is not JSON"),
    "a value twice in a table": (lines("values.txt", lambda d: replace_line(1, d.split(b"\n")[0].decode())(d)), "twice"),
    "a cluster that is no number": (lines("clusters.txt", lambda d: d + "قال أول\n".encode()), "a word and a number"),
    "a cluster of 5,000 digits": (lines("clusters.txt", lambda d: d + b"x " + b"9" * 5000 + b"\n"), "a word and a number"),
    "a word in two clusters": (lines("clusters.txt", lambda d: d + d), "a word and a number"),
    "weights of another type": (arrays(weights=np.zeros(3)), "weights must be float32"),
    "weights that are no numbers": (lambda f: weights(f, np.nan), "not a finite number"),
    "weights whose sum overflows": (lambda f: weights(f, 3e38), "at most 10,000 in size"),
    "no weights": (arrays(weights=None, x=np.zeros(3, np.float32)), "got nothing"),
    "a network that is a list": (config(network=[]), "does not declare the tables"),
    "a network of 10^9 dimensions": (lambda f: network(f, dimensions=10**9), "does not declare the tables"),
    "a network of other dimensions": (lambda f: network(f, dimensions=5), "network_values must be int8"),
    "a network of true dimensions": (lambda f: network(f, dimensions=True), "does not declare the tables"),
    "a network of unknown traits": (lambda f: network(f, traits={"x": 1}), "does not declare the tables"),
    "a network in the first format": (config(format=1), "does not declare the tables"),
    "no network where values are": (config(network=None), "values are declared"),
    "a network without arrays": (arrays(network_values=None), "got nothing"),
    "a network whose sum overflows": (
        arrays(network_value_steps=np.full(4, 3e38, np.float32)), "at most 10,000 in size"
    ),
    "a network that is no number": (arrays(network_speaker_out=np.full(4, np.nan, np.float32)), "not a finite number"),
    "a word without a vector": (lines("clusters.txt", lambda d: d + "هدنه 3\n".encode()), "network_vectors must be int8"),
}  # fmt: skip


def sizes(folder, size):
    """Let the first table of speakers have another size."""
    content = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    content["sizes"]["speaker"][0] = size
    (folder / "config.json").write_text(json.dumps(content), encoding="utf-8")


def network(folder, **changes):
    content = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    content["network"] |= changes
    (folder / "config.json").write_text(json.dumps(content), encoding="utf-8")


def weights(folder, value):
    with np.load(folder / "weights.npz") as old:
        changed = np.full_like(old["weights"], value)
    arrays(weights=changed)(folder)


@pytest.mark.parametrize("name", READERS)
def test_a_forged_reader_is_refused(reader, name):
    change, message = READERS[name]
    change(reader)
    resign(reader)
    if message is None:
        assert read_reader(reader).tables
    else:
        refused(read_reader, reader, message)


# what is no file of the folder


def in_place_of(name, make):
    def change(folder):
        (folder / name).unlink()
        make(folder / name)

    return change


def sparse(path):
    with path.open("wb") as file:
        file.truncate(10 << 30)


def pipe(path):
    os.mkfifo(path)


def device(path):
    try:
        os.mknod(path, stat.S_IFCHR | 0o600, os.makedev(1, 5))
    except PermissionError:
        pytest.skip("devices are made by root")


def outside(path):
    """Make a link to a good file outside the folder."""
    path.symlink_to(shutil.copy(path.parent / "README.md", path.parent.parent / "outside"))


PLACES = {
    "a link to a file outside": (outside, "is a link"),
    "a link into the folder": (lambda p: p.symlink_to("README.md"), "is a link"),
    "a link to nothing": (lambda p: p.symlink_to("nothing"), "is a link"),
    "a link to itself": (lambda p: p.symlink_to(p.name), "is a link"),
    "a link to the source of zeros": (lambda p: p.symlink_to("/dev/zero"), "is a link"),
    "a pipe": (pipe, "no plain file"),
    "a socket": (lambda p: os.mknod(p, stat.S_IFSOCK | 0o600), "no plain file"),
    "a device": (device, "no plain file"),
    "a folder": (lambda p: p.mkdir(), "no plain file"),
    "ten gigabytes of holes": (sparse, "at most"),
}


@pytest.mark.skipif(os.name == "nt", reason="links, pipes and devices of POSIX")
@pytest.mark.parametrize("file", ["config.json", "SHA256SUMS", "weights.npz", "ngrams.txt"])
@pytest.mark.parametrize("name", PLACES)
def test_what_is_no_plain_file_is_not_opened(folder, name, file):
    make, message = PLACES[name]
    in_place_of(file, make)(folder)
    refused(stance.load, folder, message)


def test_no_folder_at_all(tmp_path):
    (tmp_path / "file").write_text("x")
    for path in ("nowhere", "file", "x" * 5000, "a\0b", "file/x"):
        with pytest.raises(ModelNotFoundError, match="check the path") as caught:
            stance.load(tmp_path / path)
        assert len(str(caught.value)) < 700


@pytest.mark.skipif(os.open not in os.supports_dir_fd, reason="folders cannot be held open here")
def test_a_folder_put_in_place_meanwhile_is_not_mixed_in(folder, tmp_path, monkeypatch):
    write_tiny(tmp_path / "other", seed=1)
    before = stance.load(folder).predict_proba(TEXTS)
    real = ModelFolder.read_all

    def swap_first(self, names):
        if (tmp_path / "other").exists():
            folder.rename(tmp_path / "old")
            (tmp_path / "other").rename(folder)
        return real(self, names)

    monkeypatch.setattr(ModelFolder, "read_all", swap_first)
    opened = read_model.__wrapped__(folder)  # without its second look, which would find the other one
    assert (Predictor(opened).predict_proba(TEXTS) == before).all()
    assert (stance.load(folder).predict_proba(TEXTS) != before).any()


def test_a_configuration_changed_meanwhile_is_not_used(folder, monkeypatch):
    real = ModelFolder.read_all

    def change_first(self, names):
        config(temperature=100.0)(folder)
        return real(self, names)

    monkeypatch.setattr(ModelFolder, "read_all", change_first)
    assert stance.load(folder).config.temperature == 1.2


@pytest.mark.skipif(not hasattr(os, "O_NOFOLLOW"), reason="links can be followed by opening here")
def test_a_link_put_in_place_meanwhile_is_not_followed(folder, monkeypatch):
    in_place_of("ngrams.txt", outside)(folder)
    monkeypatch.setattr(model_files, "_check_plain", lambda _state, _path: None)
    refused(stance.load, folder, r"ngrams\.txt cannot be read")


def test_a_file_that_grows_meanwhile_is_refused(folder, monkeypatch):
    class Shorter:
        def __init__(self, state):
            self.st_mode, self.st_size = state.st_mode, state.st_size - 1

    real = os.fstat
    monkeypatch.setattr(model_files.os, "fstat", lambda handle: Shorter(real(handle)))
    refused(stance.load, folder, "changed while it was read")


def test_labels_in_another_order_differ_from_their_digest(folder):
    config(stances=["warning", "supportive"])(folder)
    refused(stance.load, folder, "differs from its digest")


# limits


LIMITED = """
import json, resource, sys, time
import stance
from stance.errors import ModelError
from stance.statements import read_reader, write_reader
load = read_reader if sys.argv[2] == "reader" else stance.load
load(sys.argv[3]) if sys.argv[2] == "reader" else load(sys.argv[3]).predict(["دعا"])
used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + int(sys.argv[4]), -1))
start = time.perf_counter()
try:
    load(sys.argv[1])
except ModelError as error:
    print(json.dumps([type(error).__name__, str(error), time.perf_counter() - start]))
"""


def load_limited(path, good, kind="model", room=32 << 20):
    """Load a folder in a process that may use so much more memory than a good one took."""
    command = [sys.executable, "-c", LIMITED, str(path), kind, str(good), str(room)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return json.loads(done.stdout)


@LINUX
@pytest.mark.parametrize(
    "change",
    [
        ARCHIVES["10^12 numbers"][0],
        ARCHIVES["overlapping members"][0],
        ARCHIVES["a bomb of zeros"][0],
        ARCHIVES["members by the million"][0],
        CONFIGS["a hundred thousand brackets"][0],
        CONFIGS["a million labels"][0],
        TEXT_FILES["a thousand classes"][0],
        in_place_of("ngrams.txt", sparse),
        lines("ngrams.txt", lambda _: b"\n" * (1 << 20)),
    ],
)
def test_a_small_folder_that_declares_much_is_refused_at_once(folder, tmp_path, change):
    write_tiny(tmp_path / "good")
    change(folder)
    if all(p.stat().st_size < 1 << 30 for p in folder.iterdir()):
        resign(folder)
    error, _, seconds = load_limited(folder, tmp_path / "good")
    assert error == "ModelIntegrityError"
    assert seconds < 1


@LINUX
def test_a_small_reader_that_declares_much_is_refused_at_once(reader, tmp_path):
    write_tiny_reader(tmp_path / "good")
    sizes(reader, 10**12)
    resign(reader)
    error, _, seconds = load_limited(reader, tmp_path / "good", "reader")
    assert error == "ModelIntegrityError"
    assert seconds < 1


@LINUX
def test_a_model_that_wants_more_memory_than_there_is_says_so(tmp_path):
    write_tiny(tmp_path / "good")
    n = 200_000
    write_tiny(tmp_path / "large")
    (tmp_path / "large" / "vectors.txt").write_bytes(b"".join(b"%d\n" % i for i in range(n)))
    arrays(vectors=np.zeros((n, 4), np.int8), vector_factors=np.zeros(n, np.float32))(tmp_path / "large")
    resign(tmp_path / "large")
    assert stance.load(tmp_path / "large").predict(TEXTS)
    error, message, _ = load_limited(tmp_path / "large", tmp_path / "good", room=4 << 20)
    assert error == "ModelIntegrityError"
    assert "wants more memory than there is" in message


def test_the_largest_weights_give_probabilities(folder):
    with np.load(folder / "weights.npz") as old:
        largest = {k: np.where(v < 0, -127 if v.dtype == np.int8 else -1e4, 127 if v.dtype == np.int8 else 1e4).astype(v.dtype) for k, v in old.items()}  # fmt: skip
    arrays(**largest)(folder)
    config(temperature=1e-6, calibration=[[1e6, -1e6]] * 2, thresholds=[-1e6, 1e6])(folder)
    resign(folder)
    model = stance.load(folder)
    assert np.isfinite(model.predict_proba(TEXTS)).all()
    assert np.isfinite(model.predict_sentiment_proba(TEXTS)).all()
    assert all(np.isfinite(list(w.shares.values())).all() for w in model.explain(TEXTS[0]).words)


def test_what_could_not_be_read_is_not_written(tmp_path):
    with pytest.raises(DataError, match="at most 1048576 can be read"):
        write_files({"config.json": b" " * (1 << 20) + b"{}"}, tmp_path / "new")
    assert not list(tmp_path.iterdir())


def test_a_model_that_would_be_refused_is_not_written(folder, reader, tmp_path):
    model = read_model(folder)
    large = replace(model.weights, bias=model.weights.bias + 1e6)
    for changed in (replace(model, weights=large), replace(model, config=replace(model.config, name="a\nb"))):
        with pytest.raises(DataError, match="not written, as it would be refused"):
            write_model(changed, tmp_path / "new")
    found = read_reader(reader)
    with pytest.raises(DataError, match="not written, as it would be refused"):
        write_reader(replace(found, clusters={"x": "y"}), tmp_path / "new")
    assert not (tmp_path / "new").exists()


# the command line


@pytest.mark.parametrize(
    "attack",
    [
        ARCHIVES["a pickle"],
        ARCHIVES["members squeezed by lzma"],
        CONFIGS["an integer of 5,000 digits"],
        TEXT_FILES["a verb without a stem"],
    ],
)
@pytest.mark.parametrize("command", ["explain", "label", "read"])
def test_commands_say_one_sentence(folder, tmp_path, capsys, attack, command):
    attack[0](folder)
    resign(folder)
    (tmp_path / "rows.jsonl").write_text('{"text": "دعا"}\n', encoding="utf-8")
    argument = TEXTS[0] if command == "explain" else str(tmp_path / "rows.jsonl")
    output = ["-o", str(tmp_path / "out.csv")] if command == "label" else []
    assert call(main, [command, argument, "--model", str(folder), *output]) == 1
    out, err = capsys.readouterr()
    assert not out
    assert err.startswith("stance: ")
    assert err.count("\n") == 1
    assert not (tmp_path / "out.csv").exists()


# the compiled kernel, which trusts nothing that a model could have made


def scoring_arguments(folder):
    return stance.load(folder)._scorer._sums._arguments


@pytest.mark.skipif(KERNEL is None, reason="the kernel is not built")
@pytest.mark.parametrize("number", range(11))
def test_the_kernel_refuses_arrays_that_do_not_fit(folder, number):
    given, *rest = scoring_arguments(folder)
    array = given[number]
    others = [
        array.reshape(()) if array.size == 1 else array[..., None],
        array.astype(np.complex128),
        array[:0],
    ]
    if len(array) > 1:
        others.append(array[::2])
    for other in others:
        changed = (*given[:number], other, *given[number + 1 :])
        with pytest.raises((ValueError, TypeError, BufferError)):
            KERNEL.Scoring(changed, *rest)


@pytest.mark.skipif(KERNEL is None, reason="the kernel is not built")
@pytest.mark.parametrize(
    ("argument", "value"),
    [
        (1, 0),
        (1, -1),
        (1, 5),
        (2, -1),
        (2, 10**6),
        (3, 0),
        (3, 33),
        (4, 0),
        (5, -1),
        (6, -4),
        (6, 1),
        (6, 21),
    ],
)
def test_the_kernel_refuses_numbers_that_do_not_fit(folder, argument, value):
    given = list(scoring_arguments(folder))
    given[argument] = value
    with pytest.raises(ValueError, match="do not fit"):
        KERNEL.Scoring(*given)


@pytest.mark.skipif(KERNEL is None, reason="the kernel is not built")
def test_the_kernel_survives_whatever_stands_in_its_arrays(folder):
    model = stance.load(folder)
    scorer = model._scorer
    ids, lengths = scorer._table.number(TEXTS)
    model.predict(TEXTS)
    columns = [np.array(c) for c in scorer._sums._columns(scorer._table)]
    given, *rest = scoring_arguments(folder)
    random = np.random.default_rng(0)
    values = [-(2**63), -(2**31), -2, -1, 0, 1, 2, 7, 1000, 2**15, 2**31 - 1, 2**62, 2**63 - 1]
    survived = refused_ones = 0
    for _ in range(2000):
        fixed, held = [np.array(a) for a in given], [np.array(c) for c in columns]
        for array in random.choice(len(fixed) + len(held), 2).tolist():
            chosen = (fixed + held)[array]
            if chosen.size and chosen.dtype.kind in "iub":
                at = random.integers(chosen.size, size=random.integers(1, 4))
                chosen.flat[at] = np.array(random.choice(values), np.int64).astype(chosen.dtype)
        numbers = ids.copy()
        numbers[random.integers(len(ids))] = np.array(random.choice(values)).astype(np.int32)
        try:
            scoring = KERNEL.Scoring(tuple(fixed), *rest)
            scoring.add_flags(np.arange(len(columns[-1])).tobytes())
            scoring.scores(
                (numbers if random.random() < 0.2 else ids).tobytes(), lengths.tobytes(), tuple(held)
            )
            survived += 1
        except ValueError:
            refused_ones += 1
    assert survived > 200
    assert refused_ones > 200


@pytest.mark.skipif(KERNEL is None, reason="the kernel is not built")
def test_the_matcher_survives_whatever_stands_in_its_arrays():
    random = np.random.default_rng(0)
    words = ["دعا", "ودعا", "بالهدنة", "", "د", "دعاهم"]
    values = [-(2**31), -1, 0, 1, 2, 3, 4, 2**31 - 1]
    survived = refused_ones = 0
    for _ in range(2000):
        starts, codes, exact_starts = (random.choice(values, n).astype(np.int32) for n in (4, 6, 3))
        if random.random() < 0.5:
            starts, exact_starts = np.array([0, 2, 4, 6], np.int32), np.array([0, 3, 6], np.int32)
        try:
            matcher = KERNEL.Matcher(
                ["دعا", "هدنه", ""], starts, codes, ["لم", "د"], exact_starts, codes, ["", "و", "بال"],
                random.choice(values, 3).astype(np.int32), ["هم", ""], 1,
            )  # fmt: skip
            matcher.match(words)
            survived += 1
        except ValueError:
            refused_ones += 1
    assert survived > 200
    assert refused_ones > 200


@pytest.mark.skipif(KERNEL is None, reason="the kernel is not built")
def test_the_ngrams_refuse_weights_and_lengths_that_do_not_fit():
    ngrams = KERNEL.Ngrams(["w=دعا", "c=_د", "", "\ud800", "\0"], 1)
    weights = np.ones((5, 2), np.float32)
    assert np.frombuffer(
        ngrams.sums(["دعا", "\0\ud800", ""], 1, b"\xff\xff\xff", b"\0\0\0", weights)
    ).tolist()
    for arguments in (
        (["دعا"], 0, b"\1", b"\0", weights),
        (["دعا"], -1, b"\1", b"\0", weights),
        (["دعا"], 1, b"", b"\0", weights),
        (["دعا"], 1, b"\1", b"\1", weights),
        (["دعا"], 1, b"\1", b"\0", weights[:4]),
        (["دعا"], 1, b"\1", b"\0", weights[0]),
        (["دعا"], 1, b"\1", b"\0", weights.astype(np.float64)),
        (["دعا"], 1, b"\1", b"\0", weights.T),
        (["دعا"], 1, b"\1", b"\0", weights.astype(">f4")),
        (["دعا"], 1, b"\1", b"\0", np.float32(1)),
        ([1], 1, b"\1", b"\0", weights),
    ):
        with pytest.raises((ValueError, TypeError, BufferError)):
            ngrams.sums(*arguments)


@pytest.mark.skipif(KERNEL is None, reason="the kernel is not built")
def test_products_refuse_shapes_that_do_not_fit():
    for left, right in (
        (np.ones((2, 3)), np.ones((2, 3))),
        (np.ones(3), np.ones((3, 1))),
        (np.float64(1), np.ones((1, 1))),
    ):
        with pytest.raises((ValueError, TypeError)):
            KERNEL.product(left, right)
    assert KERNEL.product(np.ones((2, 0)), np.ones((0, 3))) == bytes(48)
