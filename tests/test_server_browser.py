"""The server's page in a real browser: both languages, files, downloads, keyboard, hostile texts."""

import json
import re

import pytest
from chromium import ARGS, AXE, PATH, playwright
from serving import served
from test_commands import run

pytest.importorskip("uvicorn", reason="the extra 'serve' is not installed")
WIDE, PHONE = {"width": 1200, "height": 900}, {"width": 320, "height": 640}
ARTICLE = "حذرت كندا إيران من إغلاق المضيق.\nورحبت النرويج بالهدنة. وارتفعت أسعار النفط 3 في المئة.\n"
PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "</textarea></title></script><script>alert(1)</script>",
    "javascript:alert(1)",
    "<a href='javascript:alert(1)' id=form name=go>x</a>",
    "<style>*{display:none}</style>",
    "<base href=//evil.example><meta http-equiv=refresh content='0;url=//evil.example'>",
    "{{7*7}}${7*7}<%= 7*7 %>",
]  # fmt: skip


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as started:
        found = started.chromium.launch(executable_path=PATH, args=ARGS)
        yield found
        found.close()


@pytest.fixture(scope="module")
def server():
    with served("--max-characters", 5_000) as found:
        yield found


@pytest.fixture
def visit(browser, server):
    """Open the page in a fresh profile; fail if it complains, asks, or turns to any other address."""
    contexts, problems = [], []

    def opened(address="/?lang=ar", **options):
        context = browser.new_context(**{"viewport": WIDE, "accept_downloads": True, **options})
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: problems.append(message.text))
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("dialog", lambda dialog: (problems.append(dialog.message), dialog.dismiss()))
        page.on("request", lambda r: problems.append(r.url) if not is_own(r.url) else None)
        page.goto(server.address + address)
        return page

    def is_own(url):
        return url.startswith((f"{server.address}/", f"blob:{server.address}/", "data:,"))

    opened.problems = problems
    yield opened
    for context in contexts:
        context.close()
    assert problems == []


def label(page, text=ARTICLE):
    page.fill("#text", text)
    page.click("#go")
    page.locator("#inside .cards").wait_for(state="attached")


def drop(page, name, content):
    """Drop a file on the page."""
    page.evaluate(
        """([name, bytes]) => {
        const data = new DataTransfer();
        data.items.add(new File([new Uint8Array(bytes)], name, { type: "text/plain" }));
        for (const type of ["dragover", "drop"])
          document.body.dispatchEvent(
            new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
        }""",
        [name, list(content)],
    )


def hold(page, address):
    """Let requests wait; return them as they come."""
    held = []

    def keep(route):
        held.append(route)

    page.route(address, keep)
    return held


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("address", ["/?lang=ar", "/?lang=en", "/docs"])
def test_axe_finds_nothing(visit, address, size):
    page = visit(address, viewport=size)
    page.evaluate(AXE)
    for step in range(1 if address == "/docs" else 2):
        if step:
            label(page)
            page.locator("#inside details.all > summary").click()
            page.locator("#inside .cards summary").first.click()
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
            assert [(v["id"], v["nodes"][0]["html"][:200]) for v in found["violations"]] == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_paste_and_label(visit):
    page = visit()
    label(page)
    assert page.locator("#status").inner_text() == "عدد الجمل: 3"
    assert page.locator("#inside a.s.held.k2").inner_text().startswith("حذرت كندا")
    assert page.evaluate("document.activeElement.id") == "result"
    place = page.locator("#inside a.s.held").first
    card = page.locator(place.get_attribute("href"))
    assert card.is_hidden()
    place.click()
    assert card.is_visible()
    assert card.locator("table.shares").is_visible()


def test_by_keyboard_alone(visit):
    page = visit()
    order = []
    for _ in range(5):
        page.keyboard.press("Tab")
        order.append(page.evaluate("document.activeElement.id || document.activeElement.dataset.t"))
    assert order == ["language", "docs", "text", "go", "file"]
    page.locator("#text").focus()
    page.keyboard.insert_text(ARTICLE)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator("#inside .cards").wait_for(state="attached")
    page.keyboard.press("Tab")  # from the result, which has the focus, to the first download
    assert page.evaluate("document.activeElement.dataset.format") == "json"
    page.locator("#file").focus()
    assert page.evaluate("getComputedStyle(document.querySelector('#file + label')).outlineStyle") == "solid"


def test_the_language_changes_and_all_else_stays(visit, server):
    page = visit("/?lang=ar")
    label(page)
    inside = page.locator("#inside").inner_html()
    arabic = page.locator("main").inner_text()
    page.click("#language")
    page.locator("html[lang=en]").wait_for()
    assert page.evaluate("[document.documentElement.dir, document.title]") == [
        "ltr",
        "Stances in Arabic news",
    ]
    assert page.url == f"{server.address}/?lang=en"
    assert page.locator("#text").input_value() == ARTICLE
    assert page.locator("#inside").inner_html() == inside
    assert page.locator("#status").inner_text() == "Statements: 3"
    shown = page.locator("header, form, #status, #saves").all_inner_texts()
    assert not re.search("[\u0600-\u06ff]", " ".join(shown).replace("العربية", ""))
    page.reload()
    assert page.evaluate("document.documentElement.lang") == "en"
    page.click("#language")
    page.locator("html[dir=rtl]").wait_for()
    label(page)
    assert page.locator("main").inner_text() == arabic


