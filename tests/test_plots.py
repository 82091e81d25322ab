"""Plots: what is drawn, in Arabic too, and where it is written; learning curves and top cues behind them."""

import builtins
import re
import warnings

import numpy as np
import pytest
from test_commands import run

from stance.cli import train as train_command
from stance.contributions import top_cues
from stance.errors import DataError
from stance.evaluation import measure
from stance.evaluation.drawing import draw_confusion, wrapped
from stance.evaluation.plots import CurvePoint, Judged, TopCues, check_plots, draw, save_plots
from stance.explain import Explanation, Feature, WordShare
from stance.labels import OWN_LABELS
from stance.learning import learning_curve
from stance.predictor import Predictor
from stance.settings import TrainingConfig

matplotlib = pytest.importorskip("matplotlib")
NAMES = ("supportive", "تحذير", "calling_for_ceasefire")
SENTIMENTS = ("negative", "positive")
CUES = {name: TopCues([("هدنه", 0.5), ("حذر", 0.25)], [("calling > truce (near)", 0.3)], 7) for name in NAMES}


@pytest.fixture(scope="module")
def judged():
    random = np.random.default_rng(3)
    p = random.random((200, 3))
    truth = (random.random((200, 3)) < p).astype(np.int64)
    true, found = ([SENTIMENTS[i] for i in random.integers(0, 2, 200)] for _ in range(2))
    return Judged(truth, (p >= 0.5).astype(np.int64), p, (true, found), (NAMES, SENTIMENTS))


@pytest.fixture(scope="module")
def curve(judged):
    report = measure(judged.truth, judged.held, judged.probabilities, *judged.sentiments, judged.labels)
    return [CurvePoint(n, report, report.stance_macro_f1) for n in (10, 20, 40)]


def plain(text):
    """Return a text without the signs that enclose names."""
    return re.sub("[\u2066-\u2069]", "", text)


def texts_of(figure):
    return [plain(t.get_text()) for t in figure.findobj(matplotlib.text.Text)]


def test_what_is_drawn(judged, curve):
    figures = draw(judged, CUES, curve, "micro-f1")
    assert list(figures) == ["reliability", "precision-recall", "confusion", "cues", "learning-curve"]
    assert any("تحذير" in t and "ECE" in t for t in texts_of(figures["reliability"]))
    assert any("تحذير" in t and "AP" in t for t in texts_of(figures["precision-recall"]))
    assert {"none", "calling\nfor\nceasefire", "negative"} <= set(texts_of(figures["confusion"]))
    assert {"هدنه", "calling > truce (near)"} <= set(texts_of(figures["cues"]))
    assert {"micro-f1", "10", "40"} <= set(texts_of(figures["learning-curve"]))
    dots = [tuple(line.get_xydata()[0]) for line in figures["precision-recall"].axes[0].lines[1::2]]
    report = curve[0].report
    assert np.allclose(dots, [(s.recall, s.precision) for s in report.stances])


TOPICS = (
    "السياسة الداخلية والخارجية",
    "العلاقات الدولية والدبلوماسية",
    "الرياضة والشباب",
    "الاقتصاد والمال",
    "الثقافة والفنون",
)
LONG = "سلسلة طويلة من الكلمات التي تصف موضوعا واحدا في الأخبار العربية المعاصرة كلها"
MANY = tuple(f"{(LONG, 'economics_and_international_trade', 'W' * 20)[i % 3]} {i}" for i in range(40))
LABELS = {
    "own": OWN_LABELS,
    "middling, one holds": ((), TOPICS),
    "middling, several may": (TOPICS, ()),
    "long": ((), (LONG, "رياضة", "اقتصاد")),
    "long words": (("x" * 80, "W" * 80), ()),
    "wide words": ((), ("W" * 12, "M" * 12, "WWWWWWWW WWWWWWWW", "a", "b")),
    "short": ((), ("أ", "ب")),
    "mixed": ((), ("Politics", "international relations & diplomacy", "sports_and_youth", "العلوم 2026")),
    "of two kinds": (MANY[:12], TOPICS),
    "many": (MANY, ()),
    "many, one holds": ((), MANY),
}


