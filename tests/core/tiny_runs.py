"""Runs on the tiny network, and all that their frames tell."""

from actviz_core import (
    L1,
    Adam,
    Channel,
    Flip,
    FourierImage,
    Hyperparams,
    Jitter,
    Noise,
    Pad,
    PhaseImage,
    PixelImage,
    Rotate,
    Scale,
    Spec,
)

PARAMETRIZATIONS = [PixelImage(), PixelImage(decorrelate=True), FourierImage(), PhaseImage()]
RANDOM = Hyperparams(
    0.3, (Pad(2, "reflect"), Jitter(3), Scale(0.9, 1.2), Rotate(10.0), Flip(0.5), Noise(0.05)), (L1(0.1),)
)
STILL = Hyperparams(0.5, ())


def spec(**given) -> Spec:
    """A few iterations of a channel of the tiny network, at a size that is not square."""
    given = (
        dict(
            objective=Channel("conv2", 1),
            parametrization=PixelImage(),
            optimizer=Adam(0.5),
            height=16,
            width=24,
            iterations=6,
            redirected=2,
        )
        | given
    )
    return Spec("tiny", **given)


def told(frame):
    """All of a frame but the time it took."""
    return (
        frame.iteration,
        frame.images.tobytes(),
        frame.score,
        dict(frame.penalties),
        frame.gradient,
        frame.learning_rate,
    )


def all_told(frames):
    return [told(frame) for frame in frames]


def hooks(model):
    return [
        hook for m in model.network.modules() for hook in [*m._forward_hooks.values(), *m._forward_pre_hooks.values()]
    ]
