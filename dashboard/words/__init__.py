"""How it is called on the page: targets, settings, and what tells recipes apart."""
