"""The pages in a real browser: accessible by axe-core, usable by keyboard, touch and without scripts."""

from pathlib import Path

import pytest
from chromium import ARGS, AXE, PATH, playwright

import stance
from stance.pages import graph_page, report
from stance.statements import Graph

WIDE, PHONE = {"width": 1400, "height": 900}, {"width": 320, "height": 640}


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as started:
        found = started.chromium.launch(executable_path=PATH, args=ARGS)
        yield found
        found.close()


@pytest.fixture(scope="module")
def pages(model, root, tmp_path_factory):
    """Addresses of a report, a graph and a page with what notebooks show."""
    folder = tmp_path_factory.mktemp("pages")
    names = ["border-shelling", "peace-talks"]
    texts = [(root / "examples" / f"{name}.txt").read_text(encoding="utf-8") for name in names]
    articles = [stance.read(text, model) for text in texts]
    named = [
        (f"2026-03-0{i}-{name}.txt", a) for i, (name, a) in enumerate(zip(names, articles, strict=True), 1)
    ]
    graph = Graph()
    for article in articles:
        graph.add(article.events())
    shown = [model.predict(texts)[0], model.explain(texts[0][:90]), articles[0], articles[0][0]]
    fragments = "".join(x._repr_html_() for x in shown)
    written = {
        "report": report(named, model),
        "graph": graph_page(graph.edges(), 2, graph.n_events, graph.n_open),
        "notebook": f'<!doctype html><html lang="en"><title>n</title><main><h1>n</h1>{fragments}</main>',
    }
    for name, html in written.items():
        (folder / f"{name}.html").write_text(html, encoding="utf-8")
    return {name: (folder / f"{name}.html").as_uri() for name in written}


@pytest.fixture
def visit(browser):
    """Open an address in a fresh profile; fail if the page complains or asks for anything else."""
    contexts, problems = [], []

    def opened(address, **options):
        context = browser.new_context(**{"viewport": WIDE, **options})
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: problems.append(message.text))
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("request", lambda r: problems.append(r.url) if r.url.split("#")[0] != address else None)
        page.goto(address)
        return page

    opened.problems = problems
    yield opened
    for context in contexts:
        context.close()
    assert problems == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("name", ["report", "graph", "notebook"])
def test_axe_finds_nothing(visit, pages, name, size, scheme):
    page = visit(pages[name], viewport=size, color_scheme=scheme)
    if name == "report":
        for summary in page.locator("summary").all()[:6]:
            if summary.is_visible():
                summary.click()
    page.evaluate(AXE)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert [(v["id"], v["nodes"][0]["html"][:200]) for v in found["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_policy_stops_what_is_not_the_page(visit, pages):
    page = visit(pages["report"])
    page.evaluate(
        """() => {
        const script = document.createElement("script");
        script.textContent = "window.taken = 1";
        document.body.append(script);
        const block = document.createElement("p");
        block.id = "styled";
        block.setAttribute("style", "color: rgb(1, 2, 3)");
        block.setAttribute("onclick", "window.taken = 1");
        document.body.append(block);
        block.click();
        }"""
    )
    assert page.evaluate("window.taken") is None
    assert page.evaluate("getComputedStyle(document.getElementById('styled')).color") != "rgb(1, 2, 3)"
    assert all("Content Security Policy" in problem for problem in visit.problems)
    assert len(visit.problems) >= 2
    visit.problems.clear()


def test_by_keyboard(visit, pages):
    page = visit(pages["report"])
    place = page.locator("a.s.held").first
    place.focus()
    assert page.locator("#panel table.shares").is_visible()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "panel"
    page.keyboard.press("Escape")
    assert place.evaluate("e => e === document.activeElement")


def test_by_pointing(visit, pages):
    page = visit(pages["report"])
    page.locator("span.s").first.hover()
    assert page.locator("#panel table.shares").is_visible()
    assert page.locator("#panel table.bars").count() == 2


def test_by_touch(visit, pages):
    page = visit(pages["report"], viewport=PHONE, has_touch=True)
    assert page.locator("#panel").is_hidden()
    place = page.locator("a.s.held").nth(2)
    place.tap()
    assert page.locator("#panel table.shares").count() == 1
    above = page.evaluate("document.getElementById('panel').getBoundingClientRect().top")
    box = place.bounding_box()
    assert 0 <= box["y"] < above  # the sheet does not hide what it is about
    page.locator("#close").tap()
    assert page.locator("#panel").is_hidden()


def test_table_sorts_and_filters(visit, pages):
    page = visit(pages["report"])
    rows = page.locator("#rows tbody tr")
    total = rows.count()
    head = page.locator("#rows th").nth(3)
    for order in ("ascending", "descending"):
        head.locator("button").click()
        assert head.get_attribute("aria-sort") == order
        values = [float(v) for v in page.locator("#rows tbody td:nth-child(4)").all_inner_texts()]
        assert values == sorted(values, reverse=order == "descending")
    page.locator("#by-stance").select_option(index=2)
    kept = page.locator("#rows tbody tr:visible")
    assert 0 < kept.count() < total
    assert all("warning" in text for text in kept.all_inner_texts())
    assert page.locator("#shown").inner_text().endswith(f" {kept.count()} / {total}")
    page.locator("#by-stance").select_option(index=0)
    page.locator("#find").fill("\u0648\u0642\u0641")
    assert 0 < page.locator("#rows tbody tr:visible").count() < total


def test_without_scripts(visit, pages):
    page = visit(pages["report"], java_script_enabled=False)
    assert page.locator("#controls").is_hidden()
    assert page.locator("#panel").is_hidden()
    assert page.locator("#rows tbody tr").first.is_visible()
    place = page.locator("a.s.held").first
    card = page.locator(place.get_attribute("href"))
    assert card.is_hidden()
    place.click()
    assert card.is_visible()


def test_on_paper(visit, pages, tmp_path):
    page = visit(pages["report"], color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.locator("#panel").is_hidden()
    assert page.locator("#controls").is_hidden()
    assert not any(summary.is_visible() for summary in page.locator("details:not([open]) > summary").all())
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    page.set_viewport_size({"width": 680, "height": 960})  # A4 without its margins
    assert page.evaluate(
        "[...document.querySelectorAll('table, svg.chart')].every(e => e.clientWidth <= 680)"
    )
    page.pdf(path=tmp_path / "a.pdf", format="A4")
    assert Path(tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")
