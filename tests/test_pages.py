"""Pages: everything escaped, nothing loaded, directions kept apart, sums that add up."""

import base64
import hashlib
import re
import subprocess
import sys
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import any_texts
from test_commands import fails, run

import stance
from stance.pages import date_of, report
from stance.pages.charts import periods, timeline
from stance.pages.looks import looks
from stance.pages.markup import mixed, plain, resource
from stance.pages.shares import rounded
from stance.predictions import Prediction

STORY = "حذرت ألمانيا إيران من إغلاق المضيق في 2026-03-01.\nورحبت NATO بموقف برلين بنسبة 12.5.\nوهطل المطر."
BAD = "\"'><script>alert(1)</script><img src=x onerror=y>&\x00\ud800\u202e"
VOID = {"meta", "input", "br"}


class Reader(HTMLParser):
    """Collects tags, attributes and the text of scripts and styles, and holds tags to be closed."""

    def __init__(self):
        super().__init__()
        self.tags, self.open, self.raw, self.text, self.cells = [], [], {}, [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] in {"script", "style"}:
            self.raw.setdefault(self.open[-1], []).append(data)
        else:
            self.text.append(data)


def parsed(page):
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert not reader.open
    return reader


def check_safe(page):
    """What holds for every page and fragment, whatever is in it."""
    page.encode()
    found = parsed(page)
    assert len(found.raw.get("script", [])) <= 1
    for tag, attributes in found.tags:
        assert tag not in {"img", "link", "iframe", "object", "base", "form"}
        for name, value in attributes.items():
            assert not name.startswith("on")
            assert name not in {"style", "src", "action"}
            assert name not in {"href", "xlink:href"} or value.startswith("#")
    for style in found.raw.get("style", []):
        assert "@import" not in style
        assert not re.search(r"url\((?!#)", style)
    return found


@pytest.fixture(scope="module")
def article(model):
    return stance.read(STORY, model)


def spoiled(article, bad=BAD):
    """The same article with the text of every field replaced."""
    probabilities = {bad: 0.9, "warning": 0.8, "b": 0.1}
    labels = Prediction(frozenset({bad, "warning"}), bad, probabilities, bad, {bad: 0.9, "c": 0.1})
    fields = ("speaker", "speaker_resolved", "recipient", "kind")
    statement = replace(
        article[0], prediction=labels, text=bad, start=0, end=len(bad), **dict.fromkeys(fields, bad)
    )
    actor = article[0].speaker_actor._replace(name=bad, country=bad, role=bad)
    statement = replace(statement, speaker_span=(0, 2), recipient_span=(1, 3), speaker_actor=actor)
    return stance.Article(bad, (statement, replace(statement, speaker_actor=None, kind=None)))


class Model:
    """Explains anything by one word."""

    def explain(self, text):
        labels = {BAD: 0.9, "warning": 0.8, "b": 0.1, "c": 0.1}
        word = stance.explain.WordShare(text, 0, len(text), dict.fromkeys(labels, 1.0))
        bias = dict.fromkeys(labels, 0.25)
        sums = dict.fromkeys(labels, 1.25)
        return stance.Explanation(text, tuple(labels), (word,), (), bias, sums, labels)


def test_every_field_is_escaped(article):
    bad = spoiled(article)
    check_safe(report([(BAD, bad), ("2026-03-01", bad)], Model(), {BAD: date(2026, 3, 1)}, BAD))
    check_safe(bad.to_html(name=BAD))
    check_safe(bad._repr_html_())
    check_safe(bad[0].prediction._repr_html_())
    check_safe(Model().explain(BAD)._repr_html_())


@given(any_texts | st.text(st.sampled_from("<>&\"'/=`- \n\x00\ud800\u2028ab")), st.text(max_size=20))
@settings(max_examples=15, deadline=None)
def test_any_text_is_escaped(text, title):
    article = stance.read(STORY)
    page = report([(title, spoiled(article, text or "x")), (text, stance.read(text))])
    names = [tag for tag, _ in check_safe(page).tags]
    assert names.count("article") == 2
    assert "".join(parsed(mixed(text)).text) == re.sub(
        "[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]", "\ufffd", text
    )


