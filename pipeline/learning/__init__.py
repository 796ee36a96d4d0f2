"""The learning loop: decisions become labels, labels a model, and it works only after two people agreed."""
