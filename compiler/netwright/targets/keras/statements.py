"""Statements of a routine as lines of a function."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from netwright.bind.external import External
from netwright.evaluate import NotGeneral
from netwright.lower import model
from netwright.lower.model import Home
from netwright.targets.code import Block, loop_header, negated, parallel
from netwright.targets.keras.fuse import Skip
from netwright.targets.keras.index import Numbering, loop_index
from netwright.targets.keras.order import keras_order
from netwright.targets.keras.shared import Shared
from netwright.targets.keras.view import KerasView
from netwright.targets.lets import assignment, line_at
from netwright.targets.lists import comprehension, gives_list, tensors_of, with_lists
from netwright.targets.liveness import numbers_in
from netwright.targets.spell import spell
from netwright.targets.variables import every

Lines = list[Any]
SHORT = re.compile(r"(\w+) = ([a-z_]\w*\([\w\[\], =]{1,24}\))")


class Statements(Shared):
    """The lines of layers, calls, loops and conditions."""

    def body(self, statements: Sequence[Any]) -> Lines:
        """The lines of some statements."""
        lines: Lines = []
        for place, statement in enumerate(statements):
            if id(statement) in self.variables.dead:
                continue
            if isinstance(statement, model.Number):
                lines += self.lets(line_at(statements, place))
                continue
            lines += self.statement(statement, statements[place + 1 :])
            if isinstance(statement, model.Layer | model.Call | model.Group | Skip):
                lines += self.counted(statement, statements[place + 1 :])
        return lines

    def statement(self, statement: Any, following: Sequence[Any]) -> Lines:
        """The lines of one statement."""
        match statement:
            case model.Layer():
                return self.layer(statement, following)
            case model.Call():
                return self.call(statement, following)
            case model.Losses():
                found = ", ".join(f'"{n}": {self.variables.names[v]}' for n, v in statement.entries)
                return [*self.body(statement.body), f"losses = {{{found}}}"]
            case model.Group() | model.Side():
                return self.body(statement.body)
            case model.Loop():
                return self.loop(statement)
            case model.Arms():
                return self.arms(statement)
            case model.Gather():
                bodies = [self.body(branch.body) for branch in statement.branches]
                return self.nested(statement, bodies)
            case model.Alias():
                return self.alias(statement)
            case model.Store():
                return self.store(statement)
            case model.Load():
                self.variables.names[statement.output] = (
                    f"{statement.name}[{self.render(statement.index)}]"
                )
        return []

    def nested(self, gather: model.Gather, bodies: list[Lines]) -> Lines:
        """The lines of branches, without those of short calls that stand in the join itself.

        Behind such a call no branch has lines of its own: layers are made in the order of the spec.
        """
        alike = self.alike(gather, bodies)
        if alike is not None:
            return [alike]
        for place, branch in reversed(list(enumerate(gather.branches))):
            body = bodies[place]
            name = self.variables.names.get(branch.end)
            found = SHORT.fullmatch(body[-1]) if body and isinstance(body[-1], str) else None
            alone = (
                not branch.label
                and name not in set(assigned(body[:-1]))
                and len(self.variables.uses.get(branch.end, ())) == 1
            )
            if found and found[1] == name and alone:
                self.variables.names[branch.end] = found[2]
                bodies[place] = body = body[:-1]
            if body:
                break
        return [line for body in bodies for line in body]

    def alike(self, gather: model.Gather, bodies: list[Lines]) -> str | None:
        """The line for all branches at once, whose ends it names by their places in a list."""
        items = []
        for branch, body in zip(gather.branches, bodies, strict=True):
            name = f"{self.variables.names.get(branch.end)} = "
            whole = len(body) == 1 and isinstance(body[0], str) and body[0].startswith(name)
            items.append(str(body[0]).removeprefix(name) if whole else "")
        ends = [branch.end for branch in gather.branches]
        made = comprehension(items, self.lists.lengths)
        if made is None or self.lists.carried & set(ends):
            return None
        name = self.lists.take(gather, self.variables)
        for place, end in enumerate(ends):
            self.variables.names[end] = f"{name}[{place}]"
        return f"{name} = {made}"

    def counted(self, statement: Any, following: Sequence[Any]) -> Lines:
        """Let the count of a numbered home go on behind a member."""
        place = statement.place
        if place is None or place.label is not None or not place.home.numbered:
            return []
        numbering = self.numbering(place.home)
        if not numbering.counted or place.own in numbering.literal:
            return []
        numbering.pending += 1
        run_ends = not any(
            getattr(other, "place", None) is not None
            and other.place.home is place.home
            and other.place.label is None
            for other in _before_control(following, numbering)
        )
        if not run_ends:
            return []
        count, numbering.pending = numbering.pending, 0
        return [f"{numbering.name} += {count}"] if numbering.wanted_behind(place.own) else []

    def starts(self, statement: Any) -> Lines:
        """``index = 2`` in front of the first loop or condition that counts members."""
        lines = []
        for home in dict.fromkeys(_homes([statement])):
            if home.numbered and not (
                isinstance(statement, model.Loop | model.Arms) and _inside_group(statement, home)
            ):
                numbering = self.numbering(home)
                if (
                    numbering.counted
                    and id(home) not in self.started
                    and numbering.holds(statement)
                ):
                    self.started.add(id(home))
                    if any(
                        need for own, need, _ in numbering.order if own not in numbering.literal
                    ):
                        lines.append(f"{numbering.name} = {numbering.start_value}")
        return lines

    def layer(self, layer: model.Layer, following: Sequence[Any]) -> Lines:
        """The calls that a layer is in Keras, one line each."""
        out = self.variables.names[layer.output]
        inputs = [self.variables.names[value] for value in layer.inputs]
        inputs += [self.variables.names[value] for value in layer.extra.values()]
        if self.is_shared(layer):
            made = self.make(layer)
            used = [use for _, use in self.shared_parts(layer, inputs, out)]
            return [*made, *self.chain(used, inputs, out, layer.output, following)]
        lines = self.maker(layer, inputs, out)
        return self.chain(lines, inputs, out, layer.output, following)

    def maker(self, layer: model.Layer, inputs: list[str], out: str) -> list[str]:
        view = KerasView(layer, self.render, inputs, out, file=self.file, function=self)
        if layer.place is not None and self.needs_name(layer):
            view.label = self.name_text(layer.place)
        foreign = isinstance(layer.op, External)
        lines = [
            *view.lead,
            *spell("keras", "extern" if foreign else layer.op.name, view),
            *view.tail,
        ]
        self.file.use_helpers(view.helpers)
        self.file.foreign |= dict.fromkeys(view.imports)
        return [self.file.in_full(line) for line in lines]

    def chain(
        self, lines: list[str], inputs: list[str], out: str, value: int, following: Sequence[Any]
    ) -> Lines:
        """Callables one after another; ``$`` is the tensor, ``if …:`` a condition in front."""
        found: Lines = []
        source = inputs[0] if inputs else ""
        nested = asks_again(lines, out) if out in inputs else 0
        if not lines:
            names = [name for name in self.names_of(out, value, following) if name != source]
            return [f"{' = '.join(names)} = {source}"] if names else []
        for place, line in enumerate(lines):
            condition = ""
            if line.startswith("if ") and ": " in line:
                condition, _, line = line.partition(": ")
            if line.startswith("= "):
                expression = line[2:]
            else:
                expression = line.replace("$", source) if "$" in line else f"{line}({source})"
            expression = with_lists(expression, self.lists.lengths)
            if place < nested:
                if condition or line.count("$") > 1:
                    raise NotGeneral(self.routine.node.name.span)
                source = expression
                continue
            if condition and source != out:
                found.append(f"{out} = {source}")
            names = self.names_of(out, value, following) if place == len(lines) - 1 else [out]
            assigned = f"{' = '.join(names)} = {expression}"
            found.append(Block(f"{condition}:", [assigned]) if condition else assigned)
            source = out
        return found

    def names_of(self, out: str, value: int, following: Sequence[Any]) -> list[str]:
        """The variable of an output, and the label that is read further down."""
        names = [out]
        for other in following:
            if isinstance(other, Skip):
                continue
            if isinstance(other, model.Alias) and value in other.sources and len(other.names) == 1:
                name = self.variables.names.get(other.outputs[0])
                if id(other) not in self.variables.dead and name is not None and name not in names:
                    names.append(name)
                    self.done.add(id(other))
                continue
            if isinstance(other, model.Store) and other.source == value:
                if id(other) not in self.variables.dead and other.name in self.loaded:
                    names.append(f"{other.name}[{self.render(other.index)}]")
                    self.done.add(id(other))
                continue
            break
        return names

    def call(self, call: model.Call, following: Sequence[Any]) -> Lines:
        """A block at work."""
        out = self.variables.names[call.output]
        names = self.variables.names
        inputs = [names[value] for value in (*call.inputs, *call.tensors.values())]
        lines: Lines = []
        if self.is_shared(call):
            lines = self.make(call)
            given = inputs[0] if len(inputs) == 1 else f"[{', '.join(inputs)}]"
            expression = f"{self.shared_name(call)}({given})"
        else:
            own = [names[value] for value in call.inputs]
            expression = self.expression(
                call, [*own, *tensors_of(call, {n: names[v] for n, v in call.tensors.items()})]
            )
        if gives_list(call.routine):
            single = self.is_shared(call) and not self.several(call)
            out = out.partition("[")[0]
            self.lists.lengths[out] = 1 + len(call.more)
            return [*lines, f"{out} = {f'[{expression}]' if single else expression}"]
        if (call.outputs or call.more) and (self.several(call) or not self.is_shared(call)):
            return [*lines, *self.taken_apart(call, expression, following)]
        return [*lines, f"{' = '.join(self.names_of(out, call.output, following))} = {expression}"]

    def taken_apart(self, call: model.Call, expression: str, following: Sequence[Any]) -> Lines:
        """The lines that name the outputs of a block that somebody reads."""
        names, uses = self.variables.names, self.variables.uses
        main = self.main_output(call)
        keys = {f"output{n}": value for n, value in enumerate(call.more, start=1)} | call.outputs
        read = {key: value for key, value in keys.items() if uses.get(value)}
        targets = " = ".join(self.names_of(names[call.output], call.output, following))
        if not (read or self.is_shared(call)):
            return [f'{targets} = {expression}["{main}"]']
        whole = f"{names[call.output]}_outputs"
        lines = [f"{whole} = {expression}"]
        lines += [f'{targets} = {whole}["{main}"]'] if uses.get(call.output) else []
        return [*lines, *(f'{names[value]} = {whole}["{key}"]' for key, value in read.items())]

    def expression(self, call: model.Call, inputs: list[str]) -> str:
        function = call.parameter or self.file.names[id(call.routine)]
        args = self.file.args(call, self.render, set(call.tensors))
        named = call.routine is None or self.file.takes_name(call.routine)
        if call.parameter_kind == "activation":
            return f"{function}()({inputs[0]})"
        if call.parameter_kind == "norm":
            return f"{function}(name={self.name_text(call.place)})({inputs[0]})"
        if named:
            args = [*args, f"name={self.name_text(call.place)}"]
        text = f"{function}({', '.join([*inputs, *args])})"
        return with_lists(text, self.lists.lengths)

    def alias(self, alias: model.Alias) -> Lines:
        """A name for a tensor, where it is not the variable already."""
        if id(alias) in self.done:
            return []
        names = self.variables.names
        pairs = [
            (names[o], names[s])
            for s, o in zip(alias.sources, alias.outputs, strict=True)
            if names[o] != names[s]
        ]
        if len(pairs) > 1:
            return [f"{', '.join(n for n, _ in pairs)} = {', '.join(v for _, v in pairs)}"]
        return [f"{name} = {value}" for name, value in pairs]

    def store(self, store: model.Store) -> Lines:
        """Keep a tensor under its index."""
        if id(store) in self.done:
            return []
        lines = []
        names = self.variables.names
        if store.name in self.loaded:
            lines.append(f"{store.name}[{self.render(store.index)}] = {names[store.source]}")
        if self.variables.uses.get(store.output) and names[store.output] != names[store.source]:
            lines.append(f"{names[store.output]} = {names[store.source]}")
        return lines

    def lets(self, numbers: Sequence[model.Number]) -> Lines:
        """A line of `let`, where anything reads it."""
        wanted = [number for number in numbers if number.key in self.numbers_wanted]
        return list(assignment([(n.name, self.render(n.text)) for n in wanted]))

    def loop(self, loop: model.Loop) -> Lines:
        """A loop; it counts its turns where names need it."""
        self.refuse_turning(loop.phis)
        lines = [*self.hoisted(loop), *parallel(self.variables.before[id(loop)])]
        lines += self.starts(loop)
        counter, kind = loop_index(loop)
        counts = any(
            id(loop) in n.loops and any(need for _, need, _ in n.order)
            for n in map(self.numbering, dict.fromkeys(h for h in _homes(loop.body) if h.numbered))
        )
        if counts:
            counter = counter or self.turn_variable()
            self.turn_names[id(loop)] = counter
        body = [*self.body(loop.body), *parallel(self.variables.after[id(loop)])]
        if not body:
            return lines
        used = used_words(body)
        names = [name if name in used else "_" for name, _ in loop.targets]
        iterable = self.render(loop.iterable)
        if counts and kind == "repeat":
            names = [counter or "_"]
        elif counts and kind == "items":
            names = (
                [counter or "_", *names]
                if len(names) == 1
                else [counter or "_", f"({', '.join(names)})"]
            )
            iterable = f"enumerate({iterable})"
        return [*lines, Block(loop_header(names, iterable), body)]

    def turn_variable(self) -> str:
        """A loop variable of our own."""
        taken = numbers_in(self.flow) | set(self.params) | set(self.turn_names.values())
        return next(name for name in ("i", "j", "k", "turn") if name not in taken)

    def refuse_turning(self, phis: Sequence[model.Phi]) -> None:
        """Refuse a tensor whose axes Keras has in another order in one arm, or behind a turn."""
        values = self.routine.values
        for phi in phis:
            ends = [values[v] for v in (phi.before, phi.inside, phi.end, phi.after) if v in values]
            if len({tuple(keras_order(tensor)) for tensor in ends}) > 1:
                raise NotGeneral(self.routine.node.name.span)

    def arms(self, arms: model.Arms) -> Lines:
        """A condition."""
        self.refuse_turning(arms.phis)
        lines = [*self.hoisted(arms), *parallel(self.variables.before[id(arms)])]
        lines += self.starts(arms)
        then = [*self.body(arms.then), *parallel(self.variables.after[id(arms)])]
        otherwise = [*self.body(arms.otherwise), *parallel(self.variables.otherwise[id(arms)])]
        if not then and not otherwise:
            return lines
        condition = self.render(arms.condition)
        if not then:
            return [*lines, Block(f"if {negated(condition)}:", otherwise)]
        return [
            *lines,
            Block(f"if {condition}:", then),
            *([Block("else:", otherwise)] if otherwise else []),
        ]


def asks_again(lines: Sequence[str], out: str) -> int:
    """The last of some lines that asks for a size of their input, which they overwrite with other
    sizes: what is before it must stand inside it. 0 where none does."""
    asks = re.compile(rf"(?<![\w.]){out}\.shape\[(-?\d+)\]")
    found = 0
    for place, line in enumerate(lines):
        axes = set(asks.findall(line))
        turned = any("Permute" in before for before in lines[:place])
        if axes and (turned or axes != {"-1"}):
            found = place
    return found


def assigned(code: Iterable[Any]) -> Iterator[str]:
    """The variables that lines give values to."""
    for item in code:
        if isinstance(item, Block):
            yield from assigned(item.body)
        else:
            yield from re.findall(r"(\w+)(?:\[[^]]*\])? = ", item)


def used_words(code: Iterable[Any]) -> set[str]:
    """All names that lines speak of."""
    found: set[str] = set()
    for item in code:
        text = item.header if isinstance(item, Block) else item
        found |= set(re.findall(r"[A-Za-z_]\w*", text))
        if isinstance(item, Block):
            found |= used_words(item.body)
    return found


def _before_control(statements: Sequence[Any], numbering: Numbering) -> Iterator[Any]:
    for statement in statements:
        if isinstance(statement, model.Loop | model.Arms) and numbering.holds(statement):
            return
        yield statement


def _homes(statements: Sequence[Any]) -> Iterator[Home]:
    for statement in every(statements):
        place = getattr(statement, "place", None)
        if place is not None and place.label is None:
            yield place.home


def _inside_group(statement: Any, home: Home) -> bool:
    return any(isinstance(s, model.Group) and s.home is home for s in every([statement]))
