"""Decides the space between two pieces that stand on one line."""

from netwright.formatting.pieces import COMMENT, Piece
from netwright.parsing.symbols import (
    ARROW,
    BRACE,
    BRACE_END,
    BRANCHES,
    COLON,
    COMMA,
    DOT,
    EQUAL,
    IN,
    INDEX,
    LIST,
    NAME,
    NUMBER,
    ROUND,
    ROUND_END,
    SQUARE_END,
    symbols,
)

_OPERANDS = symbols(
    "NAME TEMPLATE NUMBER KERNEL STRING CURRENT TRUE FALSE NONE RPAR RSQB INT LOSSES"
)
_SIMPLE = symbols("NAME NUMBER TEMPLATE")
_IF, _FOR, _MINUS, _POWER, _USE = (
    next(iter(symbols(name))) for name in ("IF", "FOR", "MINUS", "POWER", "USE")
)
_QUIET = (ROUND, LIST, INDEX)


def spaced(found: list[Piece]) -> None:
    """Put before each piece the space that it has on a line."""
    declaration = found[0].kind if found else COMMENT
    for place, piece in enumerate(found):
        if piece.opener is None and piece.breaks and piece.kind not in (ARROW, COMMENT):
            declaration = piece.kind
        before = found[place - 1] if place else piece
        piece.space = "" if _tight(found, place, before, declaration) else " "
        if piece.kind == COMMENT:
            piece.space = "  "


def _tight(found: list[Piece], place: int, before: Piece, declaration: int) -> bool:
    """Whether no space stands before the piece at this place."""
    piece = found[place]
    if before.kind in _QUIET or before.kind == DOT or piece.kind in (COMMA, DOT, INDEX, ROUND_END):
        return True
    if piece.kind == SQUARE_END:
        return piece.opener is not None and piece.opener.kind != BRANCHES
    if piece.kind == BRACE_END:
        return before.kind == BRACE
    if piece.kind == COLON:
        return piece.opener is not None
    if before.kind == COLON:
        return before.opener is not None and before.opener.kind in _QUIET[1:]
    if piece.kind in (ROUND, LIST) and _operand(found, place - 1):
        return piece.kind == LIST or declaration != _USE
    return _tight_sign(found, place, before)


def _tight_sign(found: list[Piece], place: int, before: Piece) -> bool:
    """Whether no space stands beside a sign: a minus of one operand, `=` of an argument, `**`."""
    if before.kind == _MINUS and not _operand(found, place - 2):
        return True
    for sign in (place, place - 1):
        if found[sign].kind == EQUAL and _argument(found[sign]):
            return not _conditional(found, sign)
        if found[sign].kind == _POWER:
            return _simple_power(found, sign)
    return False


def _operand(found: list[Piece], place: int) -> bool:
    """Whether a value ends at a place; `in` is one where no name stands before it."""
    if place < 0:
        return False
    if found[place].kind == IN:
        return not _operand(found, place - 1)
    return found[place].kind in _OPERANDS


def _argument(equal: Piece) -> bool:
    """Whether `=` gives an argument, a default or a size."""
    return equal.opener is not None and equal.opener.kind in _QUIET


def _conditional(found: list[Piece], equal: int) -> bool:
    """Whether the value behind `=` is chosen by a condition."""
    opener = found[equal].opener
    for place in range(equal + 1, len(found)):
        piece = found[place]
        if piece.opener is opener and piece.kind in (COMMA, _IF, ROUND_END, SQUARE_END):
            return piece.kind == _IF
    return False


def _simple_power(found: list[Piece], power: int) -> bool:
    """Whether both sides of `**` are plain names or numbers."""
    behind = power + 1
    if found[power - 1].kind not in _SIMPLE or found[behind].kind not in _SIMPLE:
        return False
    while behind + 2 < len(found) and found[behind + 1].kind == DOT:
        behind += 2
    return behind + 1 == len(found) or found[behind + 1].kind not in (ROUND, LIST, NAME, NUMBER)
