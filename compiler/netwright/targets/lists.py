"""Lists of tensors in emitted code: one variable for all, one expression for what is done to each.

A tensor of a list is named by its place there, ``maps[1]``; where all stand in a row, the list
stands in their place.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from netwright.lower import model
from netwright.lower.model import Routine
from netwright.lower.wording import python_name
from netwright.targets.liveness import every
from netwright.tensor import DETECTIONS, PROPOSALS

BRACKETS = re.compile(r"(?<![\w\])])\[([\w.]+(?:\[\d+\])?(?:, [\w.]+(?:\[\d+\])?)*)\]")
PLACE = re.compile(r'((?:self\.)?\w+(?:\["\w+"\])?)\[(\d+)\]')
TEXT = r'f?"(?:[^"\\]|\\.)*"'
NAME = r'(?:self\.)?[A-Za-z_]\w*(?:\["\w+"\])?(?:\[\d+\])?'
TOKEN = re.compile(rf"{TEXT}|{NAME}|[\d.]+|\s+|.")
SIZES = {"channels": "channels", "features": "features", "ratios": "ratio", "sizes": "size"}
FREE = ["x", "y", "z", *(f"x_{count}" for count in range(2, 20))]
ITEM = re.compile(r"(\w+)\[(\d+)\]")
Lengths = Mapping[str, int]


class Lists:
    """The variables of lists in one body: how long they are, and what they hold."""

    def __init__(self, routine: Routine, flow: Sequence[Any], taken: Iterable[str]) -> None:
        self.lengths = {python_name(name): len(each) for name, each in routine.lists.items()}
        self.held: dict[str, list[int]] = {}
        self.taken = set(taken)
        self.carried = {
            value
            for statement in every(flow)
            for phi in getattr(statement, "phis", ())
            for value in (phi.before, phi.inside, phi.end)
        }

    def take(self, gather: model.Gather, variables: Any) -> str:
        """A variable for what all branches give: a new one, or one whose list nobody reads."""
        now = max(variables.position.get(id(statement), 0) for statement in every([gather]))
        ends = [branch.end for branch in gather.branches]
        idle = (n for n, held in self.held.items() if not any(variables.live(v, now) for v in held))
        name, taken = next(idle, ""), {*variables.names.values(), *self.taken, *self.lengths}
        options = ("parts", *(f"parts_{count}" for count in range(2, 1000)))
        name = name or next(option for option in options if option not in taken)
        self.held[name], self.lengths[name] = ends, len(ends)
        return name


def gives_list(routine: Routine | None) -> bool:
    """Whether a block gives a list of tensors."""
    if routine is None or not routine.more or routine.is_net or routine.outputs:
        return False
    values = (routine.values[value] for value in (routine.result, *routine.more))
    return not any(t.axes[:1] in ((PROPOSALS,), (DETECTIONS,)) for t in values)


def tensors_of(call: model.Call, names: Mapping[str, str]) -> list[str]:
    """The tensors that a block is given by its arguments, those of one list in brackets; ``names``
    has the variable of each."""
    lists = call.routine.lists if call.routine is not None else {}
    first = {members[0]: members for members in lists.values()}
    listed = {name for members in lists.values() for name in members}
    found = []
    for name in call.tensors:
        if name in first:
            found.append(f"[{', '.join(names[member] for member in first[name])}]")
        elif name not in listed:
            found.append(names[name])
    return found


def with_lists(text: str, lengths: Lengths) -> str:
    """The same code with whole lists where all of their tensors stood in a row."""
    return BRACKETS.sub(lambda found: bracket(found[1].split(", "), lengths), text)


def bracket(items: Sequence[str], lengths: Lengths) -> str:
    """A list of some tensors: one that there is, a part of it, or a new one."""
    rows: list[tuple[str, int, int]] = []
    for item in items:
        found = ITEM.fullmatch(item)
        name, place = (found[1], int(found[2])) if found and found[1] in lengths else (item, -1)
        if rows and place > 0 and rows[-1][0] == name and rows[-1][2] == place:
            rows[-1] = (name, rows[-1][1], place + 1)
        else:
            rows.append((name, place, place + 1))
    texts = [_row(name, start, stop, lengths) for name, start, stop in rows]
    if len(rows) == 1 and len(items) == rows[0][2] - rows[0][1] and rows[0][1] >= 0:
        return texts[0].removeprefix("*") if texts[0][0] == "*" else f"[{texts[0]}]"
    return f"[{', '.join(texts)}]"


def _row(name: str, start: int, stop: int, lengths: Lengths) -> str:
    """Tensors of one list that follow each other."""
    if start < 0:
        return name
    if stop - start == lengths[name]:
        return f"*{name}"
    return f"*{name}[{start or ''}:{stop}]" if stop - start > 1 else f"{name}[{start}]"


def comprehension(items: Sequence[str], lengths: Lengths) -> str | None:
    """Expressions that differ in nothing but the tensors, modules and counts in them, as one for
    all; none where that is not worth it."""
    rows = [TOKEN.findall(item) for item in items]
    if len(items) < 2 or not all(items) or len(set(map(len, rows))) > 1:
        return None
    columns = list(zip(*rows, strict=True))
    read = dict.fromkeys(column for column in columns if len(set(column)) > 1)
    counted = {column: text for column in read if (text := _counted(column)) is not None}
    sources = {column: _source(column) for column in read if column not in counted}
    if not all(sources.values()) or not _known(list(sources.values()), lengths, len(items)):
        return None
    names = _names(sources, set(rows[0]))
    texts = {**names, **counted}
    element = "".join(texts.get(column, column[0]) for column in columns)
    return f"[{element} for {_header(list(names.values()), list(sources.values()), counted)}]"


def _header(names: Sequence[str], sources: Sequence[str], counted: Any) -> str:
    """What a comprehension runs over, and with which variables."""
    one = len(names) == 1
    targets, iterable = ", ".join(names), sources[0] if one else f"zip({', '.join(sources)})"
    if not counted:
        return f"{targets} in {iterable}"
    return f"i, {targets if one else f'({targets})'} in enumerate({iterable})"


def _counted(column: Sequence[str]) -> str | None:
    """Numbers that count from zero, alone or in a text, as they are said by ``i``."""
    if all(token == str(place) for place, token in enumerate(column)):
        return "i"
    rows = [re.split(r"(\d+)", token) for token in column if token.endswith('"')]
    if len(rows) < len(column) or len(set(map(len, rows))) > 1:
        return None
    found = []
    for column_of in zip(*rows, strict=True):
        if len(set(column_of)) == 1:
            found.append(column_of[0])
        elif all(token == str(place) for place, token in enumerate(column_of)):
            found.append("{i}")
        else:
            return None
    text = "".join(found)
    return text if text.startswith("f") else f"f{text}"


def _source(column: Sequence[str]) -> str:
    """The list that has what stands at one place of each expression; empty where it is none."""
    found = [PLACE.fullmatch(token) for token in column]
    bases = {match[1] for match in found if match is not None}
    counted = all(match is not None and int(match[2]) == n for n, match in enumerate(found))
    if counted and len(bases) == 1:
        return bases.pop()
    tensors = (token for token in column if not token.startswith("self"))
    named = [token for token in tensors if token.isidentifier() or ITEM.fullmatch(token)]
    return f"[{', '.join(column)}]" if len(named) == len(column) else ""


def _known(sources: Sequence[str], lengths: Lengths, count: int) -> bool:
    """Whether one list surely has as many as there are expressions, and none has others."""
    if not sources or any(lengths.get(source, count) != count for source in sources):
        return False
    written = any(source.startswith("[") for source in sources) and len(sources) > 1
    return any(source in lengths for source in sources) or (written and count > 2)


def _names(sources: Mapping[tuple[str, ...], str], spoken: set[str]) -> dict[tuple[str, ...], str]:
    """A variable for each list that is gone through."""
    found: dict[tuple[str, ...], str] = {}
    for column, source in sources.items():
        stem = source.rpartition(".")[2].partition("[")[0].rpartition("_")[2]
        options = ["block" if stem == "blocks" else "layer"] if source.startswith("self") else []
        if stem in SIZES:
            options = [SIZES[stem]]
        taken = {*spoken, *found.values()}
        found[column] = next(name for name in [*options, *FREE] if name not in taken)
    return found