def judged_at_random(several, one):
    random = np.random.default_rng(3)
    places = random.integers(0, max(len(one), 1), 200)
    true, found = places, np.where(random.random(200) < 0.7, places, np.roll(places, 1))
    if several:
        p = random.random((200, len(several)))
        truth, held = (random.random(p.shape) < p).astype(np.int64), (p >= 0.5).astype(np.int64)
    else:
        truth, held = np.eye(len(one), dtype=np.int64)[true], np.eye(len(one), dtype=np.int64)[found]
        p = 0.2 + 0.5 * held + 0.2 * random.random(held.shape)
    sentiments = tuple([one[i] for i in part] if one else [""] * 200 for part in (true, found))
    return Judged(truth, held, p, sentiments, (several, one))


def drawn(labels):
    """Draw all plots of `labels`; cues are those of eight labels at most, to save time."""
    judged = judged_at_random(*labels)
    p = judged.probabilities[:, : len(labels[0])]
    truth, held = (part[:, : len(labels[0])] for part in (judged.truth, judged.held))
    report = measure(truth, held, p, *judged.sentiments, labels)
    cues = {
        n: TopCues([("هدنه", 0.5)] * 10, [("calling > truce (near)", 0.3)], 1234) for n in judged.names[:7]
    }
    cues[judged.names[-1]] = TopCues([("ا" * 100, 0.5)], [], 0)
    return draw(judged, cues, [CurvePoint(n, report, 0.5) for n in (10, 20, 40, 80)])


def extents_of(figure):
    """Return what is written, cells apart from figures in them, with left, bottom, right and top of each."""
    figure.draw_without_rendering()
    found = []
    for axes in figure.axes:
        found += [axes.title, axes.xaxis.label, axes.yaxis.label, *axes.texts]
        found += axes.get_legend().texts if axes.get_legend() else []
        for axis in (axes.xaxis, axes.yaxis) if axes.axison else ():
            low, high = sorted(axis.get_view_interval())
            found += [t.label1 for t in axis.get_major_ticks() if low <= t.get_loc() <= high]
    found = [text for text in found if text.get_text()]
    return [t.get_text() for t in found], np.array([t.get_window_extent().extents for t in found])


@pytest.mark.parametrize("labels", LABELS.values(), ids=LABELS)
def test_whatever_labels_are_called_all_is_there_to_read(labels):
    touching = np.array([0.5, 0.5, -0.5, -0.5])  # so much is no overlap
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figures = drawn(labels)
        for name, figure in figures.items():
            texts, extents = extents_of(figure)
            inside = (extents[:, :2] >= 0) & (extents[:, 2:] <= figure.bbox.max)
            assert not [texts[i] for i in np.flatnonzero(~inside.all(axis=1))], name
            for i, (left, bottom, right, top) in enumerate(extents + touching):
                others = extents[i + 1 :]
                apart = (others[:, 2] < left) | (others[:, 0] > right)
                apart |= (others[:, 3] < bottom) | (others[:, 1] > top)
                assert not [(texts[i], texts[i + 1 + j]) for j in np.flatnonzero(~apart)], name
            assert min(min(axes.bbox.size) for axes in figure.axes) > 2 * figure.dpi, name
            assert max(figure.get_size_inches()) < 50, name


def test_plots_of_our_own_labels_have_their_sizes():
    sizes = {name: figure.get_size_inches().round(6).tolist() for name, figure in drawn(OWN_LABELS).items()}
    assert sizes == {
        "reliability": [5.4, 5.0],
        "precision-recall": [5.4, 5.0],
        "confusion": [9.2, 4.6],
        "cues": [9.6, 9.6],
        "learning-curve": [6.4, 4.6],
    }


@pytest.mark.parametrize(
    ("labels", "titles"),
    [
        (OWN_LABELS, ["confusion of stances", "confusion of sentiments"]),
        (((), TOPICS), ["confusion of labels"]),
        ((TOPICS, ()), ["confusion of labels"]),
        (
            (TOPICS, SENTIMENTS),
            ["confusion of labels\nof which several may hold", "confusion of labels\nof which one holds"],
        ),
    ],
)
def test_labels_of_ones_own_are_no_stances(labels, titles):
    axes = draw(judged_at_random(*labels), {"a": TopCues([], [], 0)})["confusion"].axes
    assert [a.get_title() for a in axes] == titles


def test_of_many_labels_those_with_most_rows_are_told_apart():
    figures = drawn((MANY, ()))
    most = np.argsort(-judged_at_random(MANY, ()).truth.sum(axis=0), kind="stable")[:12]
    for name in ("reliability", "precision-recall", "learning-curve"):
        [axes] = figures[name].axes
        entries = [plain(t.get_text()) for t in axes.get_legend().texts]
        assert "28 more, with fewer rows" in entries, name
        numbers = {int(m[1]) for e in entries if (m := re.search(r" (\d+)(?: \(|$)", e))}
        assert numbers == set(most.tolist()), name


