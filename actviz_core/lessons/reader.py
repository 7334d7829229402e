"""What is known while a lesson's file is read: its folder, language and networks, and what was found so far."""

from dataclasses import dataclass, field
from pathlib import Path

from ..errors import ActvizError
from .beside import read_beside
from .problems import Findings
from .texts import check_text

MOST_PICTURES = 20


@dataclass
class Reader:
    """What the steps of a file share: its folder, language and networks, and what was found."""

    folder: Path
    lang: str
    needs: tuple[str, ...]
    findings: Findings
    pictures: dict[str, bytes] = field(default_factory=dict[str, bytes])

    def text(self, text: str, line: int) -> str:
        """A text whose links and images are looked at; the images' files are read."""
        for name, number in check_text(text, line, self.findings):
            try:
                if name not in self.pictures and len(self.pictures) == MOST_PICTURES:
                    raise ActvizError(f"the lesson has more than {MOST_PICTURES} images; leave some out")
                if name not in self.pictures:
                    self.pictures[name] = read_beside(self.folder, name)
            except ActvizError as problem:
                self.findings.note(number, problem)
        return text

    def file(self, name: str) -> bytes:
        """A file beside the lesson."""
        return read_beside(self.folder, name)
