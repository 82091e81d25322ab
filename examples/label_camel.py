"""Set CAMeL's labels beside stance's, statement by statement, for one article.

    python examples/label_camel.py [ARTICLE] [--lemmas]

CAMeL's sentiment analyzer is a BERT model: camel_data -i defaults installs it.  With --lemmas the lemmas that
its disambiguator finds stand below each statement (camel_data -i light is enough for them alone).
Without ARTICLE it is border-shelling.txt beside this file.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import stance
from stance.errors import StanceError
from stance.features.analyzers import camel_path, load_analyzer
from stance.text import words

ARTICLE = Path(__file__).with_name("border-shelling.txt")


def camel_sentiments(texts: Sequence[str]) -> list[str]:
    """Return what CAMeL's sentiment analyzer says: positive, negative or neutral."""
    path = camel_path(
        "SentimentAnalysis", package="defaults"
    )  # camel-tools asks the network where nothing is
    from camel_tools.sentiment import SentimentAnalyzer  # noqa: PLC0415  # takes torch and seconds

    return SentimentAnalyzer(str(path), use_gpu=False).predict(list(texts))


def lemmas(text: str) -> list[str]:
    """Return the lemmas that CAMeL's disambiguator finds; words it does not know stand as they are."""
    features = load_analyzer("camel").features
    found = [text[word.start : word.end] for word in words(text)]
    return [next((f[2:] for f in features(word) if f[:2] == "l="), word) for word in found]


def main(argv: Sequence[str] | None = None) -> int:
    """Print the table; return the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("article", metavar="ARTICLE", nargs="?", type=Path, default=ARTICLE)
    parser.add_argument("--lemmas", action="store_true")
    options = parser.parse_args(argv)
    try:
        article = stance.read(options.article.read_text(encoding="utf-8"))
        texts = [statement.text for statement in article]
        beside = camel_sentiments(texts)
        print(f"{'stance':34}{'sentiment':12}{'CAMeL':12}statement")
        for statement, text, theirs in zip(article, texts, beside, strict=True):
            ours = "|".join(sorted(statement.stances)) or "none"
            mark = " " if theirs == statement.sentiment else "*"
            print(f"{ours:34}{statement.sentiment:12}{theirs + mark:12}\u2068{' '.join(text.split())}\u2069")
            if options.lemmas:
                print(f"{'':58}\u2068{' '.join(lemmas(text))}\u2069")
    except (StanceError, OSError) as error:
        sys.stderr.write(f"label_camel: {error}\n")
        return 1
    same = sum(s.sentiment == theirs for s, theirs in zip(article, beside, strict=True))
    print(f"same sentiment in {same} of {len(texts)} statements; the others are marked *")
    return 0


if __name__ == "__main__":
    sys.exit(main())
