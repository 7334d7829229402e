"""What the quiz says, in every language that lessons have: a table of a language's own (quiz.toml)."""

from functools import partial

from dashboard.words import tables

WORDS = tables.read("quiz")
words = partial(tables.words_of, WORDS)
