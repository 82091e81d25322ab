"""Models installed with stance: a folder of plain data each."""
