"""Recognises what people write who come from another language, or from a moment's inattention."""

import re
from collections.abc import Callable

from netwright.parsing.reader import Reader
from netwright.parsing.symbols import (
    ARROW,
    BRACE,
    BRACE_END,
    BRANCHES,
    BROKEN,
    COLON,
    COMMA,
    DOT,
    ELSE,
    END,
    EQUAL,
    IN,
    INDEX,
    NAME,
    NEWLINE,
    NUMBER,
    SQUARE_END,
    TEMPLATE,
    symbols,
)
from netwright.parsing.tables import tables
from netwright.record import record
from netwright.spelling import closest

_DECLARATIONS = ("use", "def", "let", "set", "block", "net", "extern")
_WORDS = "let set require expect input output losses shared splice for repeat if"
_LINES = tuple(_WORDS.split())
_ELSEWHERE = {
    "import": "use",
    "from": "use",
    "include": "use",
    "function": "def",
    "func": "def",
    "fn": "def",
    "const": "let",
    "var": "let",
    "class": "block",
    "module": "block",
    "layer": "block",
    "model": "net",
    "network": "net",
    "return": "output",
    "assert": "require",
    "while": "repeat",
    "foreach": "for",
    "default": "set",
}
_ENOUGH = 60
"""Characters of a line that are looked at."""
_ARITHMETIC = symbols("PLUS MINUS TIMES OVER MODULO")
_COMMENTS = symbols("FLOOR OVER")
_EXPECT, _USE, _EQ, _CURRENT, _AS = (
    tables().symbols[name] for name in ("EXPECT", "USE", "EQ", "CURRENT", "AS")
)


@record
class Habit:
    """A mistake that is known: its place, what is wrong, and what to do."""

    start: int
    end: int
    message: str
    help: str


@record
class Place:
    """A token that cannot stand where it stands, and what could stand there."""

    reader: Reader
    kind: int
    start: int
    end: int
    expected: frozenset[int]

    @property
    def text(self) -> str:
        """The token, shortened where it is very long."""
        return self.reader.source.text[self.start : min(self.end, self.start + _ENOUGH)]

    @property
    def before(self) -> str:
        """The token before it, shortened where it is very long."""
        start, end = self.reader.at, self.reader.end
        return self.reader.source.text[start : min(end, start + _ENOUGH)]

    @property
    def line(self) -> str:
        """The start of the rest of the line, from the token on."""
        return self.reader.source.text[self.start : self.start + _ENOUGH].partition("\n")[0]

    @property
    def second(self) -> bool:
        """Whether it is the second token of a line or branch that starts with a word."""
        reader = self.reader
        return (
            self.before.isidentifier()
            and reader.starts[-1] == reader.at
            and reader.rows[reader.states[-2]].get(BROKEN, -1) >= 0
        )

    @property
    def opener(self) -> int:
        """The innermost bracket that is open."""
        return self.reader.brackets[-1].opener if self.reader.brackets else END

    def here(self, message: str, help: str) -> Habit:
        """What to say of the token."""
        return Habit(self.start, self.end, message, help)

    def there(self, message: str, help: str) -> Habit:
        """What to say of the token before it."""
        return Habit(self.reader.at, self.reader.end, message, help)


def known(
    reader: Reader, kind: int, start: int, end: int, expected: frozenset[int]
) -> Habit | None:
    """What to say of a token that cannot stand where it stands, if it is a known mistake."""
    place = Place(reader, kind, start, end, expected)
    found = (check(place) for check in _CHECKS)
    return next((habit for habit in found if habit is not None), None)


def _dangling_arrow(place: Place) -> Habit | None:
    if place.reader.last != ARROW or place.kind not in (BRACE_END, SQUARE_END, END):
        return None
    return place.there("`->` leads to nothing", "remove the arrow, or go on with a layer")


def _comment(place: Place) -> Habit | None:
    if place.kind not in _COMMENTS or place.start != place.reader.fresh:
        return None
    return place.here(f"`{place.text}` starts no line", "a comment starts with `#`")


def _tight_brace(place: Place) -> Habit | None:
    tail = place.before if place.reader.last == TEMPLATE else place.text
    if BRACE in place.expected and place.reader.last == TEMPLATE and "{" in tail:
        name, _, _ = tail.partition("{")
        message = f"`{tail}` is a name with an index"
        return place.there(message, f"a brace that opens a body has a space before it: `{name} {{`")
    if place.kind == TEMPLATE and tail.startswith("else{") and ELSE in place.expected:
        return place.here(f"`{tail}` is a name with an index", "write `else {`")
    return None


def _late_else(place: Place) -> Habit | None:
    if not place.second or place.before not in ("else", "elif"):
        return None
    message = f"`{place.before}` starts no line"
    return place.there(message, "it stands behind the brace that closes the `if`: `} else {`")


def _elif(place: Place) -> Habit | None:
    if place.text != "elif" or ELSE not in place.expected:
        return None
    return place.here("there is no `elif`", "write `else if`")


def _word_as_label(place: Place) -> Habit | None:
    if place.kind != COLON or not place.second or place.before not in _LINES:
        return None
    word = place.before
    message = f"`{word}` cannot be a label: it starts a line of its own kind"
    return place.there(message, f'quote it, `"{word}":`, or take another name')


