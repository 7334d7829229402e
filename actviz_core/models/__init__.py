"""A network, frozen: loading it, looking at its layers."""
