"""What to say of characters that no token is made of: strings left open, odd numbers, signs."""

from netwright.parsing.faults import Faults

_INSTEAD = {
    "&": "`and` joins conditions",
    "&&": "`and` joins conditions",
    "|": "`or` joins conditions",
    "||": "`or` joins conditions",
    "|>": "`->` leads to the next layer",
    "!": "`not` negates a condition",
    ":=": "`let x = …` binds a value",
    ";": "a newline ends a line",
    "'": 'strings stand in double quotes: `"…"`',
    "`": 'strings stand in double quotes: `"…"`',
    "^": "`**` is the power",
    "?": "`x if condition else y` chooses",
    "\\": "a line goes on after `->` and inside parentheses",
    "→": "write `->`",
    "×": "write `x` in a kernel, `3x3`, or `*` between numbers",
    "\N{MINUS SIGN}": "write `-`",
    "–": "write `-`",
    "“": 'strings stand in double quotes: `"…"`',
    "”": 'strings stand in double quotes: `"…"`',
    "≤": "write `<=`",
    "≥": "write `>=`",
    "≠": "write `!=`",
    "…": "`...` is no part of the language",
}


def mend(faults: Faults, start: int, end: int) -> bool:
    """Report a piece of text that is no token; whether it can pass for one all the same."""
    text = faults.source.text[start:end]
    if text[0] == '"':
        faults.error(
            "unclosed-string",
            start,
            end,
            'a string is not closed: its `"` is missing at the end of the line',
            help='a string ends with `"` on the line where it starts',
        )
        return True
    if text[0].isascii() and text[0].isdigit():
        short = text if len(text) <= 40 else f"{text[:40]}…"
        faults.error("syntax", start, end, f"`{short}` is no number", help=_number(text[:40]))
        return True
    shown = f"`{text[:40]}`" if text.isprintable() and text.strip() else _named(text[0])
    help = _INSTEAD.get(text) or _INSTEAD.get(text[0]) or _character(text)
    faults.error("syntax", start, end, f"{shown} has no meaning here", help=help)
    return False


def _named(character: str) -> str:
    """A character that cannot be shown, by its number and name."""
    from unicodedata import name

    return f"U+{ord(character):04X} {name(character, 'without a name').lower()}"


def _number(text: str) -> str:
    """What might be meant by text that starts like a number."""
    if text.endswith("."):
        return f"write `{text}0` or `{text[:-1]}`"
    if text.lower().startswith(("0x", "0b", "0o")):
        return "numbers are decimal"
    if text[-1] in "kmgt" and text[:-1].isdigit():
        return f"write `{text[:-1]}{text[-1].upper()}`"
    if text.lower().endswith("x"):
        return "a kernel has two or three sides: `3x3`"
    return "a name starts with a letter, and a number ends in a digit or in K, M, G or T"


def _character(text: str) -> str:
    """What to do about a character without a meaning."""
    if text.isalpha():
        return "names are made of the letters a to z, digits and `_`; comments and strings are free"
    if not text.strip() or not text.isprintable():
        return "remove it: it cannot be seen, and is no space"
    return ""