def test_policy_names_the_digests_of_style_and_script(article, model):
    page = report([("a", article)], model)
    found = check_safe(page)
    policy = next(a["content"] for tag, a in found.tags if a.get("http-equiv") == "Content-Security-Policy")
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules.keys() == {"default-src", "style-src", "script-src", "base-uri", "form-action"}
    for kind in ("style", "script"):
        [text] = found.raw[kind]
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert rules[f"{kind}-src"] == f"'sha256-{digest}'"
    assert {rules["default-src"], rules["base-uri"], rules["form-action"]} == {"'none'"}
    assert "//" not in re.sub(r"//.*\n", "", "".join(found.raw["script"]))
    assert page.count("://") == 0


def test_ids_are_unique_and_links_lead_somewhere(article, model):
    found = check_safe(report([("2026-03-01", article), ("2026-03-02", article)], model))
    ids = [a["id"] for _, a in found.tags if "id" in a]
    assert len(ids) == len(set(ids))
    for _, attributes in found.tags:
        if "href" in attributes:
            assert attributes["href"][1:] in ids
        for name in ("data-card", "aria-labelledby"):
            assert set(attributes.get(name, "").split()) <= set(ids)


def test_charts_and_labels_speak_both_languages(article, model):
    found = check_safe(report([("2026-03-01", article), ("2026-03-02", article)], model))
    charts = [a for tag, a in found.tags if tag == "svg" and a.get("role") == "img"]
    languages = {a["id"]: a["lang"] for tag, a in found.tags if tag in ("title", "desc") and "id" in a}
    assert len(charts) == 6
    for chart in charts:
        assert [languages[x] for x in chart["aria-labelledby"].split()] == ["ar", "ar", "en", "en"]
    labels = {a["aria-label"] for _, a in found.tags if "aria-label" in a}
    assert len(labels) >= 6
    for label in labels:
        assert re.search("[\u0621-\u064a]", label), label
        assert re.search("[a-z]", label), label


def test_page_runs_from_right_to_left_and_isolates_what_does_not(article, model):
    page = report([("a.txt", article)], model)
    assert '<html lang="ar" dir="rtl">' in page
    for text in ("2026-03-01", "NATO", "12.5"):
        assert f'<bdi dir="ltr">{text}</bdi>' in page
    assert '<bdi dir="auto">a.txt</bdi>' in page


@pytest.mark.parametrize(
    ("text", "isolated"),
    [
        ("بلغ 1,300.5 طن", ["1,300.5"]),
        ("قال 10 000 عامل", ["10 000"]),
        ("في New York Times أمس", ["New York Times"]),
        ("راجع https://example.com/a?b=1 غدا", ["https://example.com/a?b=1"]),
        ("نسبة 40% من 3", ["40", "3"]),
        ("من ١٢/٣ إلى 5G", ["١٢/٣", "5G"]),
        ("لا شيء", []),
    ],
)
def test_isolates(text, isolated):
    assert [plain(t) for t in isolated] == re.findall(r'<bdi dir="ltr">(.*?)</bdi>', mixed(text))


def test_isolating_is_linear():
    for text in ("1" * 200_000, "ا1" * 100_000, "a." * 100_000, "1 111" * 40_000, "a  " * 60_000):
        assert len(mixed(text)) >= len(text)


def test_shares_shown_add_up_to_the_log_odds_shown(model):
    explanation = model.explain(STORY.splitlines()[0])
    html = explanation._repr_html_()
    check_safe(html)
    [body, foot] = re.search(
        r'class="shares".*?<tbody>(.*)</tbody><tfoot>(.*)</tfoot>', html, re.DOTALL
    ).groups()
    rows = [re.findall(r"<td[^>]*>([^<]*)</td>", row) for row in body.split("</tr>")[:-1]]
    sums, probabilities = (re.findall(r"<td[^>]*>([^<]*)</td>", row) for row in foot.split("</tr>")[:-1])
    assert len(rows) == len(explanation.words) + 1
    for i, label in enumerate(explanation.labels):
        column = [round(1000 * float(row[i].replace("\u2212", "-"))) for row in rows]
        assert sum(column) == round(1000 * float(sums[i].replace("\u2212", "-")))
        assert sum(column) == pytest.approx(1000 * explanation.log_odds[label], abs=0.51)
        true = [*(w.shares[label] for w in explanation.words), explanation.bias[label]]
        assert column == pytest.approx([1000 * t for t in true], abs=1.01)
        assert float(probabilities[i]) == pytest.approx(explanation.probabilities[label], abs=0.00051)


