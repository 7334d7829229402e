"""Who computes when: runs in turn, and what they leave behind. Knows neither torch nor a network."""
