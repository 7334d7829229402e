"""python -m benchmarks.architectures: every layer of over a hundred architectures.

With batch norms folded and as they are built. Weights are random, and so is what the batch norms have measured. Writes
results/architectures.md. Goes on where it was interrupted: what was found for a network lies in .work/architectures
until --again. Ends with 1 where a layer disagrees.
"""

import argparse
import copy
import gc
import hashlib
import json
import os
import platform
import time
from collections import Counter
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import timm
import torch
import torchvision
from torch import Tensor, nn

from actviz_core import ActvizError, list_layers
from actviz_core.models.activations import activations
from actviz_core.models.catalogue import find
from actviz_core.models.folding import TOLERANCE, BatchNorm
from actviz_core.models.layer import CANONICAL, Layer
from actviz_core.models.model import Model, finished
from actviz_core.models.outputs import parts

from .machine import processor
from .report import table

HERE = Path(__file__).parent
WORK, RESULTS = HERE / ".work" / "architectures", HERE / "results" / "architectures.md"
MOST = 150 * 10**6  # parameters: a network in 32 and in 64 bits takes 1.8 GB then
ROUNDING = 10
SIZES = ((64, 96), (96, 96), (128, 128))  # px; rows and columns that differ, where a network takes them

# The smallest of each of timm's files of networks, and more of the files that hold several kinds.
TIMM = [
    "beit_base_patch16_224",
    "halonet_h1",
    "eca_botnext26ts_256",
    "lambda_resnet26t",
    "mobileone_s1",
    "gernet_s",
    "repvgg_a0",
    "cait_xxs24_224",
    "coat_tiny",
    "convit_tiny",
    "convmixer_768_32",
    "convnext_atto_rms",
    "convnextv2_atto",
    "cpubone_nano",
    "crossvit_tiny_240",
    "csatv2",
    "cs3darknet_focus_s",
    "cspresnext50",
    "cspnext_tiny",
    "davit_tiny",
    "deit_tiny_distilled_patch16_224",
    "densenetblur121d",
    "dla46x_c",
    "dla60_res2next",
    "dpn48b",
    "dpn68",
    "dpn92",
    "edgenext_xx_small",
    "efficientformer_l1",
    "efficientformerv2_s0",
    "mobilenetv2_050",
    "fbnetc_100",
    "mixnet_s",
    "mnasnet_small",
    "spnasnet_100",
    "tinynet_e",
    "efficientnet_es",
    "efficientvim_m1",
    "efficientvit_b0",
    "efficientvit_m0",
    "eva02_tiny_patch14_224",
    "fasternet_t0",
    "fastvit_t8",
    "focalnet_tiny_srf",
    "gcvit_xxtiny",
    "ghostnet_050",
    "ghostnetv2_100",
    "ghostnetv3_050",
    "hardcorenas_a",
    "hgnet_tiny",
    "hgnetv2_b0",
    "hiera_tiny_224",
    "sam2_hiera_tiny",
    "hrnet_w18_small",
    "iformer_t",
    "inception_next_atto",
    "inception_resnet_v2",
    "inception_v3",
    "inception_v4",
    "lcnetv2_small",
    "levit_128s",
    "levit_conv_128s",
    "lowformer_b0",
    "mambaout_femto",
    "maxvit_pico_rw_256",
    "coatnet_pico_rw_224",
    "poolformer_s12",
    "poolformerv2_s12",
    "caformer_s18",
    "convformer_s18",
    "gmlp_ti16_224",
    "resmlp_12_224",
    "mixer_s16_224",
    "mobilenetv3_small_050",
    "lcnet_035",
    "mobilenetv4_conv_small_035",
    "fbnetv3_b",
    "mobilenetv5_base",
    "mobilevit_xxs",
    "mobilevitv2_050",
    "mvitv2_tiny",
    "naflexvit_base_patch16_gap",
    "nasnetalarge",
    "nest_tiny",
    "nextvit_small",
    "nf_regnet_b0",
    "nf_resnet26",
    "pit_ti_224",
    "pnasnet5large",
    "pvt_v2_b0",
    "qwen3_vit_88m",
    "rdnet_tiny",
    "regnetx_002",
    "regnety_002",
    "regnetz_b16",
    "repghostnet_050",
    "repvit_m0_9",
    "res2net50_14w_8s",
    "res2next50",
    "resnest14d",
    "resnet10t",
    "resnet18d",
    "resnetblur18",
    "seresnext26d_32x4d",
    "ecaresnet26t",
    "resnetv2_18",
    "resnetv2_50x1_bit",
    "rexnet_100",
    "selecsls42",
    "legacy_seresnet18",
    "legacy_senet154",
    "sequencer2d_s",
    "shvit_s1",
    "skresnet18",
    "skresnext50_32x4d",
    "starnet_s050",
    "swiftformer_xs",
    "swin_tiny_patch4_window7_224",
    "swinv2_tiny_window8_256",
    "swinv2_cr_tiny_224",
    "tiny_vit_5m_224",
    "tnt_s_patch16_224",
    "tresnet_m",
    "twins_svt_small",
    "twins_pcpvt_small",
    "vgg11_bn",
    "visformer_tiny",
    "vit_tiny_patch16_224",
    "vit_tiny_r_s16_p8_224",
    "vit_relpos_small_patch16_224",
    "samvit_base_patch16_224",
    "vitamin_small_224",
    "volo_d1_224",
    "ese_vovnet19b_slim_dw",
    "vovnet39a",
    "legacy_xception",
    "xception41p",
    "xception41",
    "xcit_nano_12_p8_224",
]


