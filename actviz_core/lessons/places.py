"""Places: on which line of a file each value of a TOML text stands."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

TOKEN = re.compile(
    r'(?P<text>"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\')'
    r"|(?P<comment>#[^\n]*)|(?P<mark>[\n\[\]{}=,])|(?P<bare>[^\s\[\]{}=,#\"'.]+)",
    re.DOTALL,
)
STEP = re.compile(r"(?:\.[^.\[]*|\[\d+\]|^[^.\[]*)$")


@dataclass(frozen=True)
class Places:
    """The lines of values by their paths, such as "runs[0].set.blur" or "check[2]"; `first` is that of the text."""

    first: int
    lines: Mapping[str, int] = field(default_factory=dict[str, int])

    def of(self, *paths: str) -> int:
        """The line of the first of these that the file has, or of what the last one would be in."""
        for path in paths:
            if path in self.lines:
                return self.lines[path]
        path = paths[-1]
        while path and path not in self.lines:
            path = STEP.sub("", path)
        return self.lines.get(path, self.first)


def places_of(text: str, first: int) -> Places:
    """Of a text that can be read, which begins at that line of a file."""
    scanner = Scanner(first)
    for token in TOKEN.finditer(text):
        if token.lastgroup != "comment":
            scanner.take(token[0], token.lastgroup == "mark")
    return Places(first, scanner.lines)


@dataclass
class Open:
    """An array or a table between brackets; where an array is, in which entry."""

    path: str
    entry: int | None


class Scanner:
    """Goes through the tokens of TOML that is known to be right, so that brackets and commas need no proof."""

    def __init__(self, line: int) -> None:
        self.line = line
        self.lines: dict[str, int] = {}
        self.counts: dict[str, int] = {}  # of the tables that there are several of
        self.table = ""  # the one whose header was read last
        self.heading = 0  # brackets of a header that is being read
        self.open: list[Open] = []
        self.keys: list[str] | None = []  # of the key that is being read; None in a value
        self.path = ""  # of the value

    def take(self, token: str, mark: bool) -> None:
        """One more token."""
        if token == "\n":
            self.line += 1
            if not self.open:
                self.keys = []
        elif self.heading or self.keys is not None and not self.open and token == "[":
            self.take_header(token, mark)
        elif self.keys is not None and token == "=":
            self.path = self.place(self.open[-1].path if self.open else self.table, self.keys)
            self.keys = None
        elif self.keys is not None and not mark:
            self.keys.append(unquoted(token))
        else:
            self.take_value(token)
        if not mark:
            self.line += token.count("\n")

    def take_header(self, token: str, mark: bool) -> None:
        """Of a table, or of one of several."""
        assert self.keys is not None, "a header stands where a key may"
        if token == "[":
            self.heading += 1
        elif not mark:
            self.keys.append(unquoted(token))
        elif self.heading:
            several, self.heading = self.heading == 2, 0
            self.table = self.place("", self.keys, several)
            self.keys = None

    def take_value(self, token: str) -> None:
        """A scalar, or a bracket or comma between values."""
        inside = self.open[-1] if self.open else None
        if token in "]}" and inside:
            self.open.pop()
            self.keys = None
        elif token == "," and inside:
            if inside.entry is None:
                self.keys = []
            else:
                inside.entry += 1
        else:
            path = self.path
            if inside and inside.entry is not None:
                path = f"{inside.path}[{inside.entry}]"
                self.lines.setdefault(path, self.line)
            if token in "[{":
                self.open.append(Open(path, 0 if token == "[" else None))
                self.keys = None if token == "[" else []

    def place(self, path: str, keys: list[str], several: bool = False) -> str:
        """Where a key leads from a table, each table on the way placed; of several it is the last one."""
        for at, key in enumerate(keys):
            path = f"{path}.{key}" if path else key
            self.lines.setdefault(path, self.line)
            if several and at == len(keys) - 1:
                self.counts[path] = self.counts.get(path, -1) + 1
            if path in self.counts:
                path = f"{path}[{self.counts[path]}]"
                self.lines.setdefault(path, self.line)
        return path


def unquoted(key: str) -> str:
    return key[1:-1] if key[0] in "\"'" else key
