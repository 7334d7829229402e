"""Many pictures: side by side, and every channel of a layer."""
