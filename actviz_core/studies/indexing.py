"""Indexing: one pass of many images through a network, from which an index is made.

Images are read ahead by a thread of its own. What comes of them is kept in shards, so that a run that was ended goes on
where it stopped; at the end the shards become the index.
"""

import math
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from ..dataset import index_bound, index_files, shards, workplace
from ..dataset.duplicates import Distinct
from ..dataset.index import DamagedIndex, Index
from ..dataset.index_files import About, LayerSize
from ..dataset.shards import Broken, Outcome
from ..dataset.sources import Entry, FolderGone, Source, printed
from ..errors import ActvizError
from ..frames import Frame
from ..machine import WithinMemory, fetched, is_out_of_memory, sent
from ..models.layers import AnyModel, find_layer, list_layers
from ..models.maxima import maxima
from ..models.model import Model
from .read_ahead import NO_PICTURE, Loaded, is_readable, loaded
from .store import default_folder
from .turn import Turn

SMALL = 200  # images: the best of fewer may be poor
FAILURES = 32  # images in a row for which a network fails, after which it is the network that is at fault
SHARD = 64  # entries; so many are read again when a process is killed
TOGETHER = {"cpu": 8, "cuda": 64}
LONGEST = 0.25  # seconds that other runs wait for a pass of several images
LAST = 0.05  # of the fraction: making the index of the shards


@dataclass(frozen=True, eq=False)
class IndexFrame(Frame):
    """How far it is, and how many of all images are done; the last one has the index."""

    fraction: float = 0.0
    done: int = 0
    of: int = 0
    index: Index | None = None

    @property
    def words(self) -> str:
        return f"{self.index.images:,} images" if self.index else f"{self.done:,} of {self.of:,} images"


@dataclass(frozen=True)
class IndexImages:
    """The work of a run that makes an index of a source's images, or goes on with it.

    layers  those in the chart if none are given; what an index lacks of them is added to what it has
    root    the folder of all indexes
    """

    network: tuple[str, str]
    source: Source
    layers: tuple[str, ...] = ()
    root: str = ""

    def begin(self, models: Callable[[str, str], Model]) -> Iterator[IndexFrame]:
        """Raises ActvizError: unknown layers, no images, a folder that disappears or cannot be written, OutOfMemory."""
        return indexing(models(*self.network), self.source, self.layers, Path(self.root or index_folder()))


def index_folder() -> Path:
    """Where indexes are kept: beside the galleries."""
    return default_folder() / "indexes"


def find_index(root: Path, model: AnyModel, source: Source) -> Index | None:
    """The newest finished index of a source's images; None if there is none. Images that came later are not in it."""
    place = place_of(root, model, source)
    found = index_files.read(place)
    index_bound.use(place)
    return found[0] if found else None


def place_of(root: Path, model: AnyModel, source: Source) -> Path:
    """The folder of an index: another one for other weights, another size or other preprocessing."""
    size, statistics = (model.height, model.width), (tuple(model.mean), tuple(model.std))
    return Path(root) / index_files.key_of(model.weights_hash, size, statistics, source.key)


def indexing(model: Model, source: Source, layers: Sequence[str], root: Path) -> Iterator[IndexFrame]:
    """Frames on the way to an index, the last with it."""
    try:
        with WithinMemory(model.device, f"an index of {source.about}", "Choose a smaller network."):
            yield from Indexing(model, source, layers, root).frames()
    except OSError as problem:
        raise ActvizError(f"the index in {root} cannot be written: {problem.strerror or problem}.") from None


