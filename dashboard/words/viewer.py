"""What the viewer says of runs, in every language that lessons have: a table of a language's own (viewer.toml)."""

from functools import partial

from dashboard.words import tables

WORDS = tables.read("viewer")
words = partial(tables.words_of, WORDS)
