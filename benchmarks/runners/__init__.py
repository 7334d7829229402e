"""One file per tool. A peer's file says `ITERATIONS`, of its default run, and gives

    render(network, layer, channel, iterations) -> image [224, 224, 3] in [0, 1]

with a network that takes normalized images, by the tool's own defaults in all but the image size.
"""
