"""What Borowski et al. 2021 found, to compare with: shares of right answers in their experiments.

Recomputed from the answers that the authors have published (github.com/bethgelab/testing_visualizations). Their network
was Inception V1 and their images ImageNet's, so other numbers elsewhere contradict nothing.
"""

SOURCE = "https://arxiv.org/abs/2010.12606"

# None: they have not asked for it. "none" is of experiment I, before any other condition; with pictures experiment II,
# of one least and one most driving picture, as here.
SHARES: dict[str, float | None] = {"none": 0.447, "synthetic": 0.759, "natural": 0.837, "both": None}

CONFIDENCES = {1: 0.716, 2: 0.809, 3: 0.955}  # right by confidence, with synthetic pictures
