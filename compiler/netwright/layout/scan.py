"""A logical line of Python as words, each bracket with its partner: all that laying out reads."""

import re

WORD = re.compile(
    r"""(?:[rRbBfFuU]{0,2})(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
    r"|[^\W\d]\w*"
    r"|0[xXoObB]\w+|(?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d+)?[jJ]?"
    r"|\.\.\.|->|:=|(?:\*\*|//|<<|>>|[-+*/%@&|^=!<>])=?|\S"
)
CLOSER = {"(": ")", "[": "]", "{": "}"}


class Line:
    """The words of a logical line, and where each begins and ends in its text."""

    __slots__ = ("ends", "partner", "starts", "text", "words")

    def __init__(self, text: str) -> None:
        self.text = text
        self.words: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.partner: dict[int, int] = {}
        opened: list[int] = []
        for match in WORD.finditer(text):
            word = match.group()
            if word in "([{":
                opened.append(len(self.words))
            elif word in ")]}":
                self.partner[opened.pop()] = len(self.words)
            self.words.append(word)
            self.starts.append(match.start())
            self.ends.append(match.end())

    def cut(self, first: int, last: int) -> str:
        """The text of the words from ``first`` up to ``last``."""
        return self.text[self.starts[first] : self.ends[last - 1]] if first < last else ""

    def find(self, wanted: frozenset[str], first: int, last: int) -> list[int]:
        """Where the wanted words stand between ``first`` and ``last``, outside of brackets."""
        words, partner = self.words, self.partner
        found = []
        while first < last:
            if words[first] in wanted:
                found.append(first)
            first = partner.get(first, first) + 1
        return found

    def split(self, separator: frozenset[str], first: int, last: int) -> list[tuple[int, int]]:
        """The ranges between the separators that stand outside of brackets."""
        found = self.find(separator, first, last)
        return list(zip([first, *(at + 1 for at in found)], [*found, last], strict=True))
