"""What a browser gets without a page's script: pictures, curves, files."""
