"""Mutants of model folders: what a disk, a careless hand or an attacker makes of a good one.

A mutation takes a random generator and the files by name, and changes the files in place.  Some work on
bytes, some know the format: fields of the configuration, headers of arrays, members of the archive, lines
of names; some keep a folder valid, so that what comes after loading is reached as well.
"""

import io
import json
import struct
import warnings
import zipfile
import zlib
from contextlib import suppress
from pathlib import Path

import numpy as np
from model_folders import sums_of

from stance.model.archive import pack_arrays, unpack_arrays

VALUES = [
    None, True, False, 0, -1, 1, 2, 17, 10**6, 10**12, 2**31, 2**63, 10**30, 0.5, -0.0, 1e-320, 1e-6, 1e308, -1e308,
    float("nan"), float("inf"), "", "x", "1", "warning", "x" * 10_000, "\ud800", "\x1b[31m", "a\nb", "\x00", "\u202e",
    [], {}, [[]], [1, 2], [5, 2], {"a": 1}, "camel", "../../etc/passwd", ["الماء"], "reporting",
]  # fmt: skip
WORDS = [
    "", " ", "\t", "\r", "\x00", "\ufeff", "\u2028", "\ufdfa", "=", "/", "{", "}", "{}", "{truce}", "{none}", "a/b",
    "دعا/ي", "ب/ي", "=لا", "ي", "ء", "ه", "b=", "b= ", "cue=", "cue=truce", "truce", "cue=a>b|near", "|", ">", "#", "#x",
    "<void>", "<none>", "0", "w=", "c=", "a" * 5000, "هدنة", "1", " 1", "x 99999999999", "x ١", "\ud7ff", "\U0010ffff",
    "truce\t{halting} وقف\t", "class\tterm\tnote", "new\tكلمة\t", "a>b\tكلمة\t", "a|b\tكلمة\t", "a\t{a}\t", "a\t=\t",
    "x/y\t{x/y}\t", "negation\t=لم =لن\t",
]  # fmt: skip
BYTES = [
    b"\x00",
    b"\xff",
    b"\n",
    b"\r\n",
    b"\xc3",
    b"\xed\xa0\x80",
    b"PK\x05\x06",
    b"\x80\x04",
    b"{",
    b"NaN",
    b"-1",
    b"9" * 20,
]
DTYPES = [
    "<f8",
    "<f4",
    ">f4",
    "|i1",
    "<i8",
    "|O",
    "|V9",
    "<U7",
    "<f2",
    "<c8",
    "<M8[ns]",
    "|S0",
    "[('a', '<f4')]",
]
SHAPES = ["(10**12,)", "(1000000000000,)", "(-1,)", "()", "(0,)", "(2, 0)", "(999999999999999, 999999999999999)", "(1.5,)", "(True, 6)", "(8L, 6)", "((8,), 6)", "(0, 999999999999999)", "(8 , 4)"]  # fmt: skip


def choose(random, items):
    return items[random.integers(len(items))]


def some_file(random, files, ending=""):
    return choose(random, sorted(n for n in files if n.endswith(ending)))


def change_bytes(random, files):
    """Flip, truncate, grow, swap, cut, repeat or overwrite bytes."""
    name = some_file(random, files)
    data = files[name]
    at, end = sorted(random.integers(0, len(data) + 1, 2).tolist())
    number = struct.pack("<I", choose(random, [0, 1, 2**31, 2**32 - 1, len(data), 10**6]))
    changed = [
        flipped(random, data),
        data[:at],
        data + random.bytes(random.integers(1, 200)),
        files[some_file(random, files)],
        data[:at] + data[end:],
        data[:end] + data[at:end] * int(random.integers(1, 4)) + data[end:],
        data[:at] + bytes(end - at) + data[end:],
        data[:at] + choose(random, BYTES) + data[at:],
        data[:at] + number + data[at + 4 :],
        b"",
    ]
    files[name] = choose(random, changed)


def flipped(random, data):
    changed = bytearray(data)
    for place in random.integers(0, max(len(data), 1), random.integers(1, 5)).tolist():
        if data:
            changed[place] ^= 1 << random.integers(8)
    return bytes(changed)


def lose_file(random, files):
    del files[some_file(random, files)]


def swap_files(random, files):
    a, b = some_file(random, files), some_file(random, files)
    files[a], files[b] = files[b], files[a]


