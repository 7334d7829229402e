"""A lesson is from anybody: bounded, of its own folder, and whatever it says, told in sentences."""

import os
import time
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actviz_core import ActvizError, LessonError, Recipe, parse_check, read_course, read_lesson
from actviz_core.lessons.markdown import parse
from actviz_core.lessons.problems import Findings
from tests.core.lessons.files import ANSWERS, HEAD, TINY, step, written
from tests.core.tiny_runs import spec


def told(file):
    with pytest.raises(LessonError) as raised:
        read_lesson(file)
    return str(raised.value)


def test_links_are_not_followed(tmp_path):
    (tmp_path / "lessons").mkdir()
    secret = written(tmp_path, step(TINY), name="secret.md")
    file = tmp_path / "lessons" / "noise.md"
    os.symlink(secret, file)
    assert "noise.md is no plain file" in told(file)
    os.symlink(secret, tmp_path / "lessons" / "eye.png")
    assert "eye.png is no plain file" in told(
        written(tmp_path / "lessons", step(TINY, "![eye](eye.png)\n"), name="a.md")
    )
    os.mkfifo(tmp_path / "lessons" / "pipe.md")
    course = read_course([tmp_path / "lessons"], shipped=False)
    assert not course.lessons and len(course.problems) == 3


@pytest.mark.parametrize("name", ["../kept.json", "/etc/passwd", "a/b.json", ".hidden", "", "kept.json\n", "x" * 99])
def test_no_file_of_another_folder_is_read(tmp_path, name):
    (tmp_path / "lessons").mkdir()
    (tmp_path / "kept.json").write_text(Recipe(spec()).to_json())
    fields = f"[[runs]]\nrecipe = {name!r}\n".replace("'", '"')
    assert "beside the lesson" in told(written(tmp_path / "lessons", step(fields))) or not name


def test_sizes_are_bounded(tmp_path):
    assert "larger than 131,072 bytes" in told(written(tmp_path, "x" * 2**17))
    (tmp_path / "eye.png").write_bytes(bytes(2**20 + 1))
    assert "larger than 1,048,576 bytes" in told(written(tmp_path, step(TINY, "![eye](eye.png)\n")))
    assert "41 steps" in told(written(tmp_path, *(step(TINY, id=f"s{at}") for at in range(41))))
    assert "There are 7 runs. Keep at most 6" in told(written(tmp_path, step(TINY * 7)))
    (tmp_path / "kept.json").write_text(Recipe(spec(iterations=100_000)).to_json())
    assert "iterations is 100,000" in told(written(tmp_path, step('[[runs]]\nrecipe = "kept.json"\n')))


def test_a_recipe_of_somebodys_weights_is_refused(tmp_path):
    (tmp_path / "kept.json").write_text(Recipe(spec(weights="sha256:" + "0" * 64)).to_json())
    assert "needs a file of weights" in told(written(tmp_path, step('[[runs]]\nrecipe = "kept.json"\n')))


def test_a_network_is_never_imported(tmp_path):
    head = HEAD.replace('"tiny"', '"os:getcwd"')
    assert "'os:getcwd' is not registered" in told(written(tmp_path, step(), head=head))


@pytest.mark.parametrize(
    "text",
    [
        "[![eye](eye.png)](javascript:x)",
        "[more](https://a.org\n)",
        "[more][1]\n\n[1]: javascript:x",
        "[more](&#106;avascript:x)",
        "`` ` `` [more](javascript:x) `",
        "``` a`b\n[more](javascript:x)\n```",
        "```\ncode\n````\n[more](javascript:x)",
        "~~~\n```\n~~~\n[more](javascript:x)",
        "<javascript:x>",
        "<!-- -->",
        "a\u202eb",
        "a\x1b[31mb",
        "see http://a.org",
        "see www.a.org",
        "write to a@a.org",
    ],
)
def test_no_other_link_or_mark_gets_through(tmp_path, text):
    """Whatever a reader of Markdown would make a link of."""
    (tmp_path / "eye.png").write_bytes(b"pixels")
    said = told(written(tmp_path, step(TINY, f"{text}\n"), head=HEAD))
    assert any(word in said for word in ("link", "HTML", "cannot be seen", "address"))


