"""The session's state is reached through its keys alone, and they are in one file."""

import ast
from pathlib import Path

import pytest

from dashboard.state import keys

DASHBOARD = Path(keys.__file__).parents[1]
OTHERS = [path for path in sorted(DASHBOARD.rglob("*.py")) if path != Path(keys.__file__)]


def is_string(node: ast.AST) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def names_a_key(node: ast.AST) -> bool:
    """Whether it reaches into the session's state past its keys, or names a widget's key itself."""
    match node:
        case ast.Attribute(attr="session_state"):
            return True
        case ast.keyword(arg="key", value=value):
            return is_string(value)
        case ast.Call(func=ast.Name(id="Key")):
            return True
    return False


@pytest.mark.parametrize("path", OTHERS, ids=lambda path: str(path.relative_to(DASHBOARD)))
def test_no_other_file_has_a_key_of_its_own(path):
    assert [node for node in ast.walk(ast.parse(path.read_text())) if names_a_key(node)] == []


def test_no_two_have_the_same_name():
    names = [value.name for value in vars(keys).values() if isinstance(value, keys.Key)]
    assert len(names) == len(set(names)) > 40
