"""Files of lessons, written for a test, and the tiny network by a name that they may use."""

from pathlib import Path

HEAD = '+++\ntitle = "Noise"\nminutes = 3\nneeds = ["efficientnet_lite0", "tiny"]\n+++\nWhat it is about.\n'
RUN = '[[runs]]\ntitle = "plain"\nlayer = "blocks.4.0"\nchannel = 20\nsize = 64\n'
TINY = (
    '[[runs]]\ntitle = "plain"\nmodel = "tiny"\nlayer = "conv2"\nchannel = 1\nsize = [16, 24]\niterations = 8\n'
    'parametrization = {kind = "pixel_image"}\n'
)
ANSWERS = "Which is it?\n- [x] this one\n  > Yes.\n- [ ] that one\n  > No.\n"


def step(fields: str = RUN, text: str = "Look.\n", id: str = "one", title: str = "A title") -> str:
    """A section of a lesson, of which the block of fields begins in the second line."""
    return f'\n## {title}\n```step\nid = "{id}"\n{fields}```\n{text}'


def written(folder: Path, *steps: str, head: str = HEAD, name: str = "noise.md") -> Path:
    """The file of a lesson: the first step's heading is in line 8, its first field in line 11."""
    file = folder / name
    file.write_text(head + "".join(steps), "utf-8")
    return file