def test_an_address_as_code_or_beside_a_link_is_none(tmp_path):
    text = "Type `http://a.org`, see [a@a.org, www.a.org](https://a.org), or 5 @ 3.\n"
    assert read_lesson(written(tmp_path, step(TINY, text), head=HEAD))


@pytest.mark.parametrize("field", ["title", "needs"])
def test_escapes_bring_no_letters_that_cannot_be_seen(tmp_path, field):
    old, new = {"title": ('"Noise"', r'"No\u202eise"'), "needs": ('"tiny"', r'"ti\u0007ny"')}[field]
    said = told(written(tmp_path, step(TINY), head=HEAD.replace(old, new)))
    assert f"noise.md:{2 if field == 'title' else 4}: " in said and "cannot be seen" in said


def test_a_name_that_cannot_be_printed_is_told_by_escapes(tmp_path):
    for name, shown in (("x\udcff.md", r"x\udcff.md"), ("x\x1b[31m.md", r"x\x1b[31m.md"), ("x\n.md", r"x\n.md")):
        said = told(written(tmp_path, step(TINY), head=HEAD, name=name))
        assert all(line.startswith(f"{shown}:1: ") and line.isprintable() for line in said.split("\n"))


def test_nothing_keeps_the_reader_busy(tmp_path):
    """Lines that make a careless expression go back and forth."""
    for part in ("[", "[a](", "![", "x = {", "a.", "> - [ ] ", "[a](x)", "<", "x = ["):
        line = part * (999 // len(part)) + "\n"
        began = time.process_time()
        for bad in (step(TINY, line * 100), step(line * 100)):
            with suppress(LessonError):
                read_lesson(written(tmp_path, bad))
        assert time.process_time() - began < 3


def test_bytes_that_are_no_text(tmp_path):
    (tmp_path / "noise.md").write_bytes(b"+++\n\xff\n+++\n")
    assert "Byte 4 is not UTF-8" in told(tmp_path / "noise.md")
    assert "The file is called NOISE.md" in told(written(tmp_path, name="NOISE.md"))


@given(st.text(st.sampled_from("+`#>-[x] \n:!()<=\"'{}a1"), max_size=300))
@settings(max_examples=150, deadline=None)
def test_any_text_is_read_to_its_end(text):
    findings = Findings("noise.md")
    document = parse(f"{HEAD}{text}", findings)
    assert document.sections and all(1 <= problem.line <= 8 + text.count("\n") for problem in findings.problems)


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_a_damaged_lesson_is_read_or_told(tmp_path_factory, data):
    """A file with a part cut out, doubled or overwritten never raises anything but sentences."""
    good = HEAD + step(f'check = ["score >= 1"]\n{TINY}[solution]\n', f"Look.\n\n{ANSWERS}\n> hint: look\n")
    start = data.draw(st.integers(0, len(good)))
    end = data.draw(st.integers(start, min(len(good), start + 40)))
    middle = data.draw(st.sampled_from(["", "\n", "= ", '"', "[[", "- [x] ", "0", good[start:end] * 2]))
    file = tmp_path_factory.getbasetemp() / "damaged.md"
    file.write_text(good[:start] + middle + good[end:])
    try:
        read_lesson(file)
    except LessonError as error:
        assert error.problems and all(problem.mend for problem in error.problems)


@given(st.text(st.sampled_from("noise score[1]<>=!*.9 'in,layer"), max_size=40))
def test_any_check_is_read_or_refused(text):
    try:
        parse_check(text)
    except ActvizError as error:
        assert len(str(error)) < 500
