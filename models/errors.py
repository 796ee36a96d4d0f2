"""The one root error; everything that we raise on purpose descends from it and is caught once, at the edge."""


class DiembaoError(Exception):
    """A failure with a message that a person can act on; it names the item (feed, page, file, setting)."""
