"""Films: how many pictures, how large, how long, and what they show."""

import importlib
import io
import struct
import sys

import av
import numpy as np
import pytest
from PIL import Image

from actviz_core import FILMS, ActvizError, Film, Frame, History, encode, export
from actviz_core.export.animation import FRAMES, SIDE, spread
from actviz_core.export.pictures import length_of, line


def blocks(iteration, n=1, height=20, width=28):
    """Pictures of 8 x 8 blocks whose colours the iteration draws: codecs keep such, and no two are alike."""
    colours = np.random.default_rng(iteration).integers(
        40, 216, (n, -(-height // 8), -(-width // 8), 3), dtype=np.uint8
    )
    return colours.repeat(8, 1).repeat(8, 2)[:, :height, :width]


def read(data, kind):
    """Pictures [n, h, w, 3] and the seconds that each is shown."""
    if kind == "mp4":
        with av.open(io.BytesIO(data)) as container:
            stream = container.streams.video[0]
            frames = list(container.decode(video=0))
            assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
            return np.stack([frame.to_ndarray(format="rgb24") for frame in frames]), [
                float(frame.duration * frame.time_base) for frame in frames
            ]
    film, pictures, seconds = Image.open(io.BytesIO(data)), [], []
    assert film.format == kind.upper()
    for place in range(film.n_frames):
        film.seek(place)
        pictures.append(np.asarray(film.convert("RGB")))
        seconds.append(film.info["duration"] / 1000)
    assert film.n_frames == 1 or film.info["loop"] == 0
    return np.stack(pictures), seconds


def film_of(iterations, **size):
    return Film.of_run({iteration: blocks(iteration, **size) for iteration in iterations})


@pytest.mark.parametrize("kind", FILMS)
def test_a_film_shows_every_picture_in_order_and_holds_the_last(kind):
    pictures, seconds = read(encode(film_of((5, 1, 3)), kind), kind)
    if kind == "mp4":  # its last picture is repeated
        assert seconds == pytest.approx([0.06] * 27)
        pictures = pictures[:3]
    else:
        assert seconds == [0.06, 0.06, 1.5]
    assert pictures.shape == (3, 20, 28, 3)
    for picture, iteration in zip(pictures, (1, 3, 5), strict=True):
        assert abs(picture.astype(int) - blocks(iteration)[0]).mean() < 12


@pytest.mark.parametrize("kind", FILMS)
def test_a_film_of_one_picture(kind):
    pictures, seconds = read(encode(film_of([7]), kind), kind)
    assert len(pictures) == (25 if kind == "mp4" else 1) and abs(pictures[0].astype(int) - blocks(7)[0]).mean() < 12
    if kind == "mp4":
        assert sum(seconds) == pytest.approx(1.5)


@pytest.mark.parametrize("kind", FILMS)
def test_a_long_run_makes_a_film_of_bounded_length(kind):
    pictures, seconds = read(encode(film_of(range(1, 400)), kind), kind)
    assert len(pictures) == FRAMES + (24 if kind == "mp4" else 0)
    assert sum(seconds) == pytest.approx(119 * 0.06 + 1.5)
    assert abs(pictures[-1].astype(int) - blocks(399)[0]).mean() < 12


def test_a_webp_that_joins_pictures_alike_takes_as_long_as_the_gif():
    """The end of a run, where its steps have become too small to be seen."""
    still = blocks(2, height=64, width=64)
    pictures = {
        1: blocks(1, height=64, width=64),
        2: still,
        3: still + np.uint8(1),
        4: still + np.uint8(2),
        5: blocks(5, height=64, width=64),
    }
    (shown, gif), (joined, webp) = (read(encode(Film.of_run(pictures), kind), kind) for kind in ("gif", "webp"))
    assert (len(shown), len(joined)) == (5, 3) and sum(gif) == pytest.approx(sum(webp))
    assert webp == pytest.approx([0.06, 0.18, 1.5]) and abs(joined[1].astype(int) - still[0]).mean() < 12


def test_what_is_shown_is_spread_evenly_from_the_first_to_the_last():
    shown = spread(range(0, 1000, 2))
    assert len(shown) == FRAMES and (shown[0], shown[-1]) == (0, 998) and set(np.diff(shown)) == {8, 10}
    assert spread([4, 2]) == (2, 4)


@pytest.mark.parametrize("kind", FILMS)
def test_pictures_of_odd_sides_keep_them_but_for_an_even_edge_in_mp4(kind):
    pictures, _ = read(encode(film_of((1, 2), height=21, width=29), kind), kind)
    assert pictures.shape[1:] == ((22, 30, 3) if kind == "mp4" else (21, 29, 3))


@pytest.mark.parametrize("kind", FILMS)
def test_several_pictures_share_each_frame(kind):
    pictures, _ = read(encode(film_of((1, 2, 3), n=3), kind), kind)
    assert pictures.shape[1:] == (44, 60, 3)
    assert pictures[0][24:44, 32:60].mean() < 5  # the fourth place is empty


@pytest.mark.parametrize("kind", FILMS)
def test_a_run_that_began_smaller_makes_a_film_of_the_last_size(kind):
    film = Film.of_run({1: blocks(1, height=10, width=14), 2: blocks(2)})
    assert read(encode(film, kind), kind)[0].shape[1:] == (20, 28, 3)


def test_a_film_is_never_larger_than_a_screen():
    film = film_of((1, 2), height=SIDE // 2, width=2 * SIDE)
    assert film.size() == (SIDE, SIDE // 4)
    assert Image.open(io.BytesIO(encode(film, "webp"))).size == (SIDE, SIDE // 4)


def test_a_gif_of_a_smooth_picture_shows_no_bands():
    """Without dithering whole areas lie on one colour: the mean over 8 x 8 pixels is then far from the picture's."""
    rows, columns = np.mgrid[0:128, 0:160] / 160
    picture = np.stack([60 + 60 * rows, 90 + 50 * columns, 140 - 40 * rows * columns], 2)
    loud = np.random.default_rng(0).integers(0, 256, (128, 160, 3))  # other pictures take colours too
    film = Film.of_run({place: np.uint8([picture * (1 - place / 12) + loud * place / 12]) for place in range(12)})
    seen = read(encode(film, "gif"), "gif")[0][0]
    means = (seen - np.uint8(picture).astype(float)).reshape(16, 8, 20, 8, 3).mean((1, 3))
    assert abs(means).mean() < 1.5


def test_columns_in_step_show_the_picture_that_each_had():
    quick, slow = History(), History()
    for history, iterations in ((quick, (1, 2, 3, 4)), (slow, (2, 4))):
        for iteration in iterations:
            history.add(Frame(iteration, blocks(10 * iteration), (0.0,)))
    film = Film.in_step([quick, slow], ["quick", "slow"])
    assert film.iterations == (1, 2, 3, 4)
    for iteration, reached in ((1, 2), (2, 2), (3, 2), (4, 4)):
        drawn = film.draw(iteration)
        cell = length_of("quick")  # more than a picture
        assert drawn.shape == (44, 2 * cell + 4, 3)
        assert (drawn[:20, :28] == blocks(10 * iteration)[0]).all()
        assert (drawn[:20, cell + 4 : cell + 32] == blocks(10 * reached)[0]).all()
        assert (drawn[20:44, :cell] == line("quick", cell)).all()


class Enough(Exception):
    pass


@pytest.mark.parametrize("kind", FILMS)
@pytest.mark.parametrize("after", [0, 1, 5, 20])
def test_the_work_ends_between_two_pictures(kind, after):
    drawn, calls = [], iter(range(after))

    def check():
        if next(calls, None) is None:
            raise Enough

    film = Film(tuple(range(30)), lambda iteration: drawn.append(iteration) or blocks(iteration)[0])
    with pytest.raises(Enough):
        encode(film, kind, check)
    assert len(drawn) <= after + 4  # and the sizes, asked for first


def test_a_gif_can_be_given_up_while_it_is_written():
    calls = []
    encode(film_of(range(30)), "gif", lambda: calls.append(1))
    assert len(calls) > 12 + 30 + 30  # samples, pictures, and the parts of the file


def test_an_mp4_can_be_read_from_its_beginning():
    assert struct.unpack(">I4s", encode(film_of((1, 2)), "mp4")[:8])[1] == b"ftyp"


def test_only_an_mp4_needs_the_library_of_videos(monkeypatch):
    monkeypatch.setitem(sys.modules, "av", None)  # as where it is not installed
    monkeypatch.delitem(sys.modules, "actviz_core.export.animation")
    monkeypatch.setattr(export, "animation", None)  # the module of the other tests comes back after this one
    animation = importlib.import_module("actviz_core.export.animation")
    film = animation.Film.of_run({iteration: blocks(iteration) for iteration in (1, 3)})
    with pytest.raises(ActvizError, match="An MP4 needs PyAV, which is not installed here"):
        animation.encode(film, "mp4")
    assert animation.encode(film, "gif").startswith(b"GIF")