def test_the_language_changes_without_scripts(visit):
    page = visit("/?lang=en", java_script_enabled=False)
    assert page.locator("noscript").is_visible()
    page.click("#language")
    assert page.locator("html").get_attribute("dir") == "rtl"


PARTS = ("h1", "nav", "form > label", "#text", "#hint", "#go", "label[for=file]")
BOXES = "names => names.map(n => document.querySelector(n).getBoundingClientRect()).map(b => [b.left, b.right, b.top])"


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_the_arabic_page_mirrors_the_english_one(visit, size):
    """Every part begins at the edge where its language begins, at the same distance from it."""
    boxes = {}
    for language in ("ar", "en"):
        page = visit(f"/?lang={language}", viewport=size)
        boxes[language] = page.evaluate(BOXES, PARTS)
        ends = page.evaluate(BOXES, ["#go", "label[for=file]"])
        first, second = ends if language == "en" else [[-b[1], -b[0], b[2]] for b in ends]
        assert first[1] < second[0]  # in the order of reading
    width = size["width"]
    for name, arabic, english in zip(PARTS, boxes["ar"], boxes["en"], strict=True):
        if name == "nav" and size is WIDE:  # at the far end of its row
            assert arabic[0] == pytest.approx(width - english[1], abs=1)
        elif name != "label[for=file]":  # it stands behind a word of another length
            assert width - arabic[1] == pytest.approx(english[0], abs=1), name


def test_a_mirrored_screenshot_is_the_other_language(visit):
    """The same page with all words taken away: pixel by pixel its own mirror image."""
    image = pytest.importorskip("PIL.Image")
    chops = pytest.importorskip("PIL.ImageChops")
    from io import BytesIO

    shots = []
    for language in ("ar", "en"):
        page = visit(f"/?lang={language}")
        page.evaluate(
            """() => {
            for (const part of document.querySelectorAll("[data-t]"))
              if (!part.children.length) part.textContent = "—";
            document.getElementById("text").blur();
            const sheet = new CSSStyleSheet();
            sheet.replaceSync("textarea{resize:none!important}");
            document.adoptedStyleSheets = [sheet];
            }"""
        )
        shots.append(image.open(BytesIO(page.screenshot())).convert("L"))
    mirrored = shots[0].transpose(image.Transpose.FLIP_LEFT_RIGHT)
    difference = chops.difference(mirrored, shots[1]).point(lambda value: 255 * (value > 64))
    unlike = difference.histogram()[255] / (difference.width * difference.height)
    assert unlike < 0.001
    assert chops.difference(*shots).point(lambda v: 255 * (v > 64)).histogram()[255] > 500  # unmirrored


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_follow_the_system(visit, scheme):
    page = visit(color_scheme=scheme)
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == ("rgb(255, 255, 255)" if scheme == "light" else "rgb(21, 23, 26)")


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (ARTICLE.encode(), ""),
        (ARTICLE.encode("utf-8-sig"), ""),
        (ARTICLE.encode("utf-16"), ""),
        (ARTICLE.encode("cp1256"), "Windows-1256"),
    ],
    ids=["utf-8", "utf-8-sig", "utf-16", "cp1256"],
)
def test_dropping_a_file(visit, content, status):
    page = visit()
    drop(page, "تقرير <b>.txt", content)
    playwright.expect(page.locator("#text")).not_to_have_value("")
    assert page.locator("#text").input_value() == ARTICLE
    assert page.locator("#name").inner_text() == "تقرير <b>.txt"
    assert status in page.locator("#status").inner_text()
    page.click("#go")
    page.locator("#inside .cards").wait_for(state="attached")
    assert page.locator("#inside h2").inner_text() == "تقرير <b>.txt"


def test_choosing_a_file(visit, tmp_path):
    (tmp_path / "a.txt").write_text(ARTICLE, encoding="utf-8")
    page = visit()
    page.set_input_files("#file", tmp_path / "a.txt")
    playwright.expect(page.locator("#text")).not_to_have_value("")
    assert page.locator("#name").inner_text() == "a.txt"


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"\x00\x01PK", "not text"), (b"x" * 20_001, "more than 5,000"), (b"x" * 5_001, "more than 5,000"), (b"  ", "no text")],
    ids=["binary", "huge", "long", "blank"],
)  # fmt: skip
def test_files_that_are_no_articles(visit, content, said):
    page = visit("/?lang=en")
    drop(page, "x.txt", content)
    if len(content) != 4 and len(content) < 20_000:
        playwright.expect(page.locator("#text")).not_to_have_value("")
        page.click("#go")
    problem = page.locator("#problem")
    problem.wait_for()
    assert said in problem.inner_text()
    page.click("#language")
    page.locator("html[lang=ar]").wait_for()
    assert re.search("[\u0600-\u06ff]", problem.inner_text())


