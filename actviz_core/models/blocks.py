"""Blocks: the modules that stand in the chart of an architecture."""

from collections.abc import Iterator

from torch import nn

STACKS = (nn.Sequential, nn.ModuleList, nn.ModuleDict)


def blocks(network: nn.Module) -> Iterator[str]:
    """The names of the modules that an architecture chart shows: stacks are opened, what they hold is not."""
    opened = STACKS + tuple({type(module) for module in network.modules() if holds_stack(module)})

    def names(module: nn.Module, prefix: str) -> Iterator[str]:
        for name, child in module.named_children():
            if isinstance(child, opened):
                yield from names(child, f"{prefix}{name}.")
            else:
                yield prefix + name

    return names(network, "")


def holds_stack(module: nn.Module) -> bool:
    """Whether one of its children is a stack of at least three modules of one class, like the encoder of a ViT."""
    stacks = [
        list(child.children()) for child in module.children() if isinstance(child, (nn.Sequential, nn.ModuleList))
    ]
    return any(len(stack) >= 3 and len(set(map(type, stack))) == 1 for stack in stacks)
