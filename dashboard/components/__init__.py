"""What is drawn by JavaScript of ours: `show(...)` mounts it, the modules lie beside it."""
