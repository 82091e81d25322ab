"""Tiny model folders, and how their digests are made anew: for the tests that attack them."""

from hashlib import sha256

import numpy as np

from stance.features.attention import AttentionWeights
from stance.features.gated import GatedWeights
from stance.features.overlap import overlap_names
from stance.features.scopes import SCOPES
from stance.features.weights import WEIGHT_STEP, ModelWeights
from stance.lexicon import Cue, Lexicon
from stance.model import FORMAT, Model, ModelConfig, write_model
from stance.statements import ReaderModel, write_reader
from stance.statements.model import BLOCKS
from stance.statements.network import NetworkWeights, shapes_of

LEXICON = Lexicon(
    [
        Cue("calling", "دعا/يدعو", ""),
        Cue("halting", "وقف", ""),
        Cue("negation", "=لم", ""),
        Cue("reporting", "قال/يقول", ""),
        Cue("truce", "هدنة", ""),
        Cue("truce", "{halting} إطلاق نار", ""),
        Cue("warning", "حذر/يحذر", ""),
    ]
)
NAMES = {
    "ngrams": ["c=_دعا", "c=حذ", "c=دن", "c=ذر", "c=نه_", "w=حذر", "w=دعا", "w=هدنه"],
    "bigrams": ["b=الي وقف", "b=حذر الوزير", "b=لم يدع"],
    "context": ["cue=calling", "cue=calling>truce|near", "cue=truce|early", "cue=warning|negated"],
    "vectors": ["الوزير", "حذر", "دعا", "كارثه", "هدنه"],
    "pieces": ["b2=دع", "b3=حذر", "e2=نه", "e3=دعا", "w=هدنه"],
}
TEXTS = [
    "دعا الوزير إلى وقف إطلاق النار وهدنة.",
    "لم يحذر «المتحدث» من كارثة، وقال: لم يدع إلى هدنة",
    "",
    "… ٣٫٥٪ #وقف_إطلاق_النار https://example.com",
]


def write_tiny(path, kind="plain", seed=0):
    """Write a stance model of a few features: plain, of format 1, with closed targets (of format 2), or targets that are texts."""
    random = np.random.default_rng(seed)
    stances, sentiments = ("supportive", "warning"), ("negative", "positive")
    paired, targets = kind not in ("plain", "first"), ("الماء", "النقل") if kind == "targets" else ()
    config = ModelConfig(
        stances, sentiments, (0.4, 0.5), ((1.0, -0.5), (0.8, 0.1)), 1.2, (2, 4), kind == "texts", "",
        ((0.1, 0.0),) * max(len(targets), 1), paired, targets, f"tiny {kind}", {"stance": "1"}, {"rows": {"n": 3}}, {"f1": 0.5},
        clause_weight=0.5 if kind == "plain" else 0.0, format={"first": 1, "targets": 2}.get(kind, FORMAT),
    )  # fmt: skip
    n = config.n_outputs

    def some(*shape, dtype=np.float32):
        return random.normal(size=shape).astype(dtype)

    def features(*shape):
        drawn = some(*shape)
        return (np.rint(drawn / WEIGHT_STEP) * WEIGHT_STEP).astype(np.float32) if kind == "plain" else drawn

    attention = gated = None
    if kind == "plain":
        networks, state, heads, labels = 2, 5, 2, len(LEXICON.classes)
        gated = GatedWeights(
            random.integers(-9, 9, (networks, len(NAMES["pieces"]), state)).astype(np.int8), some(networks) / 9,
            some(networks, 4, state) / 9, some(networks, labels + 2, state), some(networks, 3, state, state),
            some(networks, state), some(networks, state, 2 * heads * n), some(networks, 2 * heads * n),
            some(networks, state, n), some(n, dtype=np.float64),
        )  # fmt: skip
    if kind == "first":
        heads, hidden, flag_hidden = 2, 3, 2
        parts = (2 * heads + 1) * n
        attention = AttentionWeights(
            some(4, hidden), some(hidden), some(hidden, parts), some(len(LEXICON.classes) + 2, flag_hidden),
            some(flag_hidden), some(flag_hidden, parts), some(parts), some(n, dtype=np.float64),
        )  # fmt: skip
    weights = ModelWeights(
        names=NAMES,
        weights={block: features(len(NAMES[block]), n) for block in ("ngrams", "bigrams", "context")},
        vectors=random.integers(-9, 9, (len(NAMES["vectors"]), 4)).astype(np.int8),
        vector_factors=some(len(NAMES["vectors"])),
        vector_weights=some(len(SCOPES), 4, n),
        bias=some(n, dtype=np.float64),
        ngram_range=config.ngram_range,
        attention=attention,
        gated=gated,
        length_norm=config.length_norm,
        clause_weight=config.clause_weight,
        n_clause_outputs=len(stances),
        overlap=some(len(overlap_names(LEXICON)), n // 2) if kind == "texts" else None,
    )
    write_model(Model(config, weights, LEXICON, "# tiny\n"), path)


def write_tiny_reader(path, seed=0):
    """Write a reader of a few values."""
    random = np.random.default_rng(seed)
    values = ["", "1", "<S>", "دعا", "قال", "الوزير", "reporting", "|", "0", "v"]

    def table():
        chosen = random.choice(len(values), 3, replace=False)
        return {values[i]: float(np.float32(random.normal())) for i in sorted(chosen)}

    tables = {block: tuple(table() for _ in range(n)) for block, n in BLOCKS.items()}
    clusters = {"الوزير": "2", "دعا": "1"}
    write_reader(
        ReaderModel(tables, LEXICON, clusters, {"rows": {"n": 3}}, "# tiny\n", tiny_network(random)), path
    )


def tiny_network(random):
    """Make a network of four dimensions."""
    traits = [("kind", "word"), ("side", "none"), ("sort", "1"), ("word", "دعا")]
    arrays = {
        name: random.integers(-127, 128, shape).astype(np.int8)
        if dtype is np.int8
        else random.normal(size=shape).astype(np.float32)
        for name, (dtype, shape) in shapes_of(len(traits), 2, 4).items()
    }
    return NetworkWeights.of({trait: k for k, trait in enumerate(traits)}, arrays)


def sums_of(files):
    """Return the content of SHA256SUMS."""
    return "".join(
        f"{sha256(files[n]).hexdigest()}  {n}\n" for n in sorted(files) if n != "SHA256SUMS"
    ).encode()


def resign(folder):
    """Write the digests anew, as an attacker would."""
    files = {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file()}
    (folder / "SHA256SUMS").write_bytes(sums_of(files))
