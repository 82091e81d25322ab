"""Writes docs/commands.md from the parsers of the commands: python docs/commands.py (a test holds the two equal)."""

import os
from pathlib import Path

from stance.cli import main, train, train_reader

HEAD = """# Commands

What `stance help COMMAND`, `stance-train --help` and `stance-train-reader --help` say; written by `python docs/commands.py`.

- Results go to standard output, progress and errors to standard error; progress is drawn only on a terminal, and vanishes.
- A name `-` is standard input, as in `cat a.txt | stance read - --format jsonl | jq .speaker`. A reader that has had enough
  (`| head -1`) ends a command quietly, with exit code 0.
- Colours: on a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`; `FORCE_COLOR` or `CLICOLOR_FORCE` asks for them in a
  pipe, and `--color` decides over all. No meaning is in a colour alone.
- Tables and bars are as wide as the terminal (`COLUMNS` decides where there is none), from 40 to 200 cells.
- A file named by `-o` appears when it is whole, in place of one that was there.
- What is misspelt is met with the nearest name: commands, options, their values, files, columns, labels.
- `stance completion bash|zsh|fish` prints what completes all three commands, their options, values and files.
- `python -m stance` is `stance`.
"""


def pages() -> str:
    """Return the content of the page."""
    stance = main.build_parser()
    parsers = [stance, *stance.commands.values(), train.build_parser(), train_reader.build_parser()]
    parts = (f"\n## {parser.prog}\n\n```text\n{parser.format_help()}```\n" for parser in parsers)
    return HEAD + "".join(parts)


if __name__ == "__main__":
    os.environ["COLUMNS"] = "80"
    Path(__file__).with_suffix(".md").write_text(pages(), encoding="utf-8")
