"""How a size was written."""


class Word:
    """How a size was written, and the keys that its text speaks of: valid while all of them are."""

    __slots__ = ("keys", "text")

    def __init__(self, text: object, keys: frozenset[str]) -> None:
        self.text = text
        self.keys = keys