@dataclass(frozen=True)
class Found:
    """What one network's layers answer to one random picture.

    sizes       of that picture, in px
    layers      all that are listed; `folded`: those read in the folded network, which holds so many of the `norms` no
                more
    worst       the largest difference of folded and unfolded, as a share of the layer's largest number; `where` that is
    wrong       layers that differ by more than TOLERANCE, and by more than ROUNDING times what rounding alone does
                there
    rounding    the largest difference of the unfolded network from itself in 64 bits, as built and read with plain
                hooks; `rounds`: where
    hidden      the least difference among the layers that the folded network answers otherwise, and that are not read
                there
    """

    parameters: int
    sizes: tuple[int, int]
    layers: int
    folded: int
    norms: int
    folded_norms: int
    worst: float
    where: str
    wrong: tuple[str, ...]
    rounding: float | None
    rounds: str
    hidden: float | None
    seconds: float


def names() -> list[str]:
    """All of torchvision's, and those of timm that the installed one knows."""
    return [
        *torchvision.models.list_models(module=torchvision.models),
        *(f"timm/{name}" for name in TIMM if timm.is_model(name)),
    ]


def known_parameters(name: str) -> int:
    """As torchvision tells before anything is built; timm's are all small here."""
    return 0 if name.startswith("timm/") else torchvision.models.get_model_weights(name)["DEFAULT"].meta["num_params"]


def measured(name: str) -> Found:
    began = time.perf_counter()
    blueprint = find(name)
    network, mean, std = blueprint.build(None), tuple(blueprint.mean), tuple(blueprint.std)
    model = Model(name, network, mean, std, blueprint.height, blueprint.width, fixed_size=blueprint.fixed_size)
    randomize(network, model.normalize(pictures(4, model.height, model.width, 0)), name)
    exact, norms = copy.deepcopy(network).double(), norms_of(network)
    model = finished(model)
    sizes = next(
        size for size in (*(SIZES if not model.fixed_size else ()), (model.height, model.width)) if takes(model, size)
    )
    images = pictures(2, *sizes, 1).mean(0, keepdim=True)
    layers = {layer.name: layer for layer in list_layers(model, *sizes)}
    seen = [name for name, layer in layers.items() if model.folded.shows([layer.module])]
    plain = answers(model.network, model.normalize(images), layers)
    differences = {name: distance(values, plain[name]) for name, values in activations(model, images, seen).items()}
    for name, values in activations(model, images, layers.keys() - seen).items():
        differences[name] = distance(values, plain[name])
    twin = answers(model.folded.network, model.normalize(images), layers)
    hidden = [distance(twin[name], plain[name]) for name in layers.keys() - seen if name in twin]
    rounding = rounded(exact, model.normalize(images), layers, plain)
    where = max(differences, key=differences.get)
    return Found(
        parameters=sum(parameter.numel() for parameter in network.parameters()),
        sizes=sizes,
        layers=len(layers),
        folded=len(seen) if model.folded.network is not model.network else 0,
        norms=norms,
        folded_norms=norms - norms_of(model.folded.network),
        worst=differences[where],
        where=where,
        wrong=tuple(
            name
            for name, difference in differences.items()
            if not difference <= max(TOLERANCE, ROUNDING * rounding.get(name, 0.0))
        ),
        rounding=max(rounding.values(), default=None),
        rounds=max(rounding, key=rounding.get, default=""),
        hidden=min(hidden, default=None),
        seconds=time.perf_counter() - began,
    )


