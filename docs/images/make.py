"""Draw the picture of a report that the documents show: docs/images/report.png.

    pip install playwright pillow && python docs/images/make.py

It reads the articles in examples/, opens their report in an installed Chromium without a network, opens the panel
of one statement, and takes a picture.
"""

import io
import shutil
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

import stance
from stance.pages import report

HERE = Path(__file__).resolve().parent
EXAMPLES = HERE.parent.parent / "examples"
FIRST = "ceasefire-appeal.txt"
WIDTH, HEIGHT = 1240, 720
COLOURS = 96


def main() -> None:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("no Chromium was found; install one and put it on the path")
    model = stance.load()
    paths = sorted(EXAMPLES.glob("*.txt"), key=lambda path: (path.name != FIRST, path.name))
    articles = [(path.name, stance.read(path.read_text(encoding="utf-8"), model)) for path in paths]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as started:
        page_file = Path(folder) / "report.html"
        page_file.write_text(report(articles, model), encoding="utf-8")
        browser = started.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light")
        page.goto(page_file.as_uri())
        page.locator("h2", has_text=FIRST).first.evaluate("e => e.scrollIntoView()")
        page.locator(".s.held").first.hover()
        picture = Image.open(io.BytesIO(page.screenshot()))
        browser.close()
    few = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    few.save(HERE / "report.png", optimize=True)
    print(f"{HERE / 'report.png'}: {(HERE / 'report.png').stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
