"""Docstrings of emitted files: what the spec says, and shapes in letters."""

from collections.abc import Iterable, Iterator
from typing import Any

from netwright import syntax
from netwright.instance import Instance
from netwright.layout import docstring, unbroken
from netwright.lower import model
from netwright.lower.model import Routine
from netwright.sym import Sym, keys, show
from netwright.targets.base import Base, NetSpec
from netwright.targets.frozen import sentence
from netwright.targets.variables import every
from netwright.tensor import Tensor
from netwright.values import Partial, holds, spec_text


class Docs(Base):
    """Docstrings of blocks, nets and constructors."""

    def doc(self, paragraphs: Iterable[str], indent: int) -> str:
        """A docstring, laid out."""
        return "\x00" + "\n".join(docstring("\n\n".join(p for p in paragraphs if p), indent))

    def paragraphs(self, doc: str) -> list[str]:
        """The paragraphs of a ``##`` comment."""
        return [part.strip() for part in doc.split("\n\n") if part.strip()]

    def class_docstring(self, written: Any, indent: int) -> str:
        """The docstring of a class or function."""
        return self.doc(self.docstring_lines(written), indent)

    def uses(self, routine: Routine) -> list[str]:
        """What a routine is for, where it is not general."""
        known = {**routine.bound, **(held_sizes(routine) if routine.fixed else {})}
        if not known:
            return []
        args = ", ".join(
            f"{name} = {spec_text(value) if holds(value, Partial) else self.literal(value, None)}"
            for name, value in known.items()
        )
        return [f"For {args} only: its shapes do not follow from its arguments."]

    def shape_line(self, routine: Routine) -> str:
        """``(in_channels, H, W) -> (width, H', W')``."""
        inputs = ", ".join(self._inputs(routine))
        if routine.ragged:
            return f"{inputs} -> a shape that its arguments decide"
        if routine.tensor is None:
            return f"{inputs} -> several tensors"
        said = [self._size(routine, place) for place in range(routine.tensor.rank)]
        line = f"{inputs} -> ({_row(self.turn(said, routine.tensor))})"
        if routine.sizes and self.channels_first:
            names = " and ".join(f"`{name}`" for name in routine.sizes)
            line += f", where {names} values leave the convolutions"
        return line

    def turn(self, sizes: list[str], tensor: Tensor) -> list[str]:
        """Sizes in the order of the target's axes."""
        channels = tensor.axes[:1] == ("channels",) and len(sizes) > 1
        return [*sizes[1:], sizes[0]] if channels and not self.channels_first else sizes

    def _inputs(self, routine: Routine) -> Iterator[str]:
        """The shape of each input; of a list that of each of its tensors, once."""
        lists = {members[0]: (param, len(members)) for param, members in routine.lists.items()}
        listed = {name for members in routine.lists.values() for name in members}
        for name, _, tensor in routine.inputs:
            if name in lists:
                param, count = lists[name]
                yield unbroken(f"{count} x {self._input(routine, param, tensor)}")
            elif name not in listed:
                yield self._input(routine, name, tensor)

    def _input(self, routine: Routine, name: str, tensor: Tensor) -> str:
        if not routine.is_net:
            return f"({_row(self.turn([_letter(key) for key in _keys_of(name, tensor)], tensor))})"
        sizes = [self._said(routine, size) or str(size) for size in tensor.sizes]
        if self.any_size and any_size(routine):
            sizes = [
                *sizes[:1],
                *(
                    AXIS_LETTERS.get(axis, size)
                    for axis, size in zip(tensor.axes[1:], sizes[1:], strict=True)
                ),
            ]
        return f"({_row(self.turn(sizes, tensor))})"

    def _said(self, routine: Routine, size: Any) -> str:
        """The normal form of a size, in letters; empty where it has names of no one's."""
        if not isinstance(size, Sym):
            return str(size)
        names, dynamic = routine.names, dynamic_sizes(routine)
        if not all(names.valid(key) or key in dynamic for key in keys(size)):
            return ""
        given = self.used_values.get(routine.definition, ())
        if any(isinstance(use.get(key), str) for use in given for key in keys(size)):
            return ""  # the word `same` is no number
        return show(size, lambda key: key if key in dynamic else _letter(names.name_of[key]))

    def _size(self, routine: Routine, place: int) -> str:
        assert routine.tensor is not None
        axis = routine.tensor.axes[place] if place < len(routine.tensor.axes) else ""
        letter = AXIS_LETTERS.get(axis, "N")
        said = self._said(routine, routine.tensor.sizes[place])
        fixed = isinstance(routine.tensor.sizes[place], int)
        if (
            self.any_size
            and routine.is_net
            and fixed
            and axis in AXIS_LETTERS
            and any_size(routine)
        ):
            return f"{letter}'"
        if not said or len(said) > 40 or "out_channels" in said:
            return f"{letter}'" if letter != "N" else "channels" if place == 0 else "N"
        return said

    def constructor_doc(self, net: NetSpec) -> str:
        """``ResNet50: 25,557,032 parameters, 4.09 GMACs at 3 x 224 x 224.``"""
        totals = net.instance.totals
        params = f"{self.held(net):,} {self.params_word}"
        if self.frozen is not None:
            params = f"{self.left(net):,} trainable parameters, {self.held(net):,} with the frozen"
        at = self.at(net.instance)
        return f"{net.name}: {params}, {gmacs(totals.macs)} at {at}{self.remark(net)}."

    def constructor_lines(self, net: NetSpec) -> list[str]:
        """The paragraphs of a constructor: its counts, and what its dynamic sizes must be."""
        sizes = "" if net.routine.fixed else " ".join(f"{said}." for said in net.sizes)
        return [self.constructor_doc(net), sizes]

    def held(self, net: NetSpec) -> int:
        """The parameters that the target holds: those of the language, unless it cannot."""
        return net.instance.totals.params

    def left(self, net: NetSpec) -> int:
        """The parameters that still train where parts of a net are frozen."""
        return self.frozen.trained(net.instance) if self.frozen is not None else self.held(net)

    def stays(self, routine: Routine) -> list[str]:
        """What the docstring of a net says of its frozen parts."""
        return [sentence(self.frozen)] if self.frozen is not None and routine.is_net else []

    def remark(self, net: NetSpec) -> str:
        """What else must be said of the counts."""
        return ""

    def at(self, instance: Instance) -> str:
        """The input that MACs are counted for, in words."""
        shapes = []
        for _, tensor in instance.inputs:
            sizes = self.turn([str(getattr(size, "size", size)) for size in tensor.sizes], tensor)
            shapes.append(
                f"{sizes[0]} tokens"
                if tensor.integers is not None and len(sizes) == 1
                else unbroken(" x ".join(sizes))
            )
        if len(shapes) == 1:
            return shapes[0]
        words = {2: "two", 3: "three", 4: "four"}
        return (
            f"{words.get(len(shapes), str(len(shapes)))} of {shapes[0]}"
            if len(set(shapes)) == 1
            else " and ".join(shapes)
        )


