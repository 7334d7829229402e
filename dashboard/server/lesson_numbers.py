"""What the panels beside a lesson's picture show of a run: its newest step in numbers, and its gradient as an image."""

import io
from statistics import mean

import numpy as np
from PIL import Image

from actviz_core import noise
from dashboard.state.watched import Watched


def told(entry: Watched, noisy: bool) -> dict:
    """The newest step: the score before it, and by how much the step before had raised that; how noisy its picture is.

    An iteration's score is that of the picture before its step.
    """
    points, frame = entry.run.history.points[-2:], entry.run.newest
    step = points[-1] if points else None
    return {
        "run": entry.key,
        "title": entry.title,
        "iteration": frame.iteration if frame else 0,
        "step": step.iteration if step else None,
        "before": mean(step.score) if step else None,
        "rise": mean(step.score) - mean(points[0].score) if step and len(points) > 1 else None,
        "gradient": mean(step.gradient) if step else None,
        "rate": step.learning_rate if step else None,
        "noise": noise(frame.images[0]) if noisy and frame else None,
        "pictured": frame is not None and frame.uphill is not None,
    }


def png(image: np.ndarray) -> bytes:
    """uint8 [h, w, 3]; every pixel as it is, for each of them says something."""
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()
