"""What a member of a class reads, in every language that lessons have: a table of a language's own (classroom.toml)."""

from functools import partial

from dashboard.words import tables

WORDS = tables.read("classroom")
words = partial(tables.words_of, WORDS)
