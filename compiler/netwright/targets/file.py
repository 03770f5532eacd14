"""One emitted file: names, order, sections."""

import builtins
from typing import Any

from netwright.evaluate import NotGeneral
from netwright.layout import docstring
from netwright.lower.model import Routine
from netwright.lower.text import python_value
from netwright.lower.wording import python_name
from netwright.targets.base import NetSpec, Refused
from netwright.targets.code import logical, text_of
from netwright.targets.frozen import option
from netwright.targets.toplevel import TopLevel


class SourceFile(TopLevel):
    """Collects what one emitted file needs; each target says how its parts look."""

    def write(self, doc: str, routines: list[Routine], nets: list[NetSpec]) -> str:
        """The whole file."""
        self.choose_names(routines, nets)
        sections = [self.general(routine) for routine in routines]
        self.refuse_passed()
        self.public += [self.names[id(routine)] for routine in routines]
        for net in nets:
            if self.has_constructor(net):
                self.public.append(net.function)
                sections.append(self.constructor(net))
        head = [*self.preamble(), *self.top_level()]
        helpers = self.helpers_text()
        code = [
            line for section in (*([head] if head else []), *sections) for line in logical(section)
        ]
        code += [line for text in helpers for line in text.splitlines()]
        parts = [
            "\n".join(docstring(self.file_doc(doc), 0)),
            "\n".join(self.imports(code)),
            "\n".join(text_of([self.all_line()])),
        ]
        text = "\n\n".join(part for part in parts if part) + "\n"
        if head:
            text += "\n" + "\n".join(text_of(head)) + "\n"
        bodies = [*helpers, *("\n".join(text_of(section)) for section in sections)]
        return text + "".join(f"\n\n{body.strip(chr(10))}\n" for body in bodies)

    def general(self, routine: Routine) -> list[Any]:
        """The code of a routine; `Refused` where it cannot hold for all arguments."""
        try:
            return self.write_routine(routine)
        except NotGeneral as stop:
            raise Refused(routine, stop.span) from stop

    def refuse_passed(self) -> None:
        """Refuse a routine that cannot know what a block which it is given asks for."""

    def has_constructor(self, net: NetSpec) -> bool:
        """Whether a net gets a function of its own beside its routine."""
        return True

    def file_doc(self, doc: str) -> str:
        """The file's ``##`` and how it was made."""
        spec = self.source.rpartition("/")[2]
        options = f"--target {self.target}{option(self.frozen)}"
        said = f"Generated from {spec} by `netwright build {spec} {options}`."
        return f"{doc}\n\n{said}" if doc else said

    def all_line(self) -> str:
        """``__all__``, in isort's order."""
        names = sorted(dict.fromkeys(self.public), key=isort_key)
        return f"__all__ = [{', '.join(python_value(name) for name in names)}]"

    def choose_names(self, routines: list[Routine], nets: list[NetSpec]) -> None:
        """A name for each routine; blocks give way to nets, constructors, imports and helpers."""
        taken = {net.function for net in nets} | RESERVED[self.target]
        for routine in routines:
            if routine.is_net:
                name = self.camel(routine)
                params = {python_name(param.name.name) for param in routine.definition.params}
                if name in RESERVED[self.target] or name in params:  # that would hide it
                    name = f"{name}{'Net' if name[:1].isupper() else '_net'}"
                self.names[id(routine)] = name
                taken.add(name)
        for routine in routines:
            if not routine.is_net:
                name = self.camel(routine)
                if name in taken:
                    name = self.clear(name)
                if name in taken:
                    stem = routine.definition.home.source.path.rpartition("/")[2].removesuffix(
                        ".net"
                    )
                    name = self.in_front(stem, name)
                while name in taken:
                    name += "_"
                taken.add(name)
                self.names[id(routine)] = name

    def clear(self, name: str) -> str:
        """A block's name, out of the way of another."""
        return f"{name}Block" if name[:1].isupper() else f"{name}_block"

    def in_front(self, stem: str, name: str) -> str:
        """A block's name with its file's in front."""
        return f"{stem.title().replace('_', '')}{name}" if name[:1].isupper() else f"{stem}_{name}"


IMPORTED = {
    "torch": {"F", "NamedTuple", "OrderedDict", "Self", "Tensor", "nn", "torch"},
    "keras": {"KerasTensor", "keras", "layers", "ops"},
}
STANDARD = {"Any", "Callable", "Sequence", "partial"}
RESERVED = {target: {*names, *STANDARD, *dir(builtins)} for target, names in IMPORTED.items()}


def isort_key(name: str) -> tuple[int, list[tuple[int, int, str]]]:
    """Constants, then classes, then the rest; numbers inside by value."""
    import re

    kind = 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2
    parts = re.findall(r"\d+|\D+", name)
    return kind, [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts]


__all__ = ["NetSpec", "Refused", "SourceFile"]
