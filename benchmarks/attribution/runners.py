"""The maps of captum, grad-cam and torchcam, and ours of the same: as computed, neither normalized nor resized."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytorch_grad_cam
import torch
import torchcam.methods
from captum import attr
from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget
from torch import nn

from actviz_core import ClassLogit, Model, attribute, attribution
from actviz_core.attribution import Method

from .photograph import LABEL, LAYER, normalized, photograph

STEPS = 256  # of integrated gradients, where only the map counts
NOISE = 0.15


@dataclass(frozen=True, eq=False)
class Case:
    """Our method and a library's.

    why    they are not the same; empty: they are
    relus  on the network with ReLU in place of ReLU6
    once   takes so long that it runs once
    """

    library: str
    name: str
    method: Method
    theirs: Callable[[], np.ndarray]
    why: str = ""
    relus: bool = False
    once: bool = False

    def ours(self, model: Model) -> np.ndarray:
        return attribute(model, photograph(), ClassLogit(LABEL), self.method).values[0]


def colours(values: torch.Tensor) -> np.ndarray:
    return values.detach().sum(1)[0].numpy()


def captum(network: nn.Module, relus: nn.Module) -> list[Case]:
    image, layer = normalized(photograph()), network.get_submodule(LAYER)
    spread = NOISE * (image.max() - image.min()).item()
    saliency, tunnel = attr.Saliency(network), attr.NoiseTunnel(attr.Saliency(network))
    integrated, cam, product = (
        attr.IntegratedGradients(network),
        attr.LayerGradCam(network, layer),
        attr.LayerGradientXActivation(network, layer),
    )
    noisy = dict(nt_samples=50, nt_samples_batch_size=10, stdevs=spread, abs=False, target=LABEL)
    black = torch.full_like(image, -1.0)

    def under_noise(kind: str) -> torch.Tensor:
        torch.manual_seed(0)  # the numbers that ours draws too
        return tunnel.attribute(image, nt_type=kind, **noisy)[0]

    def path(steps: int) -> Callable[[], np.ndarray]:
        return lambda: colours(integrated.attribute(image, black, target=LABEL, n_steps=steps, internal_batch_size=10))

    def guided(cls: type, network: nn.Module) -> Callable[[], np.ndarray]:
        return lambda: colours(cls(network).attribute(image, target=LABEL))

    def covered() -> np.ndarray:
        windows = dict(sliding_window_shapes=(3, 32, 32), strides=(3, 16, 16), perturbations_per_eval=8)
        return attr.Occlusion(network).attribute(image, target=LABEL, **windows)[0, 0].numpy()

    hooked = "captum guides nn.ReLU only, so with ReLU6 it is the plain gradient"
    ours = attribution
    return [
        Case("captum", "Saliency", ours.Saliency(), lambda: saliency.attribute(image, LABEL)[0].amax(0).numpy()),
        Case("captum", "SmoothGrad, 50", ours.SmoothGrad(),
             lambda: under_noise("smoothgrad").abs().amax(0).numpy()),
        Case("captum", "VarGrad, 50", ours.VarGrad(),
             lambda: under_noise("vargrad").amax(0).numpy()),
        Case("captum", "Input x gradient", ours.InputXGradient(),
             lambda: colours(attr.InputXGradient(network).attribute(image, LABEL))),
        Case("captum", "Integrated gradients", ours.IntegratedGradients("black"), path(50),
             "50 steps of one length against as many as 1 % takes"),
        Case("captum", f"Integrated gradients, {STEPS}",
             ours.IntegratedGradients("black", tolerance=0.0, steps=STEPS), path(STEPS),
             "both are still on their way to the integral", once=True),
        Case("captum", "Guided backpropagation", ours.GuidedBackpropagation(), guided(attr.GuidedBackprop, network),
             hooked),
        Case("captum", "Guided backpropagation, ReLU", ours.GuidedBackpropagation(),
             guided(attr.GuidedBackprop, relus), relus=True),
        Case("captum", "Deconvolution, ReLU", ours.Deconvolution(), guided(attr.Deconvolution, relus), relus=True),
        Case("captum", "Grad-CAM", ours.GradCam(LAYER, signed=True), lambda: colours(cam.attribute(image, LABEL))),
        Case("captum", "Gradient x activation", ours.GradientTimesActivation(LAYER),
             lambda: colours(product.attribute(image, LABEL))),
        Case("captum", "Occlusion", ours.Occlusion(32, 16, "mean"), covered),
    ]  # fmt: skip


def grad_cam(network: nn.Module, relus: nn.Module) -> list[Case]:
    image = normalized(photograph())

    def map_of(cls: type, **settings: object) -> Callable[[], np.ndarray]:
        cam, kept = cls(network, [network.get_submodule(LAYER)], **settings), []
        whole = cam.get_cam_image

        def keep(*args: object) -> np.ndarray:
            kept[:] = [np.asarray(whole(*args))]
            return kept[0]

        cam.get_cam_image = keep

        def run() -> np.ndarray:
            cam(image, [ClassifierOutputTarget(LABEL)])
            return kept[0][0]

        return run

    def guided(network: nn.Module) -> Callable[[], np.ndarray]:
        model = pytorch_grad_cam.GuidedBackpropReLUModel(network)
        return lambda: model(image, LABEL).sum(-1)

    theirs, ours = pytorch_grad_cam, attribution
    return [
        Case("grad-cam", "Grad-CAM", ours.GradCam(LAYER, signed=True), map_of(theirs.GradCAM)),
        Case("grad-cam", "Grad-CAM++", ours.GradCamPlusPlus(LAYER, signed=True), map_of(theirs.GradCAMPlusPlus),
             "it adds 1e-6 to a denominator of squared gradients, which are no larger"),
        Case("grad-cam", "HiResCAM", ours.HiresCam(LAYER, signed=True), map_of(theirs.HiResCAM)),
        Case("grad-cam", "Layer-CAM", ours.LayerCam(LAYER, signed=True), map_of(theirs.LayerCAM)),
        Case("grad-cam", "Eigen-CAM", ours.EigenCam(LAYER, signed=True), map_of(theirs.EigenCAM)),
        Case("grad-cam", "Ablation-CAM", ours.AblationCam(LAYER, signed=True), map_of(theirs.AblationCAM), once=True),
        Case("grad-cam", "Score-CAM", ours.ScoreCam(LAYER, signed=True, channels=None, softmax=True),
             map_of(theirs.ScoreCAM), "its masks are enlarged with aligned corners", once=True),
        Case("grad-cam", "Guided backpropagation", ours.GuidedBackpropagation(), guided(network),
             "grad-cam guides nn.ReLU only, so with ReLU6 it is the plain gradient"),
        Case("grad-cam", "Guided backpropagation, ReLU", ours.GuidedBackpropagation(), guided(relus), relus=True),
    ]  # fmt: skip


def torch_cam(network: nn.Module) -> list[Case]:
    image = normalized(photograph())

    def map_of(cls: type, **settings: object) -> Callable[[], np.ndarray]:
        def run() -> np.ndarray:
            with cls(network, LAYER, **settings) as extractor:
                return extractor(LABEL, network(image), normalized=False)[0][0].detach().numpy()

        return run

    theirs, ours = torchcam.methods, attribution
    return [
        Case("torchcam", "CAM", ours.Cam(), map_of(theirs.CAM, fc_layer="classifier")),
        Case("torchcam", "Grad-CAM", ours.GradCam(LAYER), map_of(theirs.GradCAM)),
        Case("torchcam", "Grad-CAM++", ours.GradCamPlusPlus(LAYER), map_of(theirs.GradCAMpp),
             "its denominator sums g^3 A, where the paper multiplies g^3 by the sum of A"),
        Case("torchcam", "Layer-CAM", ours.LayerCam(LAYER), map_of(theirs.LayerCAM)),
        Case("torchcam", "Score-CAM", ours.ScoreCam(LAYER, channels=None, softmax=True), map_of(theirs.ScoreCAM),
             "its masks are scaled before they are enlarged", once=True),
    ]  # fmt: skip
