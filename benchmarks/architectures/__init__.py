"""Whether folding changes what any layer of over a hundred architectures shows."""
