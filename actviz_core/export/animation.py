"""A film: how a picture, or several in step, came about.

Written as GIF, animated WebP or MP4, the last picture held.
"""

import importlib
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import ModuleType

import numpy as np
from jaxtyping import UInt8
from PIL import Image

from ..errors import ActvizError
from ..runs.history import History
from .pictures import CheckedFile, go_on, labelled, sheet

FRAMES, SECONDS, LAST_SECONDS = 120, 0.06, 1.5  # at most so many pictures, so long each, and the last one
SIDE = 1280  # px, the longest; larger pictures are made smaller
SAMPLES, SAMPLED_PIXELS = 12, 200_000  # pictures that a GIF's colours are taken from, and pixels of all of them
# Methods and qualities that take a few milliseconds a picture and cannot be told from slower ones by eye.
WEBP = {"quality": 85, "method": 0}
H264 = {"preset": "veryfast", "crf": "18"}


@dataclass(frozen=True)
class Film:
    """Some iterations, and what draws the picture of one when it is needed."""

    iterations: tuple[int, ...]
    draw: Callable[[int], UInt8[np.ndarray, "h w 3"]]

    @classmethod
    def of_run(cls, pictures: Mapping[int, UInt8[np.ndarray, "n _ _ 3"]]) -> "Film":
        """Recorded pictures by iteration; the first ones may be smaller."""
        return cls(spread(pictures), lambda iteration: sheet(pictures[iteration]))

    @classmethod
    def in_step(cls, histories: Sequence[History], labels: Sequence[str]) -> "Film":
        """Several runs over their labels: at each iteration the pictures that each had."""
        columns = [dict(history.pictures.values) for history in histories]
        times = [sorted(pictures) for pictures in columns]

        def draw(iteration: int) -> UInt8[np.ndarray, "h w 3"]:
            reached = [max((time for time in own if time <= iteration), default=own[0]) for own in times]
            shown = [sheet(pictures[time]) for pictures, time in zip(columns, reached, strict=True)]
            return sheet(labelled(shown, labels))

        return cls(spread({time for own in times for time in own}), draw)

    def size(self) -> tuple[int, int]:
        """Width and height of the last picture, within the longest side allowed."""
        height, width, _ = self.draw(self.iterations[-1]).shape
        shrink = min(1.0, SIDE / max(height, width))
        return max(1, round(width * shrink)), max(1, round(height * shrink))

    def images(self, check: Callable[[], None]) -> Iterator[Image.Image]:
        """All pictures in one size: a run may have begun with smaller ones."""
        size = self.size()
        for iteration in self.iterations:
            check()
            image = Image.fromarray(self.draw(iteration))
            yield image if image.size == size else image.resize(size, Image.Resampling.LANCZOS)


def spread(iterations: Iterable[int]) -> tuple[int, ...]:
    """At most FRAMES of them, evenly, the first and the last among them."""
    iterations = sorted(iterations)
    if len(iterations) > FRAMES:
        iterations = [iterations[round(place)] for place in np.linspace(0, len(iterations) - 1, FRAMES)]
    return tuple(iterations)


def encode(film: Film, kind: str, check: Callable[[], None] = go_on) -> bytes:
    """The film as a file of a kind in FILMS. `check` is called before each picture; what it raises ends the work."""
    return FILMS[kind](film, check)


def gif(film: Film, check: Callable[[], None]) -> bytes:
    """One palette for all pictures, dithered: without that, smooth ones show bands."""
    colours = palette(film, check)
    return animated(
        film, check, "GIF", lambda image: image.quantize(palette=colours, dither=Image.Dither.FLOYDSTEINBERG)
    )


def webp(film: Film, check: Callable[[], None]) -> bytes:
    """Pictures that at this quality look like the one before become one with it.

    The one is shown for as long as both: fewer pictures than in a GIF, but no shorter.
    """
    return animated(film, check, "WEBP", lambda image: image, **WEBP)


def animated(
    film: Film, check: Callable[[], None], name: str, prepare: Callable[[Image.Image], Image.Image], **options: int
) -> bytes:
    images, file = map(prepare, film.images(check)), CheckedFile(check)
    milliseconds = [round(1000 * SECONDS)] * (len(film.iterations) - 1) + [round(1000 * LAST_SECONDS)]
    next(images).save(file, name, save_all=True, append_images=images, duration=milliseconds, loop=0, **options)
    return file.getvalue()


def palette(film: Film, check: Callable[[], None]) -> Image.Image:
    """256 colours of pictures from the whole film."""
    places = sorted({round(place) for place in np.linspace(0, len(film.iterations) - 1, SAMPLES)})
    samples = list(Film(tuple(film.iterations[place] for place in places), film.draw).images(check))
    stride = max(1, round((len(samples) * samples[0].width * samples[0].height / SAMPLED_PIXELS) ** 0.5))
    pixels = np.concatenate([np.asarray(image)[::stride, ::stride] for image in samples])
    return Image.fromarray(pixels).quantize(256, Image.Quantize.FASTOCTREE)


def mp4(film: Film, check: Callable[[], None]) -> bytes:
    """H.264 as every browser and phone plays it: 4:2:0, so with even sides.

    The last picture is held by repeating it.
    """
    av = video_library()
    width, height = (side + side % 2 for side in film.size())
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=1 / Fraction(str(SECONDS)), options=H264)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.codec_context.thread_count = 1  # the other cores are the optimization's
        for image in film.images(check):
            pixels = np.pad(np.asarray(image), ((0, height - image.height), (0, width - image.width), (0, 0)), "edge")
            container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        for _ in range(round(LAST_SECONDS / SECONDS) - 1):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        container.mux(stream.encode())
    return file.getvalue()


def check_library(kind: str) -> None:
    """ActvizError where a film of that kind needs what is not installed."""
    if kind == "mp4":
        video_library()


def video_library() -> ModuleType:
    """PyAV, which only MP4 needs: a bare machine with a GPU may be without."""
    try:
        return importlib.import_module("av")
    except ImportError as problem:
        raise ActvizError("An MP4 needs PyAV, which is not installed here: pip install av, or save a GIF.") from problem


FILMS: dict[str, Callable[[Film, Callable[[], None]], bytes]] = {"gif": gif, "webp": webp, "mp4": mp4}
"""The kinds of files that a film can be, by their suffix."""
