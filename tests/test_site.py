"""The site of the documents: built without a warning, the same every time, and loading nothing from elsewhere."""

import re
import shutil
import subprocess
import sys
from importlib import resources
from pathlib import Path

import pytest

pytest.importorskip("sphinx", reason="Sphinx is not installed; make docs installs it")
for needed in ("myst_parser", "pydata_sphinx_theme"):
    pytest.importorskip(needed, reason=f"{needed} is not installed; make docs installs it")
ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


def build(folder):
    command = [sys.executable, "-m", "sphinx", "--fail-on-warning", "--quiet", "-c", ROOT / "docs"]
    done = subprocess.run(
        [*command, "-d", folder / "doctrees", ROOT, folder / "site"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return folder / "site"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    return build(tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="module")
def pages(site):
    return {
        p.relative_to(site).as_posix(): p.read_text(encoding="utf-8")
        for p in sorted(site.rglob("*.html"))
        if p.parent.name != "_static"
    }


def test_it_is_the_same_every_time(site, tmp_path):
    again = build(tmp_path)
    found = {
        folder: {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
        for folder in (site, again)
    }
    assert [p for p, data in found[site].items() if found[again].get(p) != data] == []
    assert found[site].keys() == found[again].keys()


def test_every_document_is_a_page(pages):
    documents = {f"docs/{p.stem}.html" for p in (ROOT / "docs").glob("*.md")}
    assert documents <= pages.keys()
    assert {"index.html", "benchmarks/README.html", "models/news/README.html"} <= pages.keys()


def test_it_names_no_address(site, pages):
    for name, text in pages.items():
        assert re.findall(r"(?:src|href|content)=[\"']?(?:https?:)?//[^\"' >]+", text) == [], name
    for sheet in site.rglob("*.css"):
        assert "url(http" not in sheet.read_text(encoding="utf-8"), sheet


def test_links_within_it_lead_somewhere(site, pages):
    ids = {name: set(re.findall(r"\bid=\"([^\"]+)\"", text)) for name, text in pages.items()}
    for name, text in pages.items():
        for target in re.findall(r"href=\"([^\"]+)\"", text):
            place, _, anchor = target.partition("#")
            there = ((site / name).parent / place.split("?")[0]).resolve() if place else site / name
            assert there.is_file(), f"{name}: {target}"
            # the way back from a module's source knows one name for all objects of that module
            if anchor and there.suffix == ".html" and not name.startswith("_modules/"):
                assert anchor in ids[there.relative_to(site).as_posix()], f"{name}: {target}"


def test_arabic_keeps_its_direction(pages):
    assert '<bdi lang="ar" dir="rtl">' in pages["docs/reading.html"]
    shown = re.search(r"<pre>word .*?</pre>", pages["docs/how-it-works.html"], re.DOTALL)[0]
    assert shown.count('<bdi lang="ar" dir="rtl">') == 10
    assert re.search(r'<td class="[^"]*arabic', pages["docs/labels.html"])


def test_every_public_name_is_in_the_reference(pages):
    import stance

    for name in stance.__all__:
        home = "modules" if name.endswith("Error") else "api"
        assert f">{name}<" in re.sub(r"</?span[^>]*>", "", pages[f"docs/{home}.html"]).replace(
            "stance.", ">"
        ), name


# In a browser


@pytest.fixture(scope="module")
def browser():
    if CHROMIUM is None:
        pytest.skip("chromium is not installed")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as started:
        found = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield found
        found.close()


@pytest.fixture
def visit(browser, site):
    """Open a page as a file; fail if it complains or asks for anything that is no file."""
    contexts, problems = [], []

    def opened(name, **options):
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on(
            "request", lambda r: problems.append(r.url) if not r.url.startswith(("file:", "data:")) else None
        )
        page.goto(f"{site.as_uri()}/{name}")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert problems == []


@pytest.mark.parametrize("words", ["threshold", "\u0627\u0644\u0647\u062f\u0646\u0629"])
def test_search_works_without_a_server(visit, words):
    page = visit(f"search.html?q={words}")
    page.wait_for_selector("#search-results li a")
    assert page.locator("#search-results li a").count() >= 1


@pytest.mark.parametrize("name", ["index", "labels", "how-it-works", "recipes", "api", "accuracy"])
@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_is_cut(visit, name, width):
    page = visit(f"docs/{name}.html", viewport={"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["index", "labels", "api"])
def test_axe_finds_nothing(visit, name, scheme):
    pytest.importorskip("axe_playwright_python", reason="axe-playwright-python is not installed")
    axe = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    page = visit(f"docs/{name}.html", color_scheme=scheme)
    page.evaluate(axe)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert [(v["id"], v["nodes"][0]["html"][:200]) for v in found["violations"]] == []


def test_dark_where_the_system_is(visit):
    page = visit("docs/index.html", color_scheme="dark")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert max(map(int, re.findall(r"\d+", ground)[:3])) < 64


def test_the_first_page_leads_on(visit):
    page = visit("index.html")
    page.wait_for_url("**/docs/index.html")
    assert page.locator("h1").inner_text().startswith("stance")
