"""What is asked of a network: the score that is maximized."""
