"""A container with its first members in it: ``nn.Sequential(a, b)`` in place of three lines."""

import keyword
import re
from collections.abc import Sequence
from typing import Any

from netwright.record import record
from netwright.targets.code import Block, logical
from netwright.targets.lists import Lengths, comprehension

Lines = list[Any]


@record
class Folded:
    """Lines in front of a container, what it starts with, and lines that fill it further."""

    ahead: Lines
    arguments: str
    rest: Lines


def folded(name: str, kind: str, lines: Lines, lengths: Lengths) -> Folded:
    """The lines that fill a container, of which the first that do nothing else are its start;
    ``lengths`` are those of the lists that they read."""
    speaks = re.compile(rf"(?<![\w.]){re.escape(name)}(?!\w)")
    at = next((i for i, line in enumerate(lines) if _speaks(line, speaks)), len(lines))
    if any(_registers(line) for line in lines[:at]):
        return Folded([], "", lines)
    members: list[tuple[str, str]] = []
    moved: Lines = []
    end, between = at, list[str]()
    for place, line in enumerate(lines[at:], start=at):
        member = _member(line, name) if isinstance(line, str) else None
        if member is not None and not speaks.search(member[1]):
            if members and bool(members[0][0]) != bool(member[0]):
                break
            members.append(member)
            moved, between, end = [*moved, *between], [], place + 1
        elif _moves(line, name, [*(made for _, made in members), *moved, *between]):
            between.append(line)
        else:
            break
    if not members:
        return Folded([], "", lines)
    return Folded([*lines[:at], *moved], _start(kind, members, lengths), lines[end:])


def _moves(line: "str | Block", name: str, before: Sequence[str]) -> bool:
    """Whether a line may stand in front of others: it gives a new variable its module."""
    found = re.match(r"(?:(\w+) = nn\.|nn\.init\.\w+\()", line) if isinstance(line, str) else None
    if found is None or name in str(line):
        return False
    return found[1] is None or not any(re.search(rf"\b{found[1]}\b", text) for text in before)


def _speaks(line: "str | Block", name: re.Pattern[str]) -> bool:
    return any(name.search(text) for text in logical([line]))


def _registers(line: "str | Block") -> bool:
    """Whether a line puts a module anywhere: those of a class keep their order."""
    return any(
        re.match(r"self(\.\w+)*( = |\[|: |\.append\(|\.add_module\()", text)
        for text in logical([line])
    )


def _member(line: str, name: str) -> tuple[str, str] | None:
    """The label of a member, empty where it has a number, and what makes it."""
    own = re.escape(name)
    found = re.fullmatch(rf'{own}\.append\((.*)\)|{own}\.add_module\("(\w+)", (.*)\)', line)
    if found is None:
        found = re.fullmatch(rf'{own}\[("(\w+)")\] = (.*)', line)
    if found is None:
        return None
    label = found[2] or ""
    if label and (not label.isidentifier() or keyword.iskeyword(label)):
        return None
    return label, found[3] if label else found[1]


def _start(kind: str, members: Sequence[tuple[str, str]], lengths: Lengths) -> str:
    """The arguments of a new container."""
    if kind == "nn.ModuleDict":
        items = ", ".join(f'"{label}": {made}' for label, made in members)
        return f"{{{items}}}"
    items = ", ".join(f"{label}={made}" if label else made for label, made in members)
    if members[0][0]:
        return f"OrderedDict({items})"
    if not kind.endswith("nn.ModuleList"):
        return items
    made = [made for _, made in members]
    if len(made) > 2 and len(set(made)) == 1:
        return f"[{made[0]} for _ in range({len(made)})]"
    return comprehension(made, lengths) or f"[{items}]"
