"""Which articles report the same event: features, pair model and the index behind `classifier.similarity`."""
