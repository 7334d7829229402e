"""What is used of Streamlit beside its documented names is still there, and in one file."""

import ast
from pathlib import Path

import pytest

from dashboard.state import streamlit_private
from dashboard.state.streamlit_private import LATE, REASONS, import_all, private

DOCUMENTED = {"streamlit.components.v2"}
DASHBOARD = Path(streamlit_private.__file__).parents[1]
OTHERS = [path for path in sorted(DASHBOARD.rglob("*.py")) if path != Path(streamlit_private.__file__)]


@pytest.mark.parametrize("place", REASONS)
def test_it_is_there(place):
    private.cache_clear()
    private(place)


def test_one_that_vanished_is_named_with_what_it_was_for(monkeypatch):
    private.cache_clear()
    monkeypatch.setitem(REASONS, "streamlit.runtime:gone", "telling the time")
    with pytest.raises(RuntimeError, match="no streamlit.runtime:gone; it is used for this: telling the time"):
        import_all()


def is_private(node: ast.AST) -> bool:
    """Whether it reaches into Streamlit: below the module that is documented, or for an underscore."""
    match node:
        case ast.ImportFrom(module=str(module)):
            return module.partition(".")[0] == "streamlit" and module not in DOCUMENTED
        case ast.Import():
            return any(name.name.startswith("streamlit.") for name in node.names)
        case ast.Attribute(value=ast.Name(id="st"), attr=attribute):
            return attribute.startswith("_")
        case ast.Constant(value=str(text)):
            return text in LATE or text.startswith(("streamlit.runtime", "streamlit.web"))
    return False


@pytest.mark.parametrize("path", OTHERS, ids=lambda path: str(path.relative_to(DASHBOARD)))
def test_no_other_file_reaches_into_streamlit(path):
    assert [node.lineno for node in ast.walk(ast.parse(path.read_text())) if is_private(node)] == []
