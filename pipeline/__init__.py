"""Jobs over the store, and the command line."""