AXIS_LETTERS = {"height": "H", "width": "W", "depth": "D", "length": "T"}


FIXED = {"flatten", "reshape", "local_conv", "parameter", "layer_norm"}


def dynamic_sizes(routine: Routine) -> set[str]:
    """Names of the sizes of inputs that are known only when a net runs."""
    return {
        size.name
        for statement in routine.node.body.statements
        if isinstance(statement, syntax.Input)
        for size in statement.sizes
        if size.name is not None
    }


def held_sizes(routine: Routine) -> dict[str, Any]:
    """The sizes of inputs that a net is written for alone, by name."""
    statements = [s for s in routine.node.body.statements if isinstance(s, syntax.Input)]
    return {
        given.name: size
        for statement, (_, _, tensor) in zip(statements, routine.inputs, strict=True)
        for given, size in zip(statement.sizes, tensor.sizes, strict=True)
        if given.name is not None
    }


def any_size(routine: Routine) -> bool:
    """Whether a routine takes images of any size: nothing in it holds or asks for one."""
    if routine.is_net and any(
        isinstance(size, Sym) for _, _, tensor in routine.inputs for size in tensor.sizes[1:]
    ):
        return False
    makers = {
        statement.output: statement.op.name
        for statement in every(routine.statements)
        if isinstance(statement, model.Layer)
    }
    return not any(_holds_size(statement, makers) for statement in every(routine.statements))


def _holds_size(statement: Any, makers: dict[int, str]) -> bool:
    """Whether a statement is made for one size of its input."""
    if isinstance(statement, model.Call):
        routine = statement.routine
        return routine is not None and (bool(routine.sizes) or not any_size(routine))
    if not isinstance(statement, model.Layer) or statement.op.name not in FIXED:
        return False
    if statement.op.name != "flatten":
        return True
    adaptive = makers.get(statement.inputs[0], "").startswith("adaptive_")
    return not adaptive and any(size != 1 for size in statement.tensors[0].sizes[1:])


def gmacs(macs: int) -> str:
    """MACs in words, with three digits: ``4.09 GMACs``."""
    value = macs / 1e9
    digits = (
        0
        if value >= 99.5
        else 1
        if value >= 9.95
        else 2
        if value >= 0.995
        else 3
        if value >= 0.0995
        else 4
    )
    if value < 0.001:
        return f"{macs:,} MACs"
    return f"{value:.{digits}f} GMACs"


def _row(sizes: list[str]) -> str:
    return f"{sizes[0]}," if len(sizes) == 1 else ", ".join(map(unbroken, sizes))


def _letter(name: str) -> str:
    letters = {
        "in_height": "H",
        "in_width": "W",
        "in_depth": "D",
        "in_length": "T",
    }
    if name in letters:
        return letters[name]
    carried = {"height": "H'", "columns": "W'", "length": "T'"}
    name = name.partition("[")[0]  # of a list
    stem, _, count = name.rpartition("_")
    if (stem if count.isdigit() else name) in carried:
        return carried[stem if count.isdigit() else name]
    for axis, letter in (("_height", "H"), ("_width", "W"), ("_length", "T"), ("_depth", "D")):
        if name.endswith(axis):
            return letter
    return name


def _keys_of(name: str, tensor: Tensor) -> list[str]:
    from netwright.lower.inputs import input_keys

    return input_keys(name, tensor)
