"""Characters as a terminal shows them: wide ones measured, control characters made visible."""

TAB = 4
HIDDEN = frozenset(
    map(chr, [*range(0x200B, 0x2010), *range(0x2028, 0x202F), *range(0x2060, 0x2070), 0xFEFF])
)


def plain(text: str) -> bool:
    """Whether every character is one column wide and shown as it is."""
    return text.isascii() and text.isprintable()


def width(text: str) -> int:
    """Columns that a text takes."""
    return len(text) if plain(text) else sum(columns(char) for char in text)


def columns(char: str) -> int:
    """Columns of one character: two of East Asian ones, none of combining marks."""
    import unicodedata

    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def visible(text: str) -> str:
    """The text without anything that could move a cursor or turn the direction of writing."""
    return text if plain(text) else "".join(map(_visible, text))


def _visible(char: str) -> str:
    if char == "\n" or (char.isprintable() and char not in HIDDEN):
        return char
    if ord(char) < 0x20:
        return chr(0x2400 + ord(char))
    return " " if char.isspace() else "\N{REPLACEMENT CHARACTER}"


class Shown:
    """A line as it is shown, and the column at which each of its characters starts."""

    __slots__ = ("starts", "text")

    def __init__(self, line: str) -> None:
        parts: list[str] = []
        self.starts = [0]
        at = 0
        for char in line:
            shown = " " * (TAB - at % TAB) if char == "\t" else _visible(char)
            parts.append(shown)
            at += width(shown)
            self.starts.append(at)
        self.text = "".join(parts)

    def column(self, index: int) -> int:
        """Where a character starts; beyond the end, one column a character."""
        last = len(self.starts) - 1
        return self.starts[index] if index <= last else self.starts[last] + index - last


class Window:
    """The part of a long line around a character, with marks where it was cut."""

    __slots__ = ("before", "line", "offset")

    def __init__(self, line: str, around: int, most: int) -> None:
        cut = len(line) > most
        start = max(0, min(around - most // 3, len(line) - most)) if cut else 0
        end = start + most if cut else len(line)
        self.before = "…" if start else ""
        self.line = f"{self.before}{line[start:end]}{'…' if end < len(line) else ''}"
        self.offset = start - len(self.before)

    def index(self, character: int) -> int:
        """Where a character of the line stands in what is left of it."""
        return max(0, min(character - self.offset, len(self.line)))
