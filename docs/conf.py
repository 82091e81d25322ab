"""How Sphinx makes the site of these pages: ``make docs``.

The source is the repository itself, so that links between files are the links between pages.  The
navigation is the lists of links in ``docs/index.md``: whoever adds a line there has added the page.
"""

import html
import re

from docutils import nodes
from pygments.lexers.special import TextLexer
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

import stance

project = "stance"
author = "the contributors of stance"
version = release = stance.__version__
language = "en"
root_doc = "docs/index"
include_patterns = ["docs/*.md", "benchmarks/README.md", "models/*/README.md", "[A-Z]*.md"]
exclude_patterns = ["README.md", ".*", "build", "src", "tests", "training", "examples"]

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx.ext.viewcode"]
source_suffix = {".md": "markdown"}
myst_heading_anchors = 4
autodoc_member_order = "bysource"
autodoc_typehints = "none"  # numpydoc says the types
napoleon_google_docstring = False
napoleon_use_rtype = False
napoleon_custom_sections = [("Attributes", "params_style")]  # a list, as parameters are
SKLEARN = "set_fit_request, set_predict_request, set_score_request"
autodoc_default_options = {"exclude-members": SKLEARN}

html_theme = "pydata_sphinx_theme"
html_title = f"stance {release}"
html_static_path = ["site/static"]
html_css_files = ["site.css"]
html_extra_path = ["site/top"]
templates_path = ["site/templates"]
html_copy_source = False
html_show_search_summary = False  # would be fetched, which browsers refuse where pages are files
html_show_sourcelink = False
html_show_sphinx = False
html_show_copyright = False
html_sidebars = {"**": ["navigation.html"]}
html_theme_options = {
    "logo": {"text": project},
    "navbar_center": [],
    "navbar_persistent": [],
    "navbar_end": ["search-button-field", "theme-switcher"],
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": [],
    "footer_end": [],
    "show_prev_next": True,
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}

PLAIN = {"csv", "output", "text"}
ARABIC = r"[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff]"
RUN = re.compile(f"{ARABIC}+(?:[\\s\u060c\u061b.:\u2026!\u061f\u00ab\u00bb-]+{ARABIC}+)*")


def navigation(app: Sphinx, name: str, source: list[str]) -> None:
    """Append a hidden table of contents to the front page for each of its lists of links."""
    if name != app.config.root_doc:
        return
    for section in re.split(r"^## ", source[0], flags=re.MULTILINE)[1:]:
        title = section.splitlines()[0]
        pages = re.findall(r"^- \[([^]]+)\]\(([^)#]+)\.md\)", section, re.MULTILINE)
        entries = "\n".join(f"{called} </{_place(page)}>" for called, page in pages)
        source[0] += f"\n```{{toctree}}\n:hidden:\n:caption: {title}\n\n{entries}\n```\n"


def _place(page: str) -> str:
    return page.removeprefix("../") if page.startswith("../") else f"docs/{page}"


class Isolated(SphinxPostTransform):
    """Arabic within English text keeps its own direction; cells that begin with it begin at the right."""

    default_priority = 900
    formats = ("html",)

    def run(self, **_: object) -> None:
        """Mark the runs of Arabic letters, but where the colouring of code parts them from the rest."""
        for entry in self.document.findall(nodes.entry):
            if re.match(ARABIC, entry.astext()):
                entry["classes"].append("arabic")
        for text in list(self.document.findall(nodes.Text)):
            if isinstance(text.parent, (nodes.literal, nodes.literal_block, nodes.raw, nodes.title)):
                continue
            if RUN.search(text):
                text.parent.replace(text, nodes.raw("", _isolated(text.astext()), format="html"))
        for block in list(self.document.findall(nodes.literal_block)):
            if block.get("language") in PLAIN:
                lines = "\n".join(map(_isolated, block.astext().splitlines()))
                code = f'<div class="highlight-text notranslate"><div class="highlight"><pre>{lines}\n</pre></div></div>'
                block.replace_self(nodes.raw("", code, format="html"))


def _isolated(text: str) -> str:
    return RUN.sub(lambda run: f'<bdi lang="ar" dir="rtl">{run[0]}</bdi>', html.escape(text, quote=False))


def without_aliases(  # the arguments are Sphinx's
    _app: Sphinx, _what: str, _name: str, thing: object, _skip: bool, _options: object
) -> bool | None:
    """Leave out the fields of named tuples, of which Python says no more than their number."""
    return True if (getattr(thing, "__doc__", "") or "").startswith("Alias for field number") else None


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the above."""
    app.connect("source-read", navigation)
    app.connect("autodoc-skip-member", without_aliases)
    app.add_lexer("csv", TextLexer)  # Pygments knows none
    app.add_post_transform(Isolated)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
