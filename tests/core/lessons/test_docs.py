"""What docs/lessons.md says is so: every field with what it may be, and its example is a lesson."""

import dataclasses
import re
from pathlib import Path
from typing import Any, get_args, get_origin

import pytest

from actviz_core import KeptModels, read_lesson
from actviz_core.lessons import fields
from actviz_core.lessons.proof import prove
from actviz_core.settings import declared, limits
from actviz_core.values import spoken

DOCS = (Path(__file__).parents[3] / "docs" / "lessons.md").read_text()
TABLES = [value for name, value in vars(fields).items() if name.endswith("Fields") and name != "Fields"]


def rows(cls):
    """The lines of a table of fields."""
    helps = {field.name: field.metadata.get("help", "") for field in dataclasses.fields(cls)}
    for name, annotation, about, _ in declared(cls):
        may_be = (
            "a table" if fields.table_of(annotation) or annotation == dict[str, Any] else allowed(annotation, about)
        )
        yield f"| `{name.rstrip('_')}` | {may_be} | {about.help or helps[name]} |"


def allowed(annotation, about):
    options = [option for option in (get_args(annotation) or (annotation,)) if option is not type(None)]
    if get_origin(annotation) is tuple or annotation is bool:
        return spoken(annotation)
    words = [word for option in options for word in get_args(option) if isinstance(word, str)] or list(about.choices)
    return ", ".join(filter(None, words)) or limits(about) or " or ".join(map(spoken, options))


@pytest.mark.parametrize("cls", TABLES, ids=lambda cls: cls.__name__)
def test_every_field_is_told(cls):
    assert "\n".join(rows(cls)) in DOCS


def test_its_example_is_a_lesson_that_can_be_met(tmp_path):
    text = re.search(r"```markdown\n(.*?\n)```\n\n## The file", DOCS, re.S)
    file = tmp_path / "noise.md"
    file.write_text(text[1])
    lesson = read_lesson(file)
    assert len(lesson.steps) == 2
    assert [problems for _, problems in prove(lesson, KeptModels(1))] == [(), ()]
