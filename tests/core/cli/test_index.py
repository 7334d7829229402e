"""The command index, on the network that people have at once."""

import shutil

from PIL import Image

from actviz_core import Folder, find_index, load_model, samples
from actviz_core.cli.main import main


def test_a_folder_is_indexed_and_what_is_no_image_is_told(here, capsys):
    (here / "photos" / "more").mkdir(parents=True)
    for name in ("cat", "coffee"):
        Image.fromarray(samples.sample(name)).save(here / "photos" / f"{name}.jpg")
    shutil.copy(here / "photos" / "cat.jpg", here / "photos" / "more" / "cat.jpg")
    (here / "photos" / "notes.txt").write_text("no image")
    command = ["index", "--images", "photos", "--store", "kept", "--layers", "blocks.1.0", "blocks.4.0"]
    assert main(command) == 0
    said = capsys.readouterr()
    assert said.out == "kept: 2 images, 136 channels, 2 layers\n"
    assert "actviz: not in it: 2 files\n  more/cat.jpg: nearly the same as cat.jpg\n  notes.txt: this" in said.err
    index = find_index(here / "kept", load_model("efficientnet_lite0"), Folder("photos"))
    assert index and index.layers == ("blocks.1.0", "blocks.4.0")
    assert main(["index", "--images", "nowhere"]) == 2
    assert capsys.readouterr().err == "actviz: there is no folder nowhere: name one that holds images.\n"
    assert main(["index", "--images", "photos", "--layers", "blocks.9.0"]) == 2
    assert "has no layer 'blocks.9.0' (did you mean blocks." in capsys.readouterr().err