def test_names_are_wrapped_and_shortened_at_words():
    assert [plain(wrapped(NAMES[2], n, 3)) for n in (12, 24)] == ["calling\nfor\nceasefire", NAMES[2]]
    short = wrapped(f"{LONG} {LONG} 12", 20, 3)
    assert all(len(line) <= 20 for line in plain(short).split("\n"))
    assert plain(short).startswith("سلسلة طويلة من\nالكلمات")
    assert plain(short).endswith("المعاصرة كلها 12")
    assert plain(short).count("…") == 1
    assert plain(wrapped("x" * 100, 48, 1)) == "x" * 48 + "…"


def test_lines_of_a_name_run_as_the_name_does():
    for name, start in (("أخبار شركة Google", "\u2067"), ("the company غوغل", "\u2066"), ("12", "\u2066")):
        assert {line[0] for line in wrapped(name, 11, 3).split("\n")} == {start}


def test_dollars_begin_no_formula(judged):
    names = ("$x_1^$", "_a", "US$")
    figures = draw(
        judged._replace(labels=(names, SENTIMENTS)), {n: TopCues([(n, 1.0)], [], 1) for n in names}
    )
    for figure in figures.values():
        figure.draw_without_rendering()
    assert len(figures["reliability"].axes[0].get_legend().texts) == 3