def change_config(random, files):
    """Change fields of the configuration, however deep; sometimes as no JSON writer would."""
    config = json.loads(files["config.json"])
    for _ in range(random.integers(1, 3)):
        _change_value(random, config)
    text = json.dumps(config, ensure_ascii=bool(random.integers(2)))
    match random.integers(12):
        case 0:
            text = text.replace("{", '{"format": 1, ', 1)
        case 1:
            text = text.replace("1", "1" + "0" * int(choose(random, [10, 400, 5000])), 1)
        case 2:
            depth = int(choose(random, [8, 14, 900, 100_000]))
            text = text.replace("{", '{"training": ' + "[" * depth + "]" * depth + ", ", 1)
        case 3:
            text = "\ufeff" + text
    files["config.json"] = text.encode("utf-8", "surrogatepass")


def _change_value(random, config):
    places = [(config, key) for key in config] if isinstance(config, dict) else []
    for holder, key in places:  # grows meanwhile
        inner = holder[key]
        if isinstance(inner, dict):
            places += [(inner, k) for k in inner]
        elif isinstance(inner, list):
            places += [(inner, i) for i in range(min(len(inner), 8))]
    if not places:
        return
    top = [p for p in places if p[0] is config]
    holder, key = choose(random, top if random.integers(2) else places)
    match random.integers(6):
        case 0 | 1 | 2:
            holder[key] = choose(random, VALUES)
        case 3 if isinstance(holder, dict):
            holder[choose(random, ["x", key + "x", "kind", "name", "analyzer", "paired"])] = holder.pop(key)
        case 4 if isinstance(holder[key], list):
            holder[key] = holder[key] * int(choose(random, [0, 2, 40])) + holder[key][:1]
        case 5 if isinstance(holder[key], (int, float)):
            holder[key] = holder[key] * choose(random, [-1, 1e3, 1e6, 1e12, 1e300]) + choose(random, [0, 1])
        case _:
            other, place = choose(random, places)
            holder[key] = (
                json.loads(json.dumps(other[place])) if place in other or isinstance(other, list) else 0
            )


def arrays_of(files):
    return unpack_arrays(files["weights.npz"], Path("weights.npz"))  # numpy would take what a header declares


