"""What the gallery says, in every language that lessons have: a table of a language's own (gallery.toml)."""

from functools import partial

from dashboard.words import tables

WORDS = tables.read("gallery")
words = partial(tables.words_of, WORDS)