def luminance(colour):
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in colour[:3]]
    return sum(weight * v for weight, v in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_labels_differ_by_more_than_colour(judged, curve):
    for name, figure in draw(judged, CUES, curve).items():
        drawn = [line for axes in figure.axes for line in axes.lines if not line.get_label().startswith("_")]
        assert len({(line.get_linestyle(), line.get_marker()) for line in drawn}) == len(drawn), name


@pytest.mark.parametrize("share", range(0, 101, 4))
def test_figures_stand_out_from_their_cells(share):
    axes = pytest.importorskip("matplotlib.figure").Figure().subplots()
    draw_confusion(axes, np.array([[share, 100 - share], [0, 1]]), ["a", "b"], "labels")
    letters, cell = matplotlib.colors.to_rgb(axes.texts[0].get_color()), axes.images[0].to_rgba(share / 100)
    dark, light = sorted([luminance(letters), luminance(cell)])
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_one_kind_of_labels_and_no_curve(judged):
    sentiments = np.array([[s == name for name in SENTIMENTS] for s in judged.sentiments[0]], np.int64)
    own = Judged(sentiments, sentiments, sentiments * 0.9, judged.sentiments, ((), SENTIMENTS))
    figures = draw(own, {name: TopCues([], [], 0) for name in SENTIMENTS})
    assert list(figures) == ["reliability", "precision-recall", "confusion", "cues"]
    assert len(figures["confusion"].axes) == 1
    assert texts_of(figures["cues"]).count("none") == 4


def test_a_label_without_rows_has_no_curve(judged):
    truth = judged.truth.copy()
    truth[:, 1] = 0
    [axes] = draw(judged._replace(truth=truth), CUES)["precision-recall"].axes
    assert not any("تحذير" in str(line.get_label()) for line in axes.lines)


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_plots_are_the_same_every_time(judged, tmp_path, ending):
    for folder in ("a", "b"):
        check_plots(tmp_path / folder)
        figures = draw(judged, CUES)
        written = save_plots({n: figures[n] for n in ("cues", "confusion")}, tmp_path / folder, ending)
    assert [p.name for p in written] == [f"cues.{ending}", f"confusion.{ending}"]
    for name in ("cues", "confusion"):
        first = (tmp_path / "a" / f"{name}.{ending}").read_bytes()
        assert len(first) > 5000
        assert first == (tmp_path / "b" / f"{name}.{ending}").read_bytes()
    assert len(list((tmp_path / "a").iterdir())) == 2


def test_arabic_is_joined_and_runs_from_right_to_left():
    """The ink of two letters joined is no wider than of each apart, and the first letter is on the right."""

    def ink(text):
        figure = matplotlib.figure.Figure(figsize=(2, 1), dpi=100)
        figure.text(0.1, 0.4, text, fontsize=30)
        canvas = matplotlib.backends.backend_agg.FigureCanvasAgg(figure)
        canvas.draw()
        return np.flatnonzero((np.asarray(canvas.buffer_rgba())[..., 0] < 128).any(axis=0))

    import matplotlib.backends.backend_agg
    import matplotlib.figure

    joined, apart = ink("سبب"), ink("س\u200cب\u200cب")
    assert np.ptp(joined) < np.ptp(apart)
    assert (np.diff(joined) == 1).all()  # no gap inside the word
    assert not (np.diff(apart) == 1).all()
    first, both = ink("ا"), ink("اسس")  # a narrow letter, then two wide ones that join on
    assert both.max() - first.max() > 30  # the narrow one, which is read first, has moved to the right


def test_an_unknown_sign_is_no_warning(judged, tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        smiling = judged._replace(labels=(("\U0001f600", "a", "b"), SENTIMENTS))
        save_plots(draw(smiling, {"\U0001f600": TopCues([("\U0001f600", 1.0)], [], 1)}), tmp_path)


def test_without_matplotlib_or_with_an_old_one(tmp_path, monkeypatch):
    monkeypatch.setattr(matplotlib, "__version__", "3.10.1")
    with pytest.raises(DataError, match=r"joins Arabic letters, got 3\.10\.1"):
        check_plots(tmp_path / "a")
    real = builtins.__import__

    def without(name, *rest, **more):
        if name.startswith("matplotlib"):
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(DataError, match=r"pip install 'stance\[plots\]'"):
        check_plots(tmp_path / "a")
    assert not (tmp_path / "a").exists()


def test_where_no_file_can_be(judged, tmp_path):
    with pytest.raises(DataError, match="cannot be written"):
        save_plots(draw(judged, CUES), tmp_path / "no")


def test_top_cues_are_means_over_the_rows_in_which_a_label_was_found():
    def explained(words, feature):
        shares = [WordShare(w, 0, 1, {"a": x, "b": -x}) for w, x in words]
        return Explanation(
            "", ("a", "b"), tuple(shares), (Feature(feature, 0, 1, {"a": 1.0, "b": 2.0}),), {}, {}, {}
        )

    explanations = [
        explained([("هُدنة", 2.0), ("،", 9.0)], "cue=calling>support_verb|near"),
        explained([("هدنة", 1.0), ("حذر", -1.0)], "cue=danger"),
        explained([("حذر", -5.0)], "bigram"),
    ]
    found = top_cues(iter(explanations), np.array([[1, 0], [1, 0], [0, 1]]), ("a", "b"))
    assert found["a"] == TopCues(
        [("هدنه", 1.5)], [("calling > support verb (near)", 0.5), ("danger", 0.5)], 2
    )
    assert found["b"] == TopCues([("حذر", 5.0)], [], 1)
    assert top_cues([], np.zeros((0, 1), np.int64), ("a",)) == {"a": TopCues([], [], 0)}


def test_top_cues_of_a_model(trained, some_rows):
    model = Predictor(trained.model)
    texts = [r.text for r in some_rows]
    found = top_cues(map(model.explain, texts), model.decide(texts).held, model.stances, n=5)
    assert list(found) == list(model.stances)
    assert all(len(top.words) == 5 and top.n_rows for top in found.values())
    assert any(cue.startswith("warning") for cue, _ in found["warning"].cues)


def test_learning_curve_grows_on_the_same_rows(some_rows):
    said = []
    config = TrainingConfig(ngram_range=(3, 3), min_df=3)
    points = learning_curve(
        some_rows, shares=(0.005, 0.25, 1.0), config=config, folds=2, labels=OWN_LABELS, progress=said.append
    )
    documents = len({r.group for r in some_rows})
    assert [p.documents for p in points] == [pytest.approx(documents / n, abs=1) for n in (8, 2)]
    assert {p.report.n_rows for p in points} == {len(some_rows)}
    assert points[0].metric < points[1].metric
    assert any("0.5% of the documents: left out, as" in line for line in said)


def test_training_draws_all_of_them(capsys, labelled_file, tmp_path):
    settings = tmp_path / "fast.toml"
    settings.write_text("ngram_range = [3, 3]\nmin_df = 3\n")
    options = ("-o", tmp_path / "m", "--config", settings, "--folds", 2, "--plots", tmp_path / "plots")
    code, out, err = run(
        capsys, labelled_file, *options, "--plots-format", "svg", "-v", command=train_command
    )
    assert code == 0
    assert "cross-validated macro-f1" in out
    assert "learning curve, 50.0% of the documents" in err
    names = {p.name for p in (tmp_path / "plots").iterdir()}
    assert names == {
        f"{n}.svg" for n in ("confusion", "cues", "learning-curve", "precision-recall", "reliability")
    }
