"""Docstrings and comments, wrapped at the width of code."""

from collections.abc import Iterator

from netwright.layout.page import INDENT, WIDTH

QUOTES, ESCAPED = '"""', r"\"\"\""
JOIN = "\ue000"  # a space that no line breaks at; of Unicode's private area, so that no text has it


def unbroken(text: str) -> str:
    """The text, to be kept on one line of a docstring."""
    return text.replace(" ", JOIN)


def docstring(text: str, indent: int) -> list[str]:
    """The lines of a docstring that says the text, each paragraph wrapped anew.

    Paragraphs are separated by empty lines.
    """
    margin = " " * (INDENT * indent)
    escaped = text.strip().replace("\\", "\\\\").replace(QUOTES, ESCAPED)
    opening = QUOTES + " " * escaped.startswith('"')
    closing = " " * (escaped.endswith('"') and not escaped.endswith(ESCAPED)) + QUOTES
    room = WIDTH - len(margin)
    lines = [*_paragraphs(escaped, room, len(opening))] or [""]
    if len(lines) == 1 and len(opening + lines[0] + closing) > room:
        lines = [*_paragraphs(escaped, room - len(closing), len(opening))]
    if len(lines) == 1:
        return [margin + opening + lines[0] + closing]
    return [(margin + line).rstrip() for line in [opening + lines[0], *lines[1:], QUOTES]]


def comment(text: str, indent: int) -> list[str]:
    """The lines of a comment that says the text, each paragraph wrapped anew."""
    margin = " " * (INDENT * indent) + "#"
    lines = _paragraphs(text, WIDTH - len(margin) - 1, 0)
    return [f"{margin} {line}".rstrip() for line in lines]


def _paragraphs(text: str, room: int, used: int) -> Iterator[str]:
    """The wrapped lines, with an empty one between paragraphs; ``used`` shortens the first."""
    paragraph: list[str] = []
    begun = False
    for line in [*text.split("\n"), ""]:
        words = line.split()
        paragraph += words
        if paragraph and not words:
            if begun:
                yield ""
            yield from _wrap(paragraph, room, 0 if begun else used)
            begun, paragraph = True, []


def _wrap(words: list[str], room: int, used: int) -> Iterator[str]:
    line = ""
    for word in words:
        if line and used + len(line) + 1 + len(word) > room:
            yield line.replace(JOIN, " ")
            line, used = word, 0
        else:
            line = f"{line} {word}" if line else word
    yield line.replace(JOIN, " ")
