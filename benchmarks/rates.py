"""Where iterations per second are measured, and how they are read off the times of the iterations."""

import statistics
from dataclasses import dataclass

CHUNK = 4


@dataclass(frozen=True)
class Case:
    """`iterations` are run by a slow tool, after as many warm ones as `WARM` says."""

    network: str
    layer: str
    channel: int = 0
    iterations: int = 32

    @property
    def name(self) -> str:
        return f"{self.network} {self.layer}"


WARM = 4
CASES = (
    Case("efficientnet_lite0", "blocks.2.0"),
    Case("efficientnet_lite0", "blocks.4.0"),
    Case("efficientnet_lite0", "blocks.6.0"),
    Case("efficientnet_lite0", "classifier", 130),
    Case("vgg16", "features.28", iterations=12),
    Case("resnet50", "layer2", iterations=20),
)


def rate(times: list[float], warm: int = WARM) -> float:
    """Iterations per second: the median over chunks of four, from the time at which each iteration began."""
    kept = times[warm:]
    chunks = [CHUNK / (kept[i + CHUNK] - kept[i]) for i in range(0, len(kept) - CHUNK, CHUNK)]
    return statistics.median(chunks)
