"""One picture: what it is made of, how it is changed, and the loop."""