def change_arrays(random, files):
    """Change values, shapes and types of arrays, or which there are; the archive itself stays sound."""
    arrays = arrays_of(files)
    name = choose(random, sorted(arrays))
    array = arrays[name]
    match random.integers(8):
        case 0 | 1 | 2 if array.size:
            values = [np.nan, np.inf, -np.inf, 1e30, 3e38, 1e4, -1e4, 10_001, 0, 1e-45, -127]
            array.flat[random.integers(array.size)] = np.float64(choose(random, values)).astype(array.dtype)
        case 3:
            with np.errstate(all="ignore"):
                arrays[name] = (array * choose(random, [0, -1, 100, 1e4, 1e30])).astype(array.dtype)
        case 4:
            arrays[name] = array[: len(array) // 2] if array.ndim else array
        case 5:
            arrays[name] = array.astype(choose(random, ["f8", "f4", "i1", "i8", "f2", "?"]))
        case 6:
            arrays[name] = array.reshape(choose(random, [(-1,), (1, -1), (-1, 1), (1, 1, -1)]))
        case _:
            arrays[choose(random, ["x", "overlap", "attention_bias", "gated_bias", *sorted(arrays)])] = (
                arrays.pop(name)
            )
    files["weights.npz"] = pack_arrays(arrays)


def change_header(random, files):
    """Lie in the header of an array."""
    data = files["weights.npz"]
    starts = [i for i in range(len(data) - 8) if data[i : i + 6] == b"\x93NUMPY"]
    at = choose(random, starts)
    header = bytearray(data[at:])
    (n,) = struct.unpack_from("<H", header, 8)
    text = bytes(header[10 : 10 + n]).decode("latin-1")
    before, _, rest = text.partition("'shape': ")
    match random.integers(7):
        case 0 | 1:
            text = before + "'shape': " + choose(random, SHAPES) + ", }"
        case 2 | 3:
            old = text.split("'")[3]
            text = text.replace(f"'{old}'", repr(choose(random, DTYPES)), 1)
        case 4:
            text = text.replace("False", "True")
        case 5:
            text = choose(
                random, ["(" * 200, "{'a': __import__('os').getpid()}", "{}", "[" * 9000, rest, "1" * 500]
            )
        case 6:
            header[6 + random.integers(4)] ^= 1 << random.integers(8)
    body = text.encode("latin-1")
    if len(body) <= n:
        header[10 : 10 + n] = body.ljust(n - 1) + (b"\n" if len(body) < n else b"")
        files["weights.npz"] = data[:at] + bytes(header)
    else:
        files["weights.npz"] = data[:at] + header[:8] + struct.pack("<H", len(body)) + body + header[10 + n :]


def change_archive(random, files):
    """Rebuild the archive with what zip allows and no model has."""
    arrays = arrays_of(files)
    methods = [
        zipfile.ZIP_STORED,
        zipfile.ZIP_STORED,
        zipfile.ZIP_DEFLATED,
        zipfile.ZIP_BZIP2,
        zipfile.ZIP_LZMA,
    ]
    names = [
        "../weights.npy",
        "/etc/passwd",
        "weights.npy",
        "a/b.npy",
        "bias.npy",
        "x.pkl",
        "\\..\\x.npy",
        "é.npy",
        "",
        "a" * 300,
    ]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", choose(random, methods)) as archive:
        for name in sorted(arrays):
            content = io.BytesIO()
            np.lib.format.write_array(content, arrays[name])
            entry = zipfile.ZipInfo(choose(random, names) if random.random() < 0.05 else f"{name}.npy")
            entry.compress_type = choose(random, methods) if random.random() < 0.1 else archive.compression
            entry.external_attr = 0o120777 << 16 if random.random() < 0.1 else 0
            if name not in {n.filename[:-4] for n in archive.filelist}:
                archive.writestr(entry, content.getvalue())
        if random.random() < 0.2:
            archive.writestr(zipfile.ZipInfo(f"{len(arrays)}.npy"), bytes(10))
        if random.random() < 0.1:
            archive.comment = b"a comment"
    data = bytearray(buffer.getvalue())
    central = [i for i in range(len(data) - 46) if data[i : i + 4] in (b"PK\1\2", b"PK\3\4", b"PK\5\6")]
    if random.integers(2) and central:  # a field of a header or of the directory
        at = choose(random, central) + int(random.integers(4, 46))
        data[at : at + 4] = struct.pack(
            "<I", choose(random, [0, 1, 8, 2**31, 2**32 - 1, 99, len(data), 10**6])
        )
    files["weights.npz"] = bytes(data)


def bomb(random, files):
    """Put much into few bytes."""
    n = 10**5
    squeezed = zlib.compress(bytes(n))
    name = some_file(random, files)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for key in ("weights", "bias", "ngrams"):
            archive.writestr(f"{key}.npy", bytes(n))
    files[name] = choose(random, [squeezed, buffer.getvalue(), b"[" * n, b"\n" * n, b" " * n])


def change_lines(random, files):
    """Drop, double, move, replace or change lines of a text file."""
    name = some_file(random, {n: 0 for n in files if n.endswith((".txt", ".tsv", "SUMS"))} or files)
    lines = files[name].decode("utf-8", "surrogateescape").split("\n")
    for _ in range(random.integers(1, 3)):
        i, j = random.integers(0, len(lines), 2).tolist()
        match random.integers(6):
            case 0:
                lines[i : i + 1] = []
            case 1:
                lines.insert(j, lines[i])
            case 2:
                lines[i], lines[j] = lines[j], lines[i]
            case 3:
                lines[i] = choose(random, WORDS)
            case 4:
                at = random.integers(0, len(lines[i]) + 1)
                lines[i] = lines[i][:at] + choose(random, WORDS) + lines[i][at + random.integers(2) :]
            case 5:
                lines.insert(i, choose(random, WORDS))
        lines = lines or [""]
    files[name] = "\n".join(lines).encode("utf-8", "surrogateescape")


def drop_feature(random, files):
    """Take a name and its row of weights out: the folder stays valid."""
    blocks = [n for n in ("ngrams", "bigrams", "context") if f"{n}.txt" in files]
    if not blocks:  # of a reader
        return
    arrays, block = arrays_of(files), choose(random, blocks)
    lines = files[f"{block}.txt"].split(b"\n")[:-1]
    at = int(random.integers(len(lines)))
    arrays[block] = np.delete(arrays[block], at, axis=0)
    del lines[at]
    files[f"{block}.txt"] = b"".join(line + b"\n" for line in lines)
    files["weights.npz"] = pack_arrays(arrays)


def add_term(random, files):
    """Add a term to the lexicon, made of pieces of terms: often a valid one."""
    pieces = [
        "دعا",
        "هدنة",
        "=لم",
        "دعا/يدعو",
        "{truce}",
        "{halting}",
        "هُدنة",
        "قال/يقول",
        "إلى",
        "الوزير",
        "وقف",
        "في",
        "ء/يا",
    ]
    name = choose(random, ["truce", "calling", "refusal", "unreal", "negation", "denial"])
    term = " ".join(choose(random, pieces) for _ in range(random.integers(1, 8)))
    files["lexicon.tsv"] = files.get("lexicon.tsv", b"") + f"{name}\t{term}\t\n".encode()


def scale_weights(random, files):
    """Make weights as large as they may be, or as small, or none: the folder stays valid."""
    arrays = arrays_of(files)
    for name in sorted(arrays):
        if random.random() < 0.5:
            factor = choose(random, [0, 1, -1, 1e-30, 1e4])
            with np.errstate(all="ignore"):
                arrays[name] = np.clip(arrays[name] * np.float64(factor) * 9, -1e4, 1e4).astype(
                    arrays[name].dtype
                )
    files["weights.npz"] = pack_arrays(arrays)


def rename(random, files):
    """Write other words in place of names, or change their order: often the folder stays valid."""
    name = choose(
        random, [n for n in ("ngrams.txt", "bigrams.txt", "vectors.txt", "values.txt") if n in files]
    )
    lines = files[name].decode().split("\n")[:-1]
    at = int(random.integers(len(lines)))
    word = choose(
        random,
        ["هدنة", "دعا", "الوزير", "\u200c", "\U0001f600", "\x00", "x" * 1000, "c=", "w=#", "<void>", "0"],
    )
    lines[at] = f"b={word} {word}" if name == "bigrams.txt" else word
    files[name] = "".join(line + "\n" for line in lines).encode()


def tune(random, files):
    """Change numbers of the configuration within what is allowed."""
    config = json.loads(files["config.json"])
    for key in (
        "thresholds",
        "calibration",
        "offsets",
        "temperature",
        "ngram_range",
        "length_norm",
        "clause_weight",
        "sizes",
    ):
        if key not in config or random.random() < 0.5:
            continue
        number = choose(random, [0.0, 1.0, -1.0, 1e6, -1e6, 1e-6])
        match key:
            case "thresholds":
                config[key] = [number] * len(config[key])
            case "calibration" | "offsets":
                config[key] = [[number] * len(row) for row in config[key]]
            case "temperature":
                config[key] = abs(number) or 1
            case "ngram_range":
                config[key] = sorted(random.integers(1, 17, 2).tolist())
            case "clause_weight":
                config[key] = abs(number) if abs(number) <= 1 else 1.0
            case "length_norm":
                config[key] = not config[key]
            case "sizes":  # of a reader: one value moves to the next table
                config[key]["speaker"][0] -= 1
                config[key]["speaker"][1] += 1
    files["config.json"] = json.dumps(config).encode()


MUTATIONS = [
    change_bytes, change_bytes, change_config, change_config, change_arrays, change_arrays, change_header, change_archive,
    change_lines, change_lines, drop_feature, add_term, lose_file, swap_files, bomb, add_term, drop_feature, scale_weights,
    scale_weights, rename, rename, tune, tune,
]  # fmt: skip


def mutant(files, seed, number):
    """Return the files of a mutant, and whether its digests were made anew.

    Parameters
    ----------
    files : dict of str to bytes
    seed, number : int
        The same numbers give the same mutant.
    """
    random = np.random.default_rng([seed, number])
    changed = dict(files)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of zipfile, which is asked for what it would not do
        choose(random, MUTATIONS)(random, changed)
        for _ in range(choose(random, [0, 0, 0, 1, 2])):
            with suppress(Exception):  # a mutation need not fit what the first one left
                choose(random, MUTATIONS)(random, changed)
    signed = random.random() < 0.75 and "SHA256SUMS" in changed
    if signed:
        changed["SHA256SUMS"] = sums_of(changed)
    return changed, signed