@given(st.lists(st.floats(-50, 50), max_size=30), st.integers(0, 4))
def test_rounded_columns_add_up(values, digits):
    found = rounded(values, digits)
    assert sum(found) == pytest.approx(sum(values), abs=0.51 * 10**-digits + 1e-9)
    assert all(abs(a - b) < 10**-digits + 1e-9 for a, b in zip(found, values, strict=True))


def test_another_model_is_refused(article):
    with pytest.raises(ValueError, match="the model that read the article"):
        report([("a", article)], Model())


def test_every_statement_is_there_with_and_without_a_model(article, model):
    for given_model, tables in ((model, len(article)), (None, 0)):
        page = report([("a", article)], given_model)
        assert page.count('class="shares"') == tables
        assert page.count('data-v="0.') == len(article)
        assert page.count('<div class="card"') == len(article)


def test_colour_is_never_alone(article, model):
    prediction = model.predict([STORY])[0]
    for html in (prediction._repr_html_(), article._repr_html_(), report([("a", article)], model)):
        check_safe(html)
        chips = re.findall(r'class="chip [^"]*">(.*?)</span>(.*?)</span>', html)
        assert chips
        assert all("sign" in sign and words.strip() for sign, words in chips)
    names = looks([*stance.STANCES, *(f"l{i}" for i in range(9))])
    assert len({shown.sign for shown in names.values()}) == len(names)


def luminance(colour):
    linear = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in linear]
    return sum(weight * v for weight, v in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("ground", ["#ffffff", "#f4f5f6", "#15171a", "#1d2125", "#111111"])
def test_colours_stand_out_on_light_and_dark(ground):
    """WCAG 2.2 wants 3:1 for what is not text; axe-core measures text alone."""
    if ground not in {"#ffffff", "#111111"}:
        assert ground in resource("page.css")
    colours = dict(re.findall(r"\.(k[0-3])\{--c:(#\w{6})", resource("base.css")))
    assert len(colours) == 4
    for colour in colours.values():
        dark, light = sorted([luminance(colour), luminance(ground)])
        assert (light + 0.05) / (dark + 0.05) >= 3, colour


@pytest.mark.parametrize(
    ("ink", "ground"),
    [("#212121", "#f5f5f5"), ("#e2e2e2", "#212121"), ("#cccccc", "#1f1f1f"), ("#3b3b3b", "#ffffff")],
    ids=["JupyterLab Light", "JupyterLab Dark", "VS Code dark", "VS Code light"],
)
def test_letters_stand_out_from_tints(ink, ground):
    """WCAG 2.2 wants 4.5:1 for text, in whichever theme a notebook is shown."""
    rules = re.findall(
        r"rgb\((\d+) (\d+) (\d+)/([.\d]+)\)", resource("base.css").split(".stance-view table")[0]
    )
    rules += re.findall(r"background:rgb\((\d+) (\d+) (\d+)/([.\d]+)\)", resource("base.css"))
    assert len(rules) >= 10
    below = [int(ground[i : i + 2], 16) for i in (1, 3, 5)]
    for *tint, alpha in rules:
        mixed_in = [float(alpha) * int(t) + (1 - float(alpha)) * b for t, b in zip(tint, below, strict=True)]
        cell = "#" + "".join(f"{round(v):02x}" for v in mixed_in)
        dark, light = sorted([luminance(ink), luminance(cell)])
        assert (light + 0.05) / (dark + 0.05) >= 4.5, (tint, alpha)


def test_pages_are_light():
    code = "import sys, stance.pages; print(any(m in sys.modules for m in ('numpy', 'pandas', 'narwhals')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_notebook_shows_what_holds(article, model):
    html = article._repr_html_()
    assert html.startswith("<style>")
    assert 'dir="rtl" lang="ar"' in html
    assert "محذر" in html
    assert " id=" not in html  # several of them stand in one notebook
    unsure = model.predict([STORY], abstain=1.0)[0]._repr_html_()
    assert "غير محسوم" in unsure
    assert "لا موقف" in model.predict(["وهطل المطر."])[0]._repr_html_()


def test_notebooks_hold_their_own_where_style_sheets_are_stripped(article, model):
    """JupyterLab shows what is not trusted without them, and aligns every p to the left."""
    for shown in (article, article[0], article[0].prediction, model.explain(STORY)):
        html = shown._repr_html_()
        found = check_safe(html)
        assert "p" not in {tag for tag, _ in found.tags}
        assert found.tags[1] == ("div", {"class": "stance-view", "dir": "rtl", "lang": "ar"})
    assert '<sup class="mark"' in article._repr_html_()  # else the number runs into the sentence
    words = article[0]._repr_html_()
    assert "ألمانيا" in words
    assert "محذر" in words
    assert "no statements" in stance.read("", model)._repr_html_()


def test_empty_and_wordless_articles(model):
    for text in ("", " \n\n", "…"):
        check_safe(report([("a", stance.read(text, model)), ("b", stance.read("", model))], model))
    check_safe(report([]))
    check_safe(stance.read("")._repr_html_())
    check_safe(model.explain("")._repr_html_())


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("2026-03-01-a.txt", date(2026, 3, 1)),
        ("2026-01-01/b-2026-03-02.txt", date(2026, 3, 2)),
        ("2026-13-01.txt", None),
        ("12026-03-01.txt", None),
        ("a.txt", None),
    ],
)
def test_dates_in_names(name, day):
    assert date_of(name) == day


