"""The symbols of the grammar that the lexer, the reader and the messages must know by name."""

from netwright.parsing.tables import tables

_NUMBERS = tables().symbols


def symbols(names: str) -> frozenset[int]:
    """The numbers of symbols, whose names are parted by spaces."""
    return frozenset(_NUMBERS[name] for name in names.split())


END = _NUMBERS["$END"]
NEWLINE = _NUMBERS["_NL"]
BROKEN = _NUMBERS["BROKEN"]
NAME = _NUMBERS["NAME"]
TEMPLATE = _NUMBERS["TEMPLATE"]
KERNEL = _NUMBERS["KERNEL"]
NUMBER = _NUMBERS["NUMBER"]
STRING = _NUMBERS["STRING"]
ARROW = _NUMBERS["_ARROW"]
COMMA = _NUMBERS["COMMA"]
COLON = _NUMBERS["COLON"]
DOT = _NUMBERS["DOT"]
EQUAL = _NUMBERS["EQUAL"]
LIST = _NUMBERS["_LIST"]
INDEX = _NUMBERS["_INDEX"]
BRANCHES = _NUMBERS["_BRANCHES"]
BRACE = _NUMBERS["LBRACE"]
BRACE_END = _NUMBERS["RBRACE"]
SQUARE_END = _NUMBERS["RSQB"]
ROUND = _NUMBERS["LPAR"]
ROUND_END = _NUMBERS["RPAR"]
ELSE = _NUMBERS["ELSE"]
IN = _NUMBERS["IN"]

CLOSERS = {
    ROUND: ROUND_END,
    LIST: SQUARE_END,
    INDEX: SQUARE_END,
    BRANCHES: SQUARE_END,
    BRACE: BRACE_END,
}
"""What closes each bracket."""

ENDS = frozenset(CLOSERS.values())
DECLARES = symbols("USE DEF BLOCK NET EXTERN")
BINDS = symbols("LET SET")
OPERATORS = symbols("PLUS MINUS TIMES OVER FLOOR MODULO POWER EQ NE LE GE LT GT AND OR IF DOT FOR")
OPERANDS = symbols("NAME TEMPLATE CURRENT NUMBER KERNEL STRING TRUE FALSE NONE NOT _LIST LPAR")
"""Where values start."""

JOINING = OPERATORS | symbols("ELSE IN AS WHEN TRAINING INT")
"""Words that join two parts of a line."""

RESERVED = symbols("FOR IF ELSE AND OR")
"""Words that are no names where a value may start."""

PARTS = symbols("_NL COMMA _branch_end")
"""What parts lines, and branches."""