@pytest.mark.parametrize("kind", ["json", "csv", "html"])
def test_downloads_are_what_the_command_writes(visit, capsys, tmp_path, monkeypatch, kind):
    page = visit()
    drop(page, "a.b.txt", ARTICLE.encode())
    playwright.expect(page.locator("#text")).not_to_have_value("")
    page.click("#go")
    page.locator("#inside .cards").wait_for(state="attached")
    page.fill("#text", "نص آخر")  # downloads are of what is shown
    with page.expect_download() as started:
        page.click(f"#saves [data-format={kind}]")
    assert started.value.suggested_filename == f"a.b.{kind}"
    started.value.save_as(tmp_path / "found")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.b.txt").write_text(ARTICLE, encoding="utf-8")
    code, out, _ = run(capsys, "read", "a.b.txt", "--format", kind)
    assert code == 0
    assert (tmp_path / "found").read_bytes().decode() == out


def test_a_download_does_not_end_a_labelling(visit):
    page = visit("/?lang=en")
    label(page)
    held = hold(page, "**/article")
    page.click("#go")
    with page.expect_download():
        page.click("#saves [data-format=csv]")
    assert page.locator("#status").inner_text() == "Labelling…"
    held[0].continue_()
    page.locator("#status", has_text="Statements: 3").wait_for()


def test_a_download_bears_the_name_of_what_was_shown_when_it_was_asked_for(visit):
    page = visit("/?lang=en")
    label(page)
    held = hold(page, "**/v1/export")
    with page.expect_download() as started:
        page.click("#saves [data-format=csv]")
        drop(page, "other.txt", ARTICLE.splitlines()[0].encode())
        playwright.expect(page.locator("#name")).to_have_text("other.txt")
        page.click("#go")
        page.locator("#status", has_text="Statements: 1").wait_for()
        held[0].continue_()
    assert started.value.suggested_filename == "article.csv"


def test_hostile_texts_stay_text(visit):
    text = "\n".join(f"حذرت كندا {payload} من الحرب." for payload in PAYLOADS)
    page = visit()
    for name in (f"{PAYLOADS[1]}.txt", "a\r\n\u202etxt.exe"):
        drop(page, name, text.encode())
        playwright.expect(page.locator("#text")).not_to_have_value("")
        page.click("#go")
        page.locator("#inside .cards").wait_for(state="attached")
        page.wait_for_timeout(200)
        assert page.evaluate("document.getElementById('inside').querySelectorAll('script, img, style, base, meta, [onload], [onerror], [href^=javascript]').length") == 0  # fmt: skip
        shown = page.locator("#inside .text").inner_text()
        for payload in PAYLOADS:
            assert payload.replace(" ", "") in re.sub(r"\s", "", shown)
        with page.expect_download() as started:
            page.click("#saves [data-format=html]")
        assert "\n" not in started.value.suggested_filename
        page.locator("#text").fill("")


def test_the_policy_stops_what_is_injected_all_the_same(visit):
    page = visit()
    page.evaluate(
        """() => {
        const block = document.createElement("p");
        block.id = "injected";
        document.body.append(block);
        block.innerHTML = "<img src=x onerror='window.taken = 1'><b style='color: rgb(1, 2, 3)' onclick='window.taken = 1'>x</b>";
        const script = document.createElement("script");
        script.textContent = "window.taken = 1";
        document.body.append(script);
        block.querySelector("b").click();
        }"""
    )
    page.wait_for_timeout(300)
    assert page.evaluate("window.taken") is None
    assert page.evaluate("getComputedStyle(document.querySelector('#injected b')).color") != "rgb(1, 2, 3)"
    assert len(visit.problems) >= 3
    assert all("Content Security Policy" in problem for problem in visit.problems)
    visit.problems.clear()


def test_errors_of_the_server_are_said_in_the_page_s_language(visit):
    page = visit("/?lang=ar")
    answers = [
        (503, {"code": "overloaded", "message": "busy"}, "الخادم مشغول"),
        (422, {"code": "invalid_request", "message": "<b>wrong</b>"}, "<b>wrong</b>"),
    ]
    page.route("**/article", lambda route: route.fulfill(**answer))
    page.fill("#text", ARTICLE)
    for status, error, said in answers:
        answer = {"status": status, "body": json.dumps({"error": error})}
        page.click("#go")
        page.locator("#problem", has_text=said).wait_for()
    page.unroute("**/article")
    page.route("**/article", lambda route: route.abort())
    page.click("#go")
    page.locator("#problem", has_text="تعذر الوصول").wait_for()
    visit.problems.clear()  # the browser's own notes of failed requests


def test_the_documentation_shows_every_route(visit):
    page = visit("/docs")
    heads = page.locator("h2 code").all_inner_texts()
    assert "POST /v1/predict" in heads
    assert len(heads) == 5
    page.locator("summary").first.click()
    assert page.locator("details pre").first.is_visible()
