"""The command layer: the only one that prints or exits."""