@given(
    st.lists(
        st.tuples(st.dates(), st.lists(st.sampled_from(["warning", "x"]), max_size=3)), min_size=1, max_size=9
    )
)
@settings(max_examples=40, deadline=None)
def test_periods_hold_every_stance_once(dated):
    counts, unit = periods(dated)
    assert sum(c[""] for c in counts.values()) == len(dated)
    assert sum(c["warning"] for c in counts.values()) == sum(s.count("warning") for _, s in dated)
    assert list(counts) == sorted(counts)
    if len(counts) < 200:
        parsed(timeline(counts, unit, "u"))


def test_report_by_command(capsys, tmp_path):
    files = [tmp_path / "2026-03-01.txt", tmp_path / "b.txt"]
    for file in files:
        file.write_text(STORY, encoding="utf-8")
    dates = tmp_path / "dates.csv"
    dates.write_text("file,date\nb.txt,2026-03-05\n", encoding="utf-8")
    out = tmp_path / "r.html"
    assert run(capsys, "read", *files, "-o", out, "--dates", dates) == (0, "", "")
    page = out.read_text(encoding="utf-8")
    check_safe(page)
    assert 'class="shares"' in page
    assert '<time datetime="2026-03-05">' in page
    assert "من 2026-03-01 إلى 2026-03-05" in page
    code, shown, _ = run(capsys, "read", *files, "--format", "html", "--dates", dates)
    assert (code, shown) == (0, page)
    dates.write_text("file,date\nb.txt,2026-03-05\nb.txt,2026-03-06\n", encoding="utf-8")
    assert (
        "two dates, 2026-03-05 and 2026-03-06" in run(capsys, "read", *files, "-o", out, "--dates", dates)[2]
    )