def _declaration(place: Place) -> Habit | None:
    """A line at the top of a file that is no declaration."""
    if _USE not in place.expected or place.kind in (NEWLINE, END):
        return None
    word = place.text
    line = place.line
    message = f"`{word}` starts no declaration"
    if word == "train":
        return place.here("`train` is reserved", "a recipe cannot be read yet")
    if meant := _ELSEWHERE.get(word) or closest(word, _DECLARATIONS):
        return place.here(message, f"did you mean `{meant}`?")
    if re.match(r"\w+\s*\([^()]*\)\s*=(?!=)", line):
        return place.here(message, "a function starts with `def`")
    if re.match(r"\w+\s*=(?!=)", line):
        return place.here(message, "`let` binds a value")
    if re.match(r"\w+\s*(\(.*\))?[^{]*\{", line):
        return place.here(message, "a block starts with `block`, a net with `net`")
    return place.here(message, "lines of a network stand in a `block` or a `net`")


def _line(place: Place) -> Habit | None:
    """A line that starts with a word which looks like a keyword and is none here."""
    if not place.second or place.kind in (NEWLINE, END) or place.reader.last != NAME:
        return None
    word = place.before
    if place.kind == EQUAL:
        return place.here(
            "expected a layer or a label, found `=`", f"`let {word} = …` binds a value"
        )
    if not (place.text[0].isalnum() or place.text[0] in '_"([{'):
        return None
    if word in _LINES:
        return place.there(f"`{word}` cannot stand here", _where(place, word))
    if word in _DECLARATIONS:
        message = f"`{word}` cannot stand here"
        return place.there(message, "declarations stand at the top of the file, side by side")
    if meant := _ELSEWHERE.get(word) or closest(word, (*_LINES, "else")):
        return place.there(f"`{word}` starts no line", f"did you mean `{meant}`?")
    return None


def _where(place: Place, word: str) -> str:
    """Where a line of this kind may stand."""
    brackets = place.reader.brackets
    if brackets and brackets[-1].opener == BRANCHES:
        return f"each item of `[ ]` is a branch; `{word}` stands above the join, or in braces"
    return f"`{word}` stands in a `block` or a `net`"


def _variant(place: Place) -> Habit | None:
    if _EXPECT not in place.expected or NAME in place.expected:
        return None
    if place.start != place.reader.fresh and place.reader.last != BRACE:
        return None
    return place.here(
        f"expected `expect`, found `{place.text}`", "a variant holds expectations and nothing else"
    )


def _equality(place: Place) -> Habit | None:
    if place.kind != EQUAL:
        return None
    if place.reader.last in _ARITHMETIC:
        return place.here(f"`{place.before}=` is no operator", "write it out: `let x = x + 1`")
    if _EQ in place.expected and EQUAL not in place.expected:
        return place.here(
            f"expected an operator after `{place.before}`, found `=`", "`==` compares"
        )
    return None


def _membership(place: Place) -> Habit | None:
    if place.kind != IN or NUMBER in place.expected or NAME in place.expected:
        return None
    return place.here("there is no operator `in`", "compare with `==`, joined by `or`")


def _colon(place: Place) -> Habit | None:
    if place.kind != COLON or BRACE not in place.expected or NAME in place.expected:
        return None
    return place.here("expected `{`, found `:`", "a body stands in braces: `{ … }`")


def _bound_current(place: Place) -> Habit | None:
    if place.kind != _CURRENT or place.expected != frozenset([NAME]):
        return None
    return place.here(
        "expected a name, found `_`", "`_` is the current tensor; `repeat n { … }` needs no name"
    )


def _import(place: Place) -> Habit | None:
    if _AS not in place.expected or place.kind == DOT:
        return None
    name = place.before.strip('"')
    if place.kind == NAME:
        message = f"expected `as` or `(` after {place.before}, found `{place.text}`"
        return place.here(message, f"names stand in parentheses: `({place.text})`")
    help = f"say what: `({name})`, or give the file a name: `as {name}`"
    return place.there("a `use` says which names it takes", help)


def _missing_in(place: Place) -> Habit | None:
    if IN not in place.expected or COMMA not in place.expected or place.kind == COMMA:
        return None
    help = (
        "a comma is missing"
        if re.search(r"\bin\b", place.line.partition("#")[0])
        else "`in` is missing"
    )
    return place.here(f"expected `,` or `in` after `{place.before}`, found `{place.text}`", help)


def _fraction(place: Place) -> Habit | None:
    digits = re.match(r"\.\d+", place.reader.source.text[place.start : place.start + 30])
    if place.kind != DOT or not digits:
        return None
    return place.here(f"`{digits[0]}` is no number", f"write `0{digits[0]}`")


def _tight_branches(place: Place) -> Habit | None:
    if place.opener != INDEX:
        return None
    start = place.reader.brackets[-1].start
    message = f"expected `]` after `{place.before}`, found `{place.text}`"
    return Habit(start, start + 1, message, "the `[` of branches has a space before it")


def _loose_index(place: Place) -> Habit | None:
    if place.opener != BRANCHES or place.kind != NUMBER:
        return None
    message = f"expected a branch, found `{place.text}`"
    return place.here(message, "the `[` of an index stands right behind the name")


def _branches_in_braces(place: Place) -> Habit | None:
    if place.kind != BRACE or BRANCHES not in place.expected:
        return None
    name = place.before if place.before.isidentifier() else "…"
    return place.here(
        f"expected `[` after `{place.before}`, found `{{`",
        f"branches stand in brackets: `{name} [ … ]`; a body in braces stands alone",
    )


_CHECKS: tuple[Callable[[Place], Habit | None], ...] = (
    _dangling_arrow,
    _comment,
    _tight_brace,
    _late_else,
    _elif,
    _word_as_label,
    _declaration,
    _line,
    _variant,
    _equality,
    _membership,
    _colon,
    _bound_current,
    _import,
    _missing_in,
    _fraction,
    _tight_branches,
    _loose_index,
    _branches_in_braces,
)
