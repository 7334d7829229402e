"""What lies beside the code for people and tools: the citation, the bug template, the hooks before a commit."""

import re
import tomllib
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def read(path):
    return yaml.safe_load((ROOT / path).read_text())


def test_the_citation_is_valid_and_agrees_with_the_package():
    citation = read("CITATION.cff")
    assert {"cff-version", "message", "title", "authors"} <= set(citation)  # required by its schema
    allowed = {"cff-version", "message", "type", "title", "abstract", "authors", "version", "license", "keywords"}
    assert set(citation) <= allowed and citation["cff-version"] == "1.2.0" and citation["type"] == "software"
    assert citation["authors"] == [{"name": "The actviz authors"}]
    assert str(citation["version"]) == PROJECT["version"] and citation["license"] == PROJECT["license"]
    assert all(isinstance(word, str) for word in citation["keywords"])


def test_a_bug_comes_with_its_recipe():
    template = read(".github/ISSUE_TEMPLATE/bug.yml")
    assert {"name", "description", "body"} <= set(template)
    fields = {field["id"]: field for field in template["body"]}
    assert len(fields) == len(template["body"])
    assert all(field["type"] in ("textarea", "input") and field["attributes"]["label"] for field in fields.values())
    assert "PNG" in fields["recipe"]["attributes"]["description"] and fields["recipe"]["validations"]["required"]


def test_what_runs_before_a_commit_is_what_make_check_runs():
    check = (ROOT / "Makefile").read_text().partition("\ncheck:")[2].partition("\n\n")[0]
    [repository] = read(".pre-commit-config.yaml")["repos"]
    assert repository["repo"] == "local"
    for hook in repository["hooks"]:
        command = re.match(r"(\.venv/bin/[\w-]+(?: (?:format|check))?)", hook["entry"])[1]
        assert command in check and hook["language"] == "system", hook["id"]
