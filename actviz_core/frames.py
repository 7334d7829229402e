"""A frame: what one iteration looks like, as plain data that any thread may read."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import UInt8


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The state after one iteration, enough to go on from there, on a CPU bit for bit; arrays only, no tensors."""

    iteration: int
    parameters: np.ndarray
    optimizer: Mapping[int, Mapping[str, np.ndarray]]

    @property
    def nbytes(self) -> int:
        return self.parameters.nbytes + sum(
            value.nbytes for state in self.optimizer.values() for value in state.values()
        )


@dataclass(frozen=True, eq=False)
class Frame:
    """One iteration of gradient ascent.

    iteration      counts from 1
    images         the pictures after the step
    score          one number per image: what the objective gave for the views seen in this iteration
    penalties      by regularizer's name, weighted, mean over the images; never negative
    gradient       per image: root mean square of the gradient with respect to the image, before the step
    learning_rate  of this iteration
    seconds        computing time of this iteration
    snapshot       the state to go on from, at some iterations only
    uphill         per image: which way each pixel was to change, where that is asked for; 128: neither way
    """

    iteration: int
    images: UInt8[np.ndarray, "n height width 3"]
    score: tuple[float, ...]
    penalties: Mapping[str, float] = field(default_factory=dict)
    gradient: tuple[float, ...] = ()
    learning_rate: float = 0.0
    seconds: float = 0.0
    snapshot: Snapshot | None = None
    uphill: UInt8[np.ndarray, "n height width 3"] | None = None


@dataclass(frozen=True)
class Hidden:
    """An iteration that nobody is shown; the device may still be busy with it."""

    iteration: int
