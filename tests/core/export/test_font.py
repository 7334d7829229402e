"""What is written on pictures has letters, and none of the boxes that stand for those a font lacks."""

import pytest

from actviz_core.export.font import font

BOX = "\U0010ffff"  # which no font has


@pytest.mark.parametrize("letter", "äöüßÄéèêçœĲşжλ−·…×²±“”„‘’–�")
def test_letters_of_names_and_signs_of_numbers_are_there(letter):
    assert bytes(font(12).getmask(letter)) != bytes(font(12).getmask(BOX))


def test_what_is_not_there_is_a_box():
    assert bytes(font(12).getmask("猫")) == bytes(font(12).getmask(BOX))