@torch.no_grad()
def randomize(network: nn.Module, images: Tensor, name: str) -> None:
    """Its batch norms as after a training that nothing is known of.

    A new one does nothing, so that folding it could do no wrong. They measure random pictures, layer by layer, and are
    then moved by up to a tenth: further off, a hundred of them in a row let numbers grow until all is rounding.
    """
    rng = torch.Generator().manual_seed(int(hashlib.sha256(name.encode()).hexdigest()[:8], 16))
    norms = [
        module
        for module in network.eval().modules()
        if isinstance(module, BatchNorm) and module.affine and module.track_running_stats
    ]
    if not norms:
        return
    momenta = [norm.momentum for norm in norms]
    for norm in norms:
        norm.weight.copy_(spread(norm.weight, rng) + 1)
        norm.bias.copy_(spread(norm.bias, rng))
        norm.train().momentum = 1.0
    network(images)
    for norm, momentum in zip(norms, momenta, strict=True):
        norm.eval().momentum = momentum
        variance = norm.running_var.lerp(norm.running_var.mean(), 0.1)  # of a dead channel it is 0
        norm.running_mean.add_(0.2 * spread(norm.running_mean, rng) * variance.sqrt())
        norm.running_var.copy_(variance * (0.2 * spread(variance, rng) + 1))


def pictures(count: int, height: int, width: int, seed: int) -> Tensor:
    """Random [count, 3, height, width] in [0, 1]: every other one smooth, the others noise."""
    rng = torch.Generator().manual_seed(seed)
    smooth, noise = torch.rand(count, 3, 5, 7, generator=rng), torch.rand(count, 3, height, width, generator=rng)
    smooth = torch.nn.functional.interpolate(smooth, (height, width), mode="bilinear")
    return torch.where(torch.arange(count).view(-1, 1, 1, 1) % 2 == 0, smooth, noise)


def spread(like: Tensor, rng: torch.Generator) -> Tensor:
    """-0.5 to 0.5."""
    return torch.rand(like.shape, generator=rng) - 0.5


def takes(model: Model, size: tuple[int, int]) -> bool:
    try:
        return bool(list_layers(model, *size))
    except (ActvizError, RuntimeError, ValueError, AssertionError):
        return size == (model.height, model.width)


@torch.no_grad()
def answers(network: nn.Module, images: Tensor, layers: dict[str, Layer]) -> dict[str, Tensor]:
    """Of each layer, as [1, channels, rows, columns].

    Copied when it was answered, before anything works on it in place.
    """
    found, calls = {}, Counter()

    def leave(path: str, _module: nn.Module, _inputs: tuple, output: object) -> None:
        calls[path] += 1
        for part, tensor in parts(output):
            name = (path if calls[path] == 1 else f"{path}@{calls[path]}") + part
            if name in layers:
                found[name] = CANONICAL[layers[name].axes](tensor).float().clone()

    handles = [
        module.register_forward_hook(partial(leave, path or "output")) for path, module in network.named_modules()
    ]
    try:
        network(images)
    finally:
        for handle in handles:
            handle.remove()
    return found


def rounded(exact: nn.Module, images: Tensor, layers: dict[str, Layer], plain: dict[str, Tensor]) -> dict[str, float]:
    """How far the unfolded network is from itself in 64 bits; {} where it insists on 32."""
    try:
        return {name: distance(plain[name], values) for name, values in answers(exact, images.double(), layers).items()}
    except RuntimeError:
        return {}


def distance(first: Tensor, second: Tensor) -> float:
    """The largest difference, as a share of the largest number; infinite where one is no number."""
    if first.shape != second.shape or not (first.isfinite().all() and second.isfinite().all()):
        return float("inf")
    return float((first - second).abs().max() / second.abs().max().clamp(min=1e-30))


def norms_of(network: nn.Module) -> int:
    return sum(isinstance(module, BatchNorm) for module in network.modules())


def kept(name: str, again: bool) -> Found | str:
    """What was found for a network, now or by an earlier run; or why nothing was."""
    file = WORK / f"{name.replace('/', '_')}.json"
    if file.exists() and not again:
        told = json.loads(file.read_text())
    else:
        told = asdict(found) if isinstance(found := tried(name), Found) else found
        WORK.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(told))
    return Found(**told) if isinstance(told, dict) else told


def tried(name: str) -> Found | str:
    if known_parameters(name) > MOST:
        return f"left out: {known_parameters(name) / 1e6:.0f} million parameters, more than {MOST / 1e6:.0f}"
    try:
        return measured(name)
    except Exception as problem:  # of a hundred networks each is to be told of
        return f"failed: {type(problem).__name__}: {str(problem)[:300]}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="*", default=names(), metavar="NAME", help="these networks; nothing is written")
    parser.add_argument("--again", action="store_true", help="measure what earlier runs have left too")
    parser.add_argument("--out", type=Path, default=RESULTS, help="file for the table")
    options = parser.parse_args()
    torch.set_num_threads(1)
    if hasattr(os, "nice"):
        os.nice(10)
    results = {}
    for name in options.only:
        results[name] = kept(name, options.again)
        print(name, said(results[name]), flush=True)
        gc.collect()
    if options.only == names():
        options.out.write_text(report(results))
    return int(any(fails(found) for found in results.values()))


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


if __name__ == "__main__":
    raise SystemExit(main())