@pytest.mark.parametrize("encoding", ["utf-8", "cp1256"])
def test_dates_of_old_articles_in_either_encoding(capsys, tmp_path, encoding):
    article, dates, out = tmp_path / "خبر.txt", tmp_path / "dates.csv", tmp_path / "r.html"
    article.write_text(STORY, encoding="cp1256")
    dates.write_text("file,date\nخبر.txt,2026-03-05\n", encoding=encoding)
    assert run(capsys, "read", article, "-o", out, "--dates", dates, "--encoding", "cp1256") == (0, "", "")
    assert '<time datetime="2026-03-05">' in out.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ("b.txt", ""),
        ("c.txt", "fit no article: 1, articles without a date: 1"),
        ("b.txt c.txt", "article: 1, articles without a date: 0"),
    ],
)
def test_dates_that_do_not_fit_are_told(capsys, tmp_path, rows, told):
    files = [tmp_path / "2026-03-01.txt", tmp_path / "b.txt"]
    for file in files:
        file.write_text(STORY, encoding="utf-8")
    dates = tmp_path / "dates.csv"
    dates.write_text(
        "\n".join(["file,date", *(f"{name},2026-03-05" for name in rows.split())]), encoding="utf-8"
    )
    code, _, err = run(capsys, "read", *files, "-o", tmp_path / "r.html", "--dates", dates)
    assert code == 0
    assert told in err
    assert err.count("\n") == bool(told)


def test_report_errors_are_one_sentence_and_leave_nothing(capsys, tmp_path):
    story = tmp_path / "a.txt"
    story.write_text(STORY, encoding="utf-8")
    out = tmp_path / "r.html"
    dates = tmp_path / "d.csv"
    assert "leave --events out" in fails(capsys, "read", story, "--events", "-o", out)
    assert "name the output .html" in fails(capsys, "read", story, "--dates", dates, "-o", tmp_path / "a.csv")
    assert "no such file" in fails(capsys, "read", story, "--dates", dates, "-o", out)
    dates.write_text("file,date\na.txt,yesterday\n", encoding="utf-8")
    assert "write it as 2026-03-01" in fails(capsys, "read", story, "--dates", dates, "-o", out)
    dates.write_text("file,day\na.txt,2026-03-01\n", encoding="utf-8")
    assert "no column 'date'" in fails(capsys, "read", story, "--dates", dates, "-o", out)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.txt", "d.csv"]


def test_same_inputs_give_the_same_bytes(article, model):
    assert report([("a", article)], model) == report([("a", stance.read(STORY, model))], model)


def test_a_matrix_says_how_many_events_it_leaves_out():
    from collections import Counter

    from stance.pages.matrix import left_out, matrix_table

    few = {(f"a{i}", "b"): Counter(warning=2) for i in range(3)}
    assert left_out(few, 3) == 0
    many = {**few, ("c", "d"): Counter(warning=1, supportive=1)}
    assert left_out(many, 3) == 2
    assert "d" not in re.findall(r">(\w)<", matrix_table(many, "", "", 3))


def test_a_report_by_a_model_without_stances_shows_its_labels(topics_model):
    model = stance.load(topics_model)
    texts = ("سجل اللاعب هدف المباراة.", "ارتفعت أسعار النفط في السوق.")
    articles = [(f"2026-03-0{i}", stance.read(text, model)) for i, text in enumerate(texts, 1)]
    page = report(articles, model)
    shown = re.sub(r"<style.*?</style>|<script.*?</script>|<[^>]*>", " ", page, flags=re.DOTALL)
    assert "no stance" not in shown
    assert "sentiment" not in shown
    assert "speech acts" not in shown
    assert "over time" not in shown
    assert 'id="by-stance"' not in page
    [head] = re.findall(r"<thead><tr>(.*?)</tr>", page.partition('id="rows"')[2])
    assert head.count("<th") == 7
    assert "label" in head
    for _, article in articles:
        [s] = article
        assert f'<td data-v="{s.sentiment_probabilities[s.sentiment]:.6f}">' in page


def test_another_model_than_the_reader_s_is_refused_whatever_its_labels(trained):
    article = stance.read("حذرت ألمانيا إيران من إغلاق المضيق.")
    bare = replace(
        article,
        statements=tuple(replace(s, prediction=replace(s.prediction, probabilities={})) for s in article),
    )
    with pytest.raises(ValueError, match="pass the model that read the article"):
        bare.to_html(stance.Predictor(trained.model))
