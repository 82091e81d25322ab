"""``python -m stance`` is the command ``stance``."""

from stance.cli.main import run

__all__: list[str] = []

if __name__ == "__main__":
    run()
