"""The project's own statements: labels, spread, and no sentence twice."""

import json
import re
from collections import Counter, defaultdict

import pytest

from stance.labels import SENTIMENTS, STANCES
from stance.statements.quotes import quotations
from stance.statements.segment import segment
from stance.text import words

TURNS = {
    "negation", "refusal", "truce_report", "asking_help", "writer_assertion",
    "condemnation", "conditional", "hope", "own_offer",
}  # fmt: skip
REGISTERS = {"agency", "headline", "communique", "interview", "dialect"}


def read_folder(folder):
    return [
        {**json.loads(line), "file": path.stem}
        for path in sorted(folder.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]


def rows_of(folder):
    """A fixture of the rows of a folder of the material."""

    @pytest.fixture(scope="module")
    def read(root):
        return read_folder(root / "training" / folder)

    return read


rows, idioms, attributions, articles, contrasts, acts = map(
    rows_of, ("statements", "idioms", "attributions", "articles", "pairs", "acts")
)


@pytest.fixture(scope="module")
def pairs(rows):
    groups = defaultdict(list)
    for r in rows:
        if "turn" in r:
            groups[r["id"].split(":")[0]].append(r)
    return groups


def test_there_is_enough_of_everything(rows, pairs):
    assert len(rows) >= 1500
    counts = Counter(s for r in rows for s in r["stances"])
    assert all(counts[s] >= 300 for s in STANCES)
    assert sum(not r["stances"] for r in rows) >= 300
    assert len(pairs) >= 300
    turns = Counter(p[0]["turn"] for p in pairs.values())
    assert set(turns) == TURNS
    assert min(turns.values()) >= 20


def test_labels_are_valid(rows, idioms, attributions, articles, contrasts, acts):
    every = rows + idioms + attributions + articles + contrasts + acts
    assert len({r["id"] for r in every}) == len(every)
    for r in every:
        assert set(r["stances"]) <= set(STANCES), r["id"]
        assert r["sentiment"] in SENTIMENTS, r["id"]
        if r["file"].split("-")[0] not in ("articles", "pairs", "acts"):
            assert r["register"] in REGISTERS, r["id"]
            assert re.fullmatch(r"(19|20)\d0s", r["decade"]), r["id"]
            assert r["id"].split("-")[0] == r["file"], r["id"]
        for span in ("speaker", "recipient"):
            assert r[span] in ("", "~") or r[span] in r["text"], r["id"]
        assert r["speaker"] or not r["stances"], f"{r['id']}: a stance wants somebody who takes it"


def test_pairs_change_the_label(pairs):
    for name, pair in pairs.items():
        assert len(pair) == 2, name
        assert pair[0]["turn"] == pair[1]["turn"], name
        assert set(pair[0]["stances"]) != set(pair[1]["stances"]), name


def test_spread(rows):
    lengths = [len(r["text"].split()) for r in rows]
    assert min(lengths) >= 8
    assert max(lengths) <= 60
    assert sum(n <= 14 for n in lengths) >= 0.15 * len(rows)
    assert sum(n >= 30 for n in lengths) >= 0.15 * len(rows)
    for field, least in (("register", 0.04), ("file", 0.08)):
        counts = Counter(r[field] for r in rows)
        assert min(counts.values()) >= least * len(rows), counts
    assert len(Counter(r["decade"] for r in rows)) == 6
    first = Counter(words(r["text"])[0].norm for r in rows)
    assert first.most_common(1)[0][1] <= 0.08 * len(rows), first.most_common(3)


def test_no_duplicates_and_no_near_duplicates(rows, idioms, attributions, articles, contrasts, acts, root):
    """Two statements of different pairs share less than half of their runs of three words."""
    held_out = [r for r in read_folder(root / "tests" / "traps") if r["file"] != "spelling"]  # copies
    read = read_folder(root / "examples") + read_folder(root / "benchmarks" / "articles")
    examples = [{**r, "id": f"example-{i}"} for i, r in enumerate(read)]
    every = rows + idioms + attributions + articles + contrasts + acts + held_out + examples
    runs_of = []
    owners = defaultdict(list)
    for i, r in enumerate(every):
        norms = [w.norm for w in words(r["text"])]
        runs = {tuple(norms[k : k + 3]) for k in range(len(norms) - 2)}
        runs_of.append(runs)
        shared = Counter(j for run in runs for j in owners[run])
        for j, n in shared.items():
            if every[j]["id"].split(":")[0] != r["id"].split(":")[0]:
                assert n < 0.5 * min(len(runs), len(runs_of[j])), (every[j]["id"], r["id"])
        for run in runs:
            owners[run].append(i)


def test_idioms_come_in_groups_that_hold_the_act_and_what_is_none(idioms):
    assert len(idioms) >= 13_000
    groups = defaultdict(list)
    for r in idioms:
        groups[r["id"].split(":")[0]].append(r)
    alone = [name for name, group in groups.items() if len(group) == 1]
    assert len(alone) <= 0.1 * len(groups), alone
    one_way = [name for name, g in groups.items() if len({tuple(r["stances"]) for r in g}) == 1]
    assert len(one_way) <= 0.1 * len(groups), one_way
    counts = Counter(s for r in idioms for s in r["stances"])
    assert all(counts[s] >= 2200 for s in STANCES), counts
    assert sum(not r["stances"] for r in idioms) >= 0.35 * len(idioms)


def test_contrasts_come_in_groups_that_hold_more_than_one_label(contrasts):
    assert len(contrasts) >= 7600
    groups = defaultdict(list)
    for r in contrasts:
        groups[r["id"].split(":")[0]].append(r)
        assert r["id"].startswith(r["file"] + "-"), r["id"]
        assert not r["recipient"] or r["stances"], r["id"]
    one_way = [name for name, g in groups.items() if len({tuple(r["stances"]) for r in g}) == 1]
    assert len(one_way) <= 0.01 * len(groups), one_way
    without = [name for name, g in groups.items() if all(r["stances"] for r in g)]
    assert len(without) <= 0.05 * len(groups), without
    counts = Counter(s for r in contrasts for s in r["stances"])
    assert all(counts[s] >= 800 for s in STANCES), counts


def test_acts_hold_every_stance_and_none_in_every_length(acts):
    assert len(acts) >= 5900
    for r in acts:
        assert r["id"].startswith(r["file"] + "-"), r["id"]
        assert not r["recipient"] or r["stances"], r["id"]
    counts = Counter(s for r in acts for s in r["stances"])
    assert all(counts[s] >= 800 for s in STANCES), counts
    assert 0.35 <= sum(not r["stances"] for r in acts) / len(acts) <= 0.5
    lengths = [len(r["text"].split()) for r in acts]
    assert sum(n < 15 for n in lengths) >= 0.1 * len(acts)
    assert sum(n >= 35 for n in lengths) >= 0.15 * len(acts)
    first = Counter(words(r["text"])[0].norm for r in acts)
    assert first.most_common(1)[0][1] <= 0.06 * len(acts), first.most_common(3)


def test_annotations_hold_no_text_and_no_sentence_twice(root):
    paths = sorted((root / "training" / "annotations").glob("*.jsonl"))
    lines = [line for path in paths for line in path.read_text(encoding="utf-8").splitlines()]
    assert len({json.loads(line)["sha256"] for line in lines}) == len(lines)
    for line in lines:
        row = json.loads(line)
        assert set(row) == {"id", "corpus", "sha256", "stances", "sentiment"}
        assert re.fullmatch(r"[0-9a-f]{64}", row["sha256"])
        assert line.isascii()


def test_attributions_name_many_sorts_of_speakers_and_recipients(attributions):
    assert len(attributions) >= 3000
    assert sum(r["speaker"] == "~" for r in attributions) >= 250
    assert sum(not r["speaker"] for r in attributions) >= 250
    assert sum(bool(r["recipient"]) for r in attributions) >= 1800
    far = [
        r for r in attributions if r["recipient"] and r["speaker"] not in ("", "~")
        and r["text"].find(r["recipient"]) < r["text"].find(r["speaker"])
    ]  # fmt: skip
    assert len(far) >= 100


def test_articles_say_where_quotations_go_on(articles):
    groups = defaultdict(list)
    for r in articles:
        name, _, place = r["id"].partition(":")
        groups[name].append(r)
        assert int(place) >= len(groups[name]) - 1, r[
            "id"
        ]  # in order; near-duplicates of others were left out
        assert not r["recipient"] or r["stances"], r["id"]
    assert len(groups) >= 576
    assert len(articles) >= 8100
    assert min(map(len, groups.values())) >= 4
    for group in groups.values():
        text = ""
        for r in group:
            place = len(text) + 1
            text += f" {r['text']}"
            whole = group[-1]["id"].endswith(f":{len(group) - 1}")
            if r.get("continues") and whole:  # where paragraphs ended is not kept, so only this way round
                quotes = quotations(text)
                assert any(q.start < place < q.end for q in quotes), r["id"]
    assert sum(r.get("continues", False) for r in articles) >= 120
    assert 0.4 <= sum(bool(r["stances"]) for r in articles) / len(articles) <= 0.55


@pytest.mark.parametrize("folder", ["examples", "benchmarks/articles"])
def test_own_articles_have_a_gold_row_for_every_statement(root, folder):
    paths = sorted((root / folder).glob("*.jsonl"))
    assert len(paths) >= 10
    for path in paths:
        gold = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        text = path.with_suffix(".txt").read_text(encoding="utf-8")
        assert 8 <= len(gold) - 1 <= 20  # sentences; the first piece is the title
        assert [row["text"] for row in gold] == [text[s.start : s.end] for s in segment(text)]
        for row in gold:
            assert set(row["stances"]) <= set(STANCES)
            assert row["sentiment"] in SENTIMENTS
            assert row["speaker"] in ("", "~") or row["speaker"] in row["text"]
            assert row["recipient"] in row["text"]
            assert bool(row["speaker"]) == bool(row["kind"]), row
            assert row["speaker"] or not row["stances"], row
            assert row["stances"] or not row["recipient"], row


def number(text):
    return int(text.replace(",", ""))


def test_pages_count_the_material_right(root):
    page = (root / "docs" / "training.md").read_text(encoding="utf-8")
    told = re.findall(r"^`training/(\w+)/` holds ([\d,]+) (?:whole articles, ([\d,]+) )?", page, re.MULTILINE)
    counts = {name: (number(first), number(second or first)) for name, first, second in told}
    assert set(counts) == {"acts", "articles", "attributions", "headlines", "idioms", "pairs"}
    for folder, (first, rows) in counts.items():
        found = read_folder(root / "training" / folder)
        assert len(found) == rows, folder
        if first != rows:
            assert len({r["id"].split(":")[0] for r in found}) == first, folder
    for folder in ("acts", "pairs"):
        groups = {r["id"].split(":")[0] for r in read_folder(root / "training" / folder)}
        assert (
            f"`training/{folder}/` holds {counts[folder][0]:,} statements in {len(groups):,} groups" in page
        )


def test_pages_count_names_and_annotations_right(root):
    page = (root / "docs" / "reading.md").read_text(encoding="utf-8")
    tables = [root / "src" / "stance" / "actors" / f"{name}.tsv" for name in ("actors", "offices")]
    names, offices = (len(path.read_text(encoding="utf-8").splitlines()) - 1 for path in tables)
    assert f"{names:,} names of countries" in page
    assert f"and {offices:,} offices" in page
    spans = sum(
        len(p.read_text(encoding="utf-8").splitlines()) for p in (root / "training" / "spans").glob("*.jsonl")
    )
    for text in (page, (root / "docs" / "training.md").read_text(encoding="utf-8")):
        assert f"{spans:,}" in text
