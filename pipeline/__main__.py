"""`python -m pipeline`, for service files that start us with `python -P -m`."""

from pipeline.cli import main

main()
