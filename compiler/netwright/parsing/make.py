"""Makes `net.tables` from `grammar/net.lark`: `python -m netwright.parsing.make`.

Lark checks the grammar and computes the LALR(1) tables. They are shipped, because importing Lark
alone costs four times the start of Python; `tables.py` reads them and tells the format.
"""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from operator import methodcaller

from lark import Lark
from lark.grammar import Rule, Terminal
from lark.lexer import PatternStr, TerminalDef
from lark.parser_frontends import ParsingFrontend
from lark.parsers.lalr_analysis import LALR_Analyzer

from netwright.resources import HERE, data_folder

STARTS = ("file", "expr")
TARGET = os.path.join(HERE, "parsing", "net.tables")
HEADER = "# Made from grammar/net.lark by `python -m netwright.parsing.make`: not to be edited."

Rows = Mapping[int, Mapping[str, int | Rule]]


def grammar() -> str:
    """The text of the grammar."""
    folder = data_folder("grammar")
    assert folder is not None, "the grammar is shipped with the compiler"
    return (folder / "net.lark").read_text(encoding="utf-8")


def tables() -> str:
    """The text of `net.tables`."""
    parser = Lark(grammar(), parser="lalr", lexer="contextual", start=list(STARTS))
    assert isinstance(parser.parser, ParsingFrontend)
    rules = list(parser.parser.parser_conf.rules)
    rows = analysed(parser.parser)
    terminals = sorted(parser.terminals, key=lambda terminal: terminal.name)
    terminals = [known for known in terminals if not known.name.startswith("__IGNORE")]
    names = ["$END", *(known.name for known in terminals)]
    names += sorted({str(rule.origin.name) for rule in rules})
    ids = {name: number for number, name in enumerate(names)}
    lines = [HEADER, f"symbols {' '.join(names)}", *spellings(terminals, ids)]
    lines += [f"kept {' '.join(str(ids[name]) for name in sorted(kept_terminals(rules)))}"]
    lines += [f"fallback {ids[kind]} {ids[other]}" for kind, other in fallbacks(terminals)]
    lines += [
        f"rule {ids[str(rule.origin.name)]} {len(rule.expansion)} {action(rule)} {kept(rule)}"
        for rule in rules
    ]
    lines += states(rows, {rule: number for number, rule in enumerate(rules)}, ids)
    return "".join(f"{line.rstrip()}\n" for line in lines)


def analysed(frontend: ParsingFrontend) -> Rows:
    """What each state does at a symbol: the next state or a rule. A conflict raises.

    States are numbered by breadth, symbols sorted, since Lark's order changes from run to run.
    """
    analyzer = LALR_Analyzer(frontend.parser_conf, strict=True)
    methodcaller("compute_lalr")(analyzer)
    table = analyzer.parse_table
    order = {table.start_states[name]: number for number, name in enumerate(STARTS)}
    rows: dict[int, dict[str, int | Rule]] = {}
    queue = list(order)
    for state in queue:
        row: dict[str, int | Rule] = {}
        for symbol, (_, target) in sorted(table.states[state].items()):
            if not isinstance(target, Rule) and target not in order:
                order[target] = len(order)
                queue.append(target)
            row[symbol] = target if isinstance(target, Rule) else order[target]
        if state in table.end_states.values():
            row["$END"] = order[state]
        assert not ("_LIST" in row and "_BRANCHES" in row), "one bracket, two meanings"
        rows[order[state]] = row
    return rows


def states(rows: Rows, rules: Mapping[Rule, int], ids: Mapping[str, int]) -> Iterator[str]:
    """A line for each state: `action symbol symbol …` for each of its actions."""
    for row in rows.values():
        grouped: dict[int, list[int]] = {}
        for symbol, target in row.items():
            code = ~rules[target] if isinstance(target, Rule) else target
            grouped.setdefault(code, []).append(ids[symbol])
        groups = (f"{code} {' '.join(map(str, sorted(grouped[code])))}" for code in sorted(grouped))
        yield f"state {','.join(groups)}"


def spellings(terminals: Sequence[TerminalDef], ids: Mapping[str, int]) -> Iterator[str]:
    """How each terminal is written: as a literal, or as a regular expression.

    Brackets of three uses and newlines, which the lexer tells apart by itself, are left out.
    """
    for terminal in terminals:
        kind = "literal" if isinstance(terminal.pattern, PatternStr) else "regex"
        spelling = terminal.pattern.value.replace("\n", "\\n")
        if terminal.name not in ("BROKEN", "_NL", "_INDEX"):
            yield f"{kind} {ids[terminal.name]} {spelling}"


def fallbacks(terminals: Sequence[TerminalDef]) -> Iterator[tuple[str, str]]:
    """What a token is taken for where the parser cannot take it as what it looks like."""
    name = re.compile(next(known.pattern.value for known in terminals if known.name == "NAME"))
    for terminal in terminals:
        if isinstance(terminal.pattern, PatternStr) and name.fullmatch(terminal.pattern.value):
            yield terminal.name, "NAME"
    yield "_INDEX", "_LIST"
    yield "_LIST", "_BRANCHES"


def action(rule: Rule) -> str:
    """What a rule makes: the name of a builder's method, `=` its only child, `*` a list."""
    origin = str(rule.origin.name)
    if rule.alias:
        return str(rule.alias)
    if origin.startswith("_"):
        return "*"
    return "=" if rule.options.expand1 and len(rule.expansion) == 1 else origin


def kept_terminals(rules: Sequence[Rule]) -> set[str]:
    """Tokens that some node is made from: their places must be known."""
    symbols = (symbol for rule in rules for symbol in rule.expansion)
    return {s.name for s in symbols if isinstance(s, Terminal) and not s.filter_out}


def kept(rule: Rule) -> str:
    """Positions of the children that a node is made from; `-` where an option is not there."""
    optional = list(rule.options.empty_indices) or [False] * len(rule.expansion)
    symbols = iter(enumerate(rule.expansion))
    found = []
    for missing in optional:
        position, symbol = (-1, None) if missing else next(symbols)
        if missing:
            found.append("-")
        elif not (isinstance(symbol, Terminal) and symbol.filter_out):
            found.append(str(position))
    return " ".join(found)


if __name__ == "__main__":
    with open(TARGET, "w", encoding="utf-8") as target_file:
        target_file.write(tables())
