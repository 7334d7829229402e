import io

import numpy as np
from PIL import Image

from actviz_core import samples
from actviz_core.dataset.duplicates import Distinct, difference_hash


def test_the_hash_says_where_a_cell_is_brighter_than_its_left_neighbour():
    ramp = np.zeros((8, 9, 3), np.uint8)
    ramp[:4] = np.arange(0, 90, 10)[None, :, None]
    ramp[7, 8] = 200
    assert difference_hash(ramp) == 0xFFFFFFFF00000001
    assert difference_hash(ramp[:, ::-1].copy()) == 0


def test_another_size_or_quality_is_nearly_the_same_and_another_photograph_is_not():
    distinct = Distinct()
    for name in [each.name for each in samples.SAMPLES] * 10:
        distinct.add(name, difference_hash(samples.sample(name)) if len(distinct.names) < 11 else 0x5555555555555555)
    for each in samples.SAMPLES:
        small, file = Image.fromarray(samples.sample(each.name)), io.BytesIO()
        small.resize((small.width // 2, small.height // 2), Image.Resampling.BICUBIC).save(file, "JPEG", quality=60)
        assert distinct.nearest(difference_hash(np.asarray(Image.open(file)))) == each.name
        mirrored = samples.sample(each.name)[:, ::-1].copy()
        assert distinct.nearest(difference_hash(mirrored)) is None
