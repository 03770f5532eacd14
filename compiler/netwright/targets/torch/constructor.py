"""The constructor: modules in the order of the lines, with the sizes that loops carry."""

import re
from collections.abc import Sequence
from typing import Any

from netwright.evaluate import NotGeneral
from netwright.lower import model
from netwright.lower.model import Place
from netwright.lower.text import NameOf, Text
from netwright.targets.code import Block, logical, negated, parallel
from netwright.targets.lets import assignment, line_at
from netwright.targets.live import Wanted
from netwright.targets.torch.declared import first_use, keys_of
from netwright.targets.torch.folding import folded
from netwright.targets.torch.holder import Holder, quoted
from netwright.targets.torch.made import for_header, is_next, lightened, members, stem_of
from netwright.targets.torch.pure import literal
from netwright.targets.variables import Unit, every

Lines = list[Any]
MEMBER = re.compile(r"^\s*self\.(\w+) = ([\w.]+)\(", re.MULTILINE)
"""A member and its class, in a line that makes it."""


class Constructor:
    """Writes the lines of one ``__init__``; asks for the variables that they need."""

    def __init__(self, target: Any, wanted: Wanted, reserved: set[str]) -> None:
        self.target = target
        self.wanted = wanted
        self.reserved = reserved
        self.blocks: dict[str, str] = {}  # key of a call -> its local variable
        self.made: set[int] = set()  # places of modules that several lines use
        self.first: dict[int, model.Call] = {}  # the first use of each place of a block
        self.kinds: dict[Any, str] = {}  # the variable of each class of blocks
        self.holders: dict[int, Holder] = {}
        self.hoisted: Lines | None = None
        self.late: Lines = []  # starts of weights that override those of a loop
        self.depth = 0  # of the loops and conditions around

    def render(self, text: Text) -> str:
        """A text for the constructor."""
        return self.wanted.render(text, self.name)

    def name(self, part: NameOf) -> str:
        """A variable; the channels of a block that was just made are read from it."""
        if part.name.startswith("block'"):
            key, _, attribute = part.name.removeprefix("block'").rpartition(".")
            return f"{self.blocks.get(key, 'block')}.{attribute}"
        if part.key.startswith("file:"):
            self.target.use_file(part.key)
        return part.name

    def body(self, statements: Sequence[Any], holder: Holder) -> Lines:
        """The lines of some statements."""
        lines: Lines = []
        self.holders[id(holder.home)] = holder
        for place, statement in enumerate(statements):
            if isinstance(statement, model.Number):
                lines += self.lets(line_at(statements, place))
            elif isinstance(statement, model.Declared):
                lines += self.declared(statement.module, statements[:place], statements[place:])
            else:
                lines += self.statement(statement, holder)
        return lines

    def statement(self, statement: Any, holder: Holder) -> Lines:
        """The lines of one statement."""
        match statement:
            case model.Layer():
                return self.layer(statement, holder)
            case model.Call():
                return self.call(statement, holder)
            case Unit() | model.Group():
                group = statement.group if isinstance(statement, Unit) else statement
                return self.group(
                    group,
                    holder,
                    pure=isinstance(statement, Unit) or holder.kind == "nn.Sequential",
                )
            case model.Loop():
                return self.loop(statement, holder)
            case model.Arms():
                return self.arms(statement, holder)
            case model.Gather():
                return [
                    line for branch in statement.branches for line in self.body(branch.body, holder)
                ]
            case model.Side():
                return self.body(statement.body, holder)
        return []

    def declared(self, place: Place, before: Sequence[Any], after: Sequence[Any]) -> Lines:
        """A shared module on the line that declares it, or there a place for it, which keeps the
        order; none where no line uses it, or the next module is it."""
        use, holder = first_use(after, place), self.holders[id(place.home)]
        if use is None or id(place) in self.made or is_next(after, use):
            return []
        numbers = {s.key for s in every(before) if isinstance(s, model.Number)}
        known = self.target.param_keys | numbers
        keys = keys_of(self.target, use)
        if use.in_loop or any(not (key in known or key.startswith("file:")) for key in keys):
            label = holder.label(place, self.render, self.depth)
            return [f"{holder.name}.register_module({quoted(label or '')}, None)"]
        self.depth += len(use.arms)
        lines = self.statement(use.statement, holder)
        self.depth -= len(use.arms)
        for arms, holds in reversed(use.arms):
            condition = self.render(arms.condition)
            optional = self.target.optional(arms) if holder.name == "self" else None
            first = [f"self.{optional[0]}: {optional[1]} | None = None"] if optional else []
            lines = [*first, Block(f"if {condition if holds else negated(condition)}:", lines)]
        return lines

    def layer(self, layer: model.Layer, holder: Holder) -> Lines:
        """A layer that is a module, once; in a named class those without weights are shared."""
        place = layer.place
        if place is None or self.is_made(place):
            return []
        shared = (
            place.label is not None
            and not place.user
            and not place.weights
            and holder.name == "self"
        )
        inlined = holder.kind in ("self", "nn.ModuleDict") and not holder.home.numbered
        if not self.target.is_member(layer, inlined):
            return []
        if shared:
            self.made.add(id(place))
        chained = holder.kind == "nn.Sequential"
        module = self.target.module(layer, self.render, chained=chained)
        line = self.add(holder, place, module)
        if shared and self.hoisted is not None:
            self.hoisted.append(line)
            return []
        return self.started(layer, line, module, holder)

    def started(self, layer: model.Layer, line: str, module: str, holder: Holder) -> Lines:
        """A module, and how its weights start where those of its kind start in several ways."""
        name = line.removesuffix(f" = {module}")
        if not name.startswith("self.") or not name.replace(".", "").isidentifier():
            name = self.free(layer.op.name)
        if not self.target.any_apart([layer]):
            return [line]
        starts = self.target.own_start(layer, name)
        if self.target.follows(layer):
            self.late += starts
            self.reserved.add(name)
            starts = []
        elif not starts:
            return [line]
        if name.startswith("self."):
            return [line, *starts]
        return [f"{name} = {module}", *starts, line.replace(module, name, 1)]

    def add(self, holder: Holder, place: Place, expression: str) -> str:
        """The line that puts a module in its place: a shared one in its own home."""
        holder = self.holders.get(id(place.home), holder)
        return holder.add(place, expression, self.render, self.depth)

    def is_made(self, place: Place) -> bool:
        """Whether a module stands already; a shared one stands from now on."""
        if id(place) in self.made:
            return True
        if place.kind == "shared":
            self.made.add(id(place))
        return False

    def ahead(self, group: model.Group, holder: Holder) -> Lines:
        """A shared module that a group uses before it has weights of its own stands before it."""
        lines: Lines = []
        for member in members(group.body):
            if member.place.kind == "shared" and member.place.home is not group.home:
                lines += self.statement(member, holder)
            elif not isinstance(member, model.Layer) or _has_weights(member):
                break
        return lines

    def call(self, call: model.Call, holder: Holder) -> Lines:
        """A block; one whose channels only it knows is asked for them where it stands."""
        asked = call.channels_key in self.wanted.keys if call.channels_key else False
        first = self.first.setdefault(id(call.place), call)
        if self.is_made(call.place):
            if asked and first.channels_key:
                self.wanted.ask(first.channels_key)
            self.blocks[call.key] = self.blocks.get(first.key, "block")
            return []
        expression = self.target.construct(call, self.render)
        if not asked:
            return [self.add(holder, lightened(call), expression)]
        label = call.place.static
        own = holder.name == "self" and call.place.home is holder.home and not self.depth
        if own and label is not None and label.isidentifier():
            self.blocks[call.key] = f"self.{label}"
            return [self.add(holder, call.place, expression)]
        name = self.variable(call)
        self.blocks[call.key] = name
        if first.place.kind == "shared":
            self.reserved.add(name)  # read wherever the module is used
        return [f"{name} = {expression}", self.add(holder, call.place, name)]

    def variable(self, call: model.Call) -> str:
        """The variable of a block: one for each class, as Python's types have it."""
        kind = call.parameter or id(call.routine)
        if kind not in self.kinds:
            name, count = self.free("block"), 1
            while name in self.kinds.values():
                count += 1
                name = self.free(f"block_{count}")
            self.kinds[kind] = name
        name = self.kinds[kind]
        return self.free(name)

    def free(self, stem: str) -> str:
        """A local variable that nothing else is called."""
        name, count = stem, 1
        while name in self.reserved:
            count += 1
            name = f"{stem}_{count}"
        return name

    def group(self, group: model.Group, holder: Holder, *, pure: bool) -> Lines:
        """The module of a labelled line: a literal, or filled where it stands."""
        if not any(True for _ in members(group.body)):
            empty = group.place.label is None  # it takes its number all the same
            return [self.add(holder, group.place, "nn.Sequential()")] if empty else []
        kind = (
            "nn.Sequential" if pure else "nn.ModuleList" if group.home.numbered else "nn.ModuleDict"
        )
        if pure and group.home.numbered and self.literal(group.body):
            return [
                self.add(holder, group.place, f"nn.Sequential({', '.join(self.items(group.body))})")
            ]
        static, ahead = group.place.static, self.ahead(group, holder)
        if holder.name == "self" and static is not None and static.isidentifier():
            name = f"self.{static}"
            body = self.body(group.body, Holder(name, group.home, kind, self.depth))
            made = folded(name, kind, body, self.target.lengths())
            return [*ahead, *made.ahead, f"{name} = {kind}({made.arguments})", *made.rest]
        name = self.free(stem_of(group.place))
        self.reserved.add(name)
        body = self.body(group.body, Holder(name, group.home, kind, self.depth))
        self.reserved.discard(name)
        made = folded(name, kind, body, self.target.lengths())
        whole = f"{kind}({made.arguments})"
        if not made.rest:
            return [*ahead, *made.ahead, self.add(holder, group.place, whole)]
        filled = [f"{name} = {whole}", *made.rest, self.add(holder, group.place, name)]
        return [*ahead, *made.ahead, *filled]

    def literal(self, statements: Sequence[Any]) -> bool:
        """Whether the members of a chain are known, and need no lines of their own."""
        return literal(statements) and not self.target.any_apart(statements)

    def items(self, statements: Sequence[Any], *, chained: bool = True) -> list[str]:
        """The members of a chain as expressions; where it is none, the class applies each."""
        found = []
        for statement in statements:
            match statement:
                case model.Layer() if statement.place is not None:  # a join is no module
                    found.append(self.target.module(statement, self.render, chained=chained))
                case model.Call():
                    found.append(self.target.construct(statement, self.render))
                case model.Group():
                    found.append(f"nn.Sequential({', '.join(self.items(statement.body))})")
        return found

    def loop(self, loop: model.Loop, holder: Holder) -> Lines:
        """A loop, where anything in it makes a module or is wanted behind it."""
        before = [line for carry in loop.carries for line in self.carry(carry)]
        outermost = self.hoisted is None
        if outermost:
            self.hoisted = []
        self.depth += 1
        body = self.body(loop.body, holder)
        self.depth -= 1
        body += parallel([pair for carry in loop.turns for pair in self.pair(carry)])
        hoisted: Lines = []
        if outermost:
            hoisted, self.hoisted = self.hoisted or [], None
        if not body:
            return [*before, *hoisted]
        return [*before, Block(self.header(loop, body), body), *hoisted]

    def header(self, loop: model.Loop, body: Lines) -> str:
        """``for i, n in enumerate(depths):`` with the variables that the body reads."""
        return for_header(loop, self.wanted.keys, self.render)

    def carry(self, carry: model.Carry) -> Lines:
        """The line that sets a carried size, where it is wanted."""
        return [f"{name} = {value}" for name, value in self.pair(carry) if name != value]

    def pair(self, carry: model.Carry) -> list[tuple[str, str]]:
        """The variable of a carried size and its value, where it is wanted."""
        if carry.key not in self.wanted.keys:
            return []
        if carry.text is None:
            raise NotGeneral(None)
        value = self.render(carry.text)
        return [(carry.name, value)] if value != carry.name else []

    def arms(self, arms: model.Arms, holder: Holder) -> Lines:
        """A condition; a module that only one arm makes is none before it."""
        outermost = self.hoisted is None
        if outermost:
            self.hoisted = []
        self.depth += 1
        then = self.body(arms.then, holder) + parallel(
            [pair for c in arms.then_carries for pair in self.pair(c)]
        )
        otherwise = self.body(arms.otherwise, holder) + parallel(
            [pair for c in arms.else_carries for pair in self.pair(c)]
        )
        self.depth -= 1
        hoisted: Lines = []
        if outermost:
            hoisted, self.hoisted = self.hoisted or [], None
        if not then and not otherwise:
            return hoisted
        condition = self.render(arms.condition)
        optional = self.target.optional(arms) if holder.name == "self" else None
        first = [f"self.{optional[0]}: {optional[1]} | None = None"] if optional else []
        if not then:
            return [Block(f"if {negated(condition)}:", otherwise), *hoisted]
        lines: Lines = [*first, *differing(then, otherwise), Block(f"if {condition}:", then)]
        if otherwise:
            lines.append(Block("else:", otherwise))
        return [*lines, *hoisted]

    def lets(self, numbers: Sequence[model.Number]) -> Lines:
        """A line of `let`, where the constructor or the forward speaks of it."""
        kept, local = self.target.kept, self.wanted.local
        wanted = [number for number in numbers if number.key in self.wanted.keys]
        pairs = [
            (
                number.name
                if number.key in local or number.key not in kept
                else self.target.attribute(number.name),
                self.render(number.text),
            )
            for number in wanted
        ]
        return [
            *assignment(pairs),
            *(
                f"{self.target.attribute(n.name)} = {n.name}"
                for n in wanted
                if n.key in kept and n.key in local
            ),
        ]


def _has_weights(layer: model.Layer) -> bool:
    return layer.place is not None and layer.place.weights


def differing(then: Lines, otherwise: Lines) -> Lines:
    """The types of members that are of one class in one arm and of another in the other."""
    kinds, others = (dict(MEMBER.findall("\n".join(logical(arm)))) for arm in (then, otherwise))
    both = [name for name, kind in kinds.items() if name in others and others[name] != kind]
    return [f"self.{name}: nn.Module" for name in both]
