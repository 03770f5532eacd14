"""How a forward speaks of numbers, tensors and modules: those by their places in the class."""

import re
from typing import Any

from netwright.evaluate import NotGeneral
from netwright.lower.model import Home, Place
from netwright.lower.text import NameOf, SizeOf, Text
from netwright.targets.torch.holder import quoted
from netwright.targets.torch.shapes import slice_text
from netwright.targets.variables import Variables

Lines = list[Any]
SLICE = re.compile(r"\[(\w*):(self\.\w+)\]")  # what is kept on ``self`` has spaces in a slice


class Spoken:
    """The words of one ``forward``."""

    def __init__(self, target: Any, variables: Variables) -> None:
        self.target = target
        self.variables = variables
        self.loops: set[str] = set()
        self.iterated: dict[int, str] = {}
        self.asked: set[str] = set()
        self.inlined: dict[int, str] = {}
        self.held: dict[int, str] = {}

    # Texts

    def render(self, text: Text) -> str:
        """A text for the forward: parameters and `let`s are kept on ``self``."""
        return SLICE.sub(
            lambda found: f"[{slice_text(found[1], found[2])}]", text.render(self.name, self.size)
        )

    def name(self, part: NameOf) -> str:
        """A loop variable as it is; anything else through ``self``."""
        self.asked.add(part.key)
        if part.key in self.loops or self.target.binds(part):
            return part.name
        if part.key.startswith("file:"):
            self.target.use_file(part.key)
            return part.name
        if not self.target.keep(part.key):
            raise NotGeneral(None)
        kept: str = self.target.attribute(part.name)
        return kept

    def size(self, part: SizeOf) -> str:
        """A size, as the constructor knew it, or as the tensor has it."""
        if part.value in self.target.measured:
            return f"{self.var(part.value)}.shape[{part.axis + 1}]"
        bound = set(self.target.forward_names)
        try:
            if part.text is None:
                raise NotGeneral(None)
            return part.within(self.render(part.text))
        except NotGeneral:
            if self.target.forward_names == bound and part.value in self.variables.names:
                self.target.measured.add(part.value)
            raise

    def var(self, value: int) -> str:
        """The variable of a value, or the expression that stands in a join for it."""
        return self.inlined.get(value) or self.variables.names[value]

    # Members

    def member(self, place: Place) -> str:
        """The expression of a module: ``self.conv1``, ``self.get_submodule(…)``, ``self[0]``."""
        holder, kind = self.home(place.home)
        if place.label is None:
            if not self.target.counted(place.home):
                return f"next({self.iterator(place.home)})"
            index = self.target.index(place)
            return f"{holder}[{index}]" if kind else inside(holder, str(index))
        label, static = self.render(place.label), place.static
        if kind == "nn.ModuleDict":
            return f"{holder}[{quoted(label)}]"
        if kind == "self" and static is not None and static.isidentifier():
            return f"{holder}.{static}"
        return inside(holder, label)

    def home(self, home: Home) -> tuple[str, str]:
        """The expression of a container and its kind, where types tell that."""
        if home.place is None:
            return "self", "self"
        kind = "nn.ModuleList" if home.numbered else "nn.ModuleDict"
        held = self.held.get(id(home))
        own = home.place.home.place is None and (home.place.static or "").isidentifier()
        return held or self.member(home.place), kind if own and not held else ""

    def iterator(self, home: Home) -> str:
        """An iterator over a container whose members are not counted beforehand."""
        if id(home) not in self.iterated:
            count = len(self.iterated)
            self.iterated[id(home)] = "members" if not count else f"members_{count + 1}"
        return self.iterated[id(home)]

    def iterators(self, homes: dict[int, Home]) -> Lines:
        """The line that starts the iterator over the members of the class itself."""
        own = [name for key, name in self.iterated.items() if homes[key].place is None]
        return [f"{name} = iter(self)" for name in own]


def inside(holder: str, label: str) -> str:
    """A member of a module of which nothing is known: ``self.get_submodule("0.1")``."""
    path, opened = (label[2:-1], "f") if label.startswith('f"') else (label, "")
    outer = re.fullmatch(r'(.+)\.get_submodule\((f?)"(.*)"\)', holder)
    number = re.fullmatch(r"self\[(\d+)\]", holder)
    if number is not None:
        holder, path = "self", f"{number[1]}.{path}"
    elif outer is not None:
        holder, path, opened = outer[1], f"{outer[3]}.{path}", opened or outer[2]
    return f'{holder}.get_submodule({opened}"{path}")'
