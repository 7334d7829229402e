"""A folder of lessons while somebody writes in it."""

from dashboard.state.courses import Courses, stamp_of


def test_what_an_editor_leaves_takes_nothing_away(tmp_path):
    courses = Courses()
    courses.folders = (str(tmp_path),)
    before = courses.read()
    (tmp_path / ".#1-mine.md").symlink_to("somebody@somewhere.1")
    (tmp_path / "2-loop.md").symlink_to("2-loop.md")
    (tmp_path / "gone.swp").symlink_to("nowhere")
    after = courses.read()
    assert after.lessons == before.lessons
    assert [problem.file for problem in after.problems] == [str(tmp_path / "2-loop.md")]


def test_a_changed_file_is_noticed(tmp_path):
    (tmp_path / "1-mine.md").write_text("one")
    before = stamp_of((str(tmp_path),))
    (tmp_path / "1-mine.md").write_text("another")
    assert stamp_of((str(tmp_path),)) != before