class Indexing:
    """An index on its way."""

    def __init__(self, model: Model, source: Source, layers: Sequence[str], root: Path) -> None:
        self.model, self.source = model, source
        self.place = place_of(root, model, source)
        self.entries = source.entries()
        self.digest = index_files.digest_of(self.entries)
        self.there = index_files.read(self.place)
        chart = [layer.name for layer in list_layers(model) if layer.block]
        wanted = {find_layer(model, name).name for name in layers or chart}
        had = {layer.name for layer in self.there[1].layers} if self.there else set()
        self.missing = not wanted <= had
        self.layers = [layer for layer in list_layers(model) if layer.name in wanted | had]
        self.folder = self.place  # where shards are, until one is taken that is free
        self.distinct, self.shard, self.start = Distinct(), shards.Shard(), 0
        self.iteration, self.turn, self.each = 0, Turn(), math.inf  # seconds of an image
        self.failed: dict[Entry, str] = {}
        self.in_a_row = 0

    @property
    def done(self) -> int:
        return self.start + len(self.shard.outcomes)

    def frames(self) -> Iterator[IndexFrame]:
        if self.there and (yield from self.is_complete(self.there[1])):
            yield self.frame(1.0, self.there[0])
            return
        with workplace.taken(self.place, [layer.name for layer in self.layers]) as self.folder:
            yield from self.work()

    def work(self) -> Iterator[IndexFrame]:
        try:
            yield from self.resume()
            self.trim()
            yield from self.passes()
        except FolderGone:
            self.flush()
            raise ActvizError(
                f"{self.source.about} disappeared after {self.done:,} of {len(self.entries):,} images. "
                "These are kept: make the index once more when it is there again."
            ) from None
        try:
            yield from self.merge()
        except (Broken, DamagedIndex):
            raise ActvizError(f"parts of the index in {self.folder} were lost meanwhile: make it once more.") from None

    def is_complete(self, about: About) -> Generator[IndexFrame, None, bool]:
        """Whether an index has all that is asked for; what it could not read is tried again."""
        if about.entries != self.digest or self.missing:
            return False
        passing = set(about.passing)
        for entry in self.entries:
            if entry.name in passing:
                yield self.frame(0.0)
                if is_readable(self.source, entry):
                    return False
        return True

    def resume(self) -> Iterator[IndexFrame]:
        """Goes on behind the shards that there are.

        From the first on that is damaged, or now can have more, they are made again.
        """
        shapes = [(layer.channels, layer.height * layer.width) for layer in self.layers]
        for kept in shards.kept(self.folder, self.entries):
            if not kept.is_whole(shapes) or any(is_readable(self.source, entry) for entry in kept.passing):
                shards.remove(self.folder, self.start)
                break
            yield self.frame(self.fraction)
            self.start += len(kept.outcomes)
            for name, found in zip(kept.names, kept.fingerprints, strict=True):
                self.distinct.add(name, found)
        yield from self.give_way(self.fraction)

    def passes(self) -> Iterator[IndexFrame]:
        """All that the shards lack."""
        size, together = (self.model.height, self.model.width), self.most_together
        with closing(loaded(self.source, self.entries[self.start :], size, together)) as batches:
            for batch in batches:
                yield from self.look(batch)
                if len(self.shard.outcomes) >= SHARD:
                    self.flush()
        self.flush()

    @property
    def most_together(self) -> int:
        return TOGETHER.get(self.model.device.type, TOGETHER["cpu"])

    @property
    def fraction(self) -> float:
        return (1.0 - LAST) * self.done / len(self.entries)

    def frame(self, fraction: float, index: Index | None = None) -> IndexFrame:
        self.iteration += 1
        return IndexFrame(
            self.iteration, NO_PICTURE, (), fraction=fraction, done=self.done, of=len(self.entries), index=index
        )

    def look(self, batch: Sequence[Loaded]) -> Iterator[IndexFrame]:
        """Passes a batch through the network, in parts that hold up nobody for long."""
        judged = [self.judged(each) for each in batch]
        new = deque(each for each in judged if not each.why)
        while new:
            part = [new.popleft() for _ in range(min(self.together, len(new)))]
            began = time.monotonic()
            self.try_answer(part)
            self.each = max(time.monotonic() - began, 1e-6) / len(part)
            if new:
                yield from self.give_way(self.fraction)
        self.shard.outcomes += [
            Outcome(each.entry, each.why or self.failed.pop(each.entry, ""), each.passing) for each in judged
        ]
        yield from self.give_way(self.fraction)

    @property
    def together(self) -> int:
        """How many images the next pass may have."""
        return max(1, min(self.most_together, int(max(LONGEST, self.turn.left) / self.each)))

    def give_way(self, fraction: float) -> Iterator[IndexFrame]:
        """Says how far it is, when its turn is over."""
        if self.turn.left <= 0:
            with self.turn.given_up():
                yield self.frame(fraction)

    def judged(self, each: Loaded) -> Loaded:
        """The same, or why it does not count."""
        if each.why:
            return each
        twin = self.distinct.nearest(each.fingerprint)
        if twin is not None:
            return Loaded(each.entry, why=f"nearly the same as {printed(twin)}")
        self.distinct.add(each.entry.name, each.fingerprint)
        return each

    def try_answer(self, part: Sequence[Loaded]) -> None:
        """Notes the answers, one by one where there is one among them that the network fails for."""
        try:
            self.answer(part)
            self.in_a_row = 0
        except Exception as problem:  # what anybody's network raises
            if is_out_of_memory(problem):
                raise
            if len(part) > 1:
                for each in part:
                    self.try_answer([each])
                return
            self.in_a_row += 1
            said = str(problem) if isinstance(problem, ActvizError) else f"{type(problem).__name__}: {problem}"
            self.failed[part[0].entry] = f"the network fails for it. {said}"
            if self.in_a_row == FAILURES:
                raise ActvizError(
                    f"{printed(part[0].entry.name)} and others before: the network fails. {said}"
                ) from None

    def answer(self, part: Sequence[Loaded]) -> None:
        """Notes what the network answers to these pictures."""
        pictures = torch.from_numpy(np.stack([each.picture for each in part]))
        images = sent(pictures, self.model.device).permute(0, 3, 1, 2).float() / 255
        found = maxima(self.model, images, [layer.name for layer in self.layers])
        answers = fetched([tensor for layer in self.layers for tensor in found[layer.name]])
        for place, each in enumerate(part):
            self.shard.fingerprints.append(each.fingerprint)
            self.shard.pictures.append(each.jpeg)
            self.shard.values.append([values[place].astype(np.float32) for values in answers[::2]])
            self.shard.places.append([places[place].astype(np.int32) for places in answers[1::2]])

    def flush(self) -> None:
        """Brings what is known to the disk."""
        if self.shard.outcomes:
            shards.keep(self.folder, self.start, self.shard)
            self.start, self.shard = self.done, shards.Shard()

    def trim(self) -> None:
        """What others have left there keeps within its bound."""
        index_bound.trim(self.place.parent, (self.place, self.folder))

    def merge(self) -> Iterator[IndexFrame]:
        """Makes the index of the shards, which go then."""
        kept = list(shards.kept(self.folder, self.entries))
        outcomes = [outcome for each in kept for outcome in each.outcomes]
        if len(outcomes) < len(self.entries):
            raise Broken(self.folder)
        skipped = tuple((printed(each.entry.name), each.why) for each in outcomes if each.why)
        names = tuple(printed(name) for each in kept for name in each.names)
        if not names:
            shards.remove(self.folder, 0)
            first = ": ".join(skipped[0])
            raise ActvizError(f"none of the {len(skipped):,} files in {self.source.about} can be indexed; {first}")
        passing = tuple(each.entry.name for each in outcomes if each.passing)
        sizes = tuple(LayerSize(each.name, each.channels, each.height, each.width) for each in list_layers(self.model))
        about = About(self.source.about, len(names) < SMALL, sizes, names, skipped, self.digest, passing)
        own, whole = [layer.name for layer in self.layers], [each for each in kept if each.names]
        for share in index_files.add(self.place, self.folder.name[-8:], about, whole, own):
            yield from self.give_way(1.0 - LAST + LAST * share)
        shards.remove(self.folder, 0)
        found = index_files.read(self.place)
        if found is None:
            raise ActvizError(f"the index in {self.place} was damaged while it was written: make it once more.")
        self.trim()
        yield self.frame(1.0, found[0])
