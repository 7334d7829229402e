"""Layer: what a network computes on the way, by name.

A layer is one call of a module: `layer1.0.relu`, and `layer1.0.relu@2` if the forward pass comes through again. A
module that answers with several tensors has a layer for each: `output.logits`, `lstm.0`.
"""

from dataclasses import dataclass

from .activation_functions import UNLIMITED

OUTPUT = "output"
"""The name of the network's own output, the logits; always the last layer."""

# How a module's output is laid out -> the view [n, channels, rows, columns] of it, and back.
CANONICAL = {
    "channels,rows,columns": lambda output: output,
    "rows,columns,channels": lambda output: output.permute(0, 3, 1, 2),
    "tokens,channels": lambda output: output.transpose(1, 2).unsqueeze(3),
    "channels,rows": lambda output: output.unsqueeze(3),
    "rows,images,channels": lambda output: output.permute(1, 2, 0).unsqueeze(3),
    "channels": lambda output: output[:, :, None, None],
}
NATIVE = {
    "channels,rows,columns": lambda canonical: canonical,
    "rows,columns,channels": lambda canonical: canonical.permute(0, 2, 3, 1),
    "tokens,channels": lambda canonical: canonical.squeeze(3).transpose(1, 2),
    "channels,rows": lambda canonical: canonical.squeeze(3),
    "rows,images,channels": lambda canonical: canonical.squeeze(3).permute(2, 0, 1),
    "channels": lambda canonical: canonical[:, :, 0, 0],
}


@dataclass(frozen=True)
class Layer:
    """One call of a module, or one tensor of what it answers; channels x height x width as for one image.

    kind    the module's class
    axes    of its output after the image's: a key of CANONICAL; tokens count as rows, columns are 1
    block   stands in the architecture chart
    before  of an activation function: the layer whose output it receives, "" if that is no layer's (a sum, say)
    module  the module's path, which the name begins with
    limits  of an activation function: its name, the lowest and the highest value that it answers
    within  of a norm with an activation function of its own, and of that: the convolution before the norm
    turned  the channels to which that norm gives the other sign
    """

    name: str
    kind: str
    channels: int
    height: int
    width: int
    axes: str
    block: bool = False
    before: str = ""
    module: str = ""
    limits: tuple[str, float, float] = UNLIMITED
    within: str = ""
    turned: tuple[int, ...] = ()

    @property
    def dimensions(self) -> str:
        """Channels and the size of one, in words."""
        if self.axes == "channels":
            return f"{self.channels} channels"
        return f"{self.channels} channels of " + (
            f"{self.height} tokens" if self.tokens else f"{self.height} x {self.width}"
        )

    @property
    def tokens(self) -> bool:
        """Whether its rows are the tokens of a sequence."""
        return self.axes == "tokens,channels"
