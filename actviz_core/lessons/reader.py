"""What is known while a lesson's file is read: its folder, language and networks, and what was found so far."""

from dataclasses import dataclass, field
from pathlib import Path

from ..dataset import photographs
from ..errors import ActvizError
from .beside import read_beside
from .problems import Findings
from .texts import LESSON, check_text

MOST_PICTURES = 20
SHIPPED = Path(__file__).parent / "shipped"


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
                if name.endswith(LESSON):
                    self.check_lesson(name)
                elif name not in self.pictures:
                    self.pictures[name] = self.picture(name)
            except ActvizError as problem:
                self.findings.note(number, problem)
        return text

    def check_lesson(self, name: str) -> None:
        """Raises ActvizError where no lesson of that file name is beside this one, nor comes along."""
        if not any((folder / name).is_file() for folder in (self.folder, SHIPPED)):
            raise ActvizError(f"there is no lesson {name} to link to; put one beside this one, or name a shipped one")

    def picture(self, name: str) -> bytes:
        """An image beside the lesson, as it is; ActvizError: unreadable, too large, or one too many."""
        if len(self.pictures) == MOST_PICTURES:
            raise ActvizError(f"the lesson has more than {MOST_PICTURES} images; leave some out")
        data = read_beside(self.folder, name)
        try:
            photographs.read(data)
        except ActvizError as problem:
            raise ActvizError(f"{name}: {problem}") from None
        return data

    def file(self, name: str) -> bytes:
        """A file beside the lesson."""
        return read_beside(self.folder, name)
