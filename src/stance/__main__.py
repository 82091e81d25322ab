"""``python -m stance`` is the command ``stance``."""

from stance.cli.entry import stance

__all__: list[str] = []

if __name__ == "__main__":
    stance()
