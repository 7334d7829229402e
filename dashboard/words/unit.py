"""What the panel of a unit says, in every language that lessons have: a table of a language's own (unit.toml)."""

from functools import partial

from dashboard.words import tables

WORDS = tables.read("unit")
words = partial(tables.words_of, WORDS)
