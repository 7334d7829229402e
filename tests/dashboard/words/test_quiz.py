"""What the quiz says in French."""

import re

from dashboard.words.quiz import WORDS


def test_french_says_vous_throughout_and_has_a_space_before_each_colon():
    for name, sentence in WORDS["fr"].items():
        assert not re.search(r"\b(tu|te|toi|ton|ta|tes)\b", sentence, re.IGNORECASE), name
        assert not re.search(r"[^ ][:;?!]", sentence), name
