"""The table of all networks, and what it says in sentences."""

import platform
import time

import timm
import torch
import torchvision

from actviz_core.models.folding import TOLERANCE

from ..machine import processor
from ..report import table
from .layers import ROUNDING, Found


def fails(found: Found | str) -> bool:
    return bool(found.wrong) if isinstance(found, Found) else found.startswith("failed")


def said(found: Found | str) -> str:
    if isinstance(found, str):
        return found
    wrong = f"; WRONG: {', '.join(found.wrong[:8])}" if found.wrong else ""
    return (
        f"{found.layers} layers, {found.folded_norms} of {found.norms} norms folded, "
        f"worst {found.worst:.1e} at {found.where}, {found.seconds:.1f} s{wrong}"
    )


def report(results: dict[str, Found | str]) -> str:
    found = {name: each for name, each in results.items() if isinstance(each, Found)}
    others = "\n".join(f"* {name}: {each}" for name, each in results.items() if isinstance(each, str))
    software = (
        f"Python {platform.python_version()}, torch {torch.__version__}, torchvision {torchvision.__version__}, "
        f"timm {timm.__version__}"
    )
    heads = [
        "",
        "parameters, millions",
        "px",
        "layers",
        "read folded",
        "norms folded",
        "worst",
        "where",
        "rounding",
        "hidden, least",
        "wrong",
        "s",
    ]
    return f"""# Every layer of {len(found)} architectures, folded and as built

{time.strftime("%Y-%m-%d")}, {processor()}, 1 thread. {software}. `python -m benchmarks.architectures`

{counted(found)}

{LEGEND}

{judged(found)}

{table(heads, [line(name, each) for name, each in found.items()])}

{others}
"""


LEGEND = (
    "Weights are random; the batch norms have random factors and offsets, and have measured random pictures but for "
    "up to a tenth. One\n"
    'random picture; where a network takes them, rows and columns differ. "worst": the largest difference of a layer, '
    "read as the program reads\n"
    "it, from the unfolded network, read with plain hooks, as a share of the layer's largest number; 0 where nothing "
    'is folded. "rounding": the\n'
    'same of the unfolded network and itself in 64 bits, as built, in place and all. "hidden": the least difference '
    "among layers that the\n"
    'folded network answers otherwise; they are read in the unfolded one. "s": seconds, beside other programs.'
)


def counted(found: dict[str, Found]) -> str:
    layers = sum(each.layers for each in found.values())
    folded = sum(each.folded for each in found.values())
    norms = sum(each.norms for each in found.values())
    folded_norms = sum(each.folded_norms for each in found.values())
    wrong = sum(len(each.wrong) for each in found.values())
    worst, where = max((each.worst, name) for name, each in found.items() if each.worst <= TOLERANCE)
    return (
        f"{layers:,} layers, {folded:,} of them read in folded networks; "
        f"{folded_norms:,} of {norms:,} batch norms are folded.\n"
        f"**{wrong} layers disagree.** The largest difference but for those named below: "
        f"{worst:.1e}, in {where}, where rounding alone makes {share(found[where].rounding)}."
    )


def judged(found: dict[str, Found]) -> str:
    whole = [name for name, each in found.items() if each.norms and not each.folded_norms]
    worst = sorted(((each.worst, name) for name, each in found.items()), reverse=True)
    unsettled = [
        f"{name} ({difference:.1g}; rounding {share(found[name].rounding)})"
        for difference, name in worst
        if difference > TOLERANCE
    ]
    hidden = sorted(each.hidden for each in found.values() if each.hidden is not None)
    return (
        f"A layer is wrong if it differs by more than {TOLERANCE:g}, and by more than {ROUNDING} times what rounding "
        f"does there. {TOLERANCE:g} lies between what is right and what\n"
        f"is not: one that shows the norm behind it misses by {hidden[len(hidden) // 2]:.2g} in the middle of the "
        f"networks. Above it for rounding alone: {', '.join(unsettled) or 'none'}.\n"
        "Left as they are, since a norm stands behind no convolution, or a convolution's answer is used before its "
        f"norm too: {', '.join(whole)}."
    )


def line(name: str, found: Found) -> list[str]:
    return [
        name,
        f"{found.parameters / 1e6:.1f}",
        f"{found.sizes[0]} x {found.sizes[1]}",
        str(found.layers),
        str(found.folded),
        f"{found.folded_norms} of {found.norms}",
        f"{found.worst:.0e}",
        found.where,
        share(found.rounding),
        share(found.hidden),
        str(len(found.wrong)),
        f"{found.seconds:.1f}",
    ]


def share(value: float | None) -> str:
    return "-" if value is None else f"{value:.0e}"
