"""Images that people give."""
