"""Who is there, what the pages are set to, what serves all visitors."""
