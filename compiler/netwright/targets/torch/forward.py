"""The forward: one statement a line of the spec, tensors in variables."""

from collections.abc import Sequence
from typing import Any

from netwright.lower import model
from netwright.targets.code import Block, logical, negated, parallel
from netwright.targets.lets import assignment, line_at
from netwright.targets.lists import Lists, comprehension, gives_list, tensors_of, with_lists
from netwright.targets.torch.made import for_header, members
from netwright.targets.torch.spoken import Spoken
from netwright.targets.torch.types import type_of
from netwright.targets.variables import Unit, Variables

Lines = list[Any]
WIDTH = 88


class Forward(Spoken):
    """Writes the lines of one ``forward``."""

    def __init__(self, target: Any, variables: Variables, result: int, annotated: set[str]) -> None:
        super().__init__(target, variables)
        self.result = result
        self.annotated = annotated
        self.start_again()
        self.depth = 2

    def start_again(self) -> None:
        """Forget what the lines so far asked for and held."""
        self.asked = set()
        self.lists = Lists(self.target.routine, self.target.flow, (*self.target.params, "self"))

    # Statements

    def body(self, statements: Sequence[Any]) -> Lines:
        """The lines of some statements."""
        lines: Lines = []
        for place, statement in enumerate(statements):
            if id(statement) in self.variables.dead or (
                isinstance(statement, model.Layer) and id(statement) in self.target.done
            ):
                continue
            if isinstance(statement, model.Number):
                lines += self.lets(line_at(statements, place))
                continue
            following = statements[place + 1 :]
            lines += self.statement(statement, following)
        return lines

    def statement(self, statement: Any, following: Sequence[Any]) -> Lines:
        """The lines of one statement."""
        match statement:
            case model.Layer() | model.Call() | Unit():
                return self.apply(statement, following)
            case model.Group():
                return self.group(statement)
            case model.Losses():
                return self.losses(statement)
            case model.Side():
                return self.body(statement.body)
            case model.Loop():
                return self.loop(statement)
            case model.Arms():
                return self.arms(statement)
            case model.Gather():
                return self.gather(statement, following)
            case model.Alias():
                return self.alias(statement)
            case model.Store():
                return self.store(statement)
            case model.Load():
                self.variables.names[statement.output] = (
                    f"{statement.name}[{self.render(statement.index)}]"
                )
        return []

    def group(self, group: model.Group) -> Lines:
        """What a group does; its module is taken out of the one around once, where it comes."""
        taken = group.place.label is None and not self.target.counted(group.place.home)
        whole = self.member(group.place)
        if taken:
            self.held[id(group.home)] = self.free("group")
        lines = self.body(group.body)
        iterator = self.iterated.get(id(group.home))
        held = self.held.get(id(group.home))
        used = held and any(f"{held}." in line for line in logical(lines))
        if not used and not iterator and taken:
            return [whole, *lines]
        if not used:
            typed = bool(self.home(group.home)[1])
            children = f"iter({whole})" if typed else f"{whole}.children()"
            return [f"{iterator} = {children}", *lines] if iterator else lines
        start = [f"{iterator} = {held}.children()"] if iterator else []
        return [f"{held} = {whole}", *start, *lines]

    def free(self, stem: str) -> str:
        """A local variable that is none yet."""
        name, count = stem, 1
        taken = {*self.variables.names.values(), *self.held.values(), *self.target.params}
        taken |= self.lists.lengths.keys()
        while name in taken:
            count += 1
            name = f"{stem}_{count}"
        return name

    def gather(self, gather: model.Gather, following: Sequence[Any]) -> Lines:
        """Branches: each in lines of its own, or all short ones inside the join if that fits."""
        short = {
            branch.end: found
            for branch in gather.branches
            if (found := self.short(branch)) is not None
        }
        ends = [branch.end for branch in gather.branches]
        alike = comprehension([self.alone(b) or "" for b in gather.branches], self.lists.lengths)
        if alike is not None and not self.lists.carried & set(ends):
            return self.listed(alike, gather)
        last = max((i for i, b in enumerate(gather.branches) if b.end not in short), default=-1)
        for branch in gather.branches[:last]:  # members are taken in their order
            if "next(" in short.get(branch.end, ""):
                del short[branch.end]
        join = following[0] if following else None
        if short and isinstance(join, model.Layer):
            self.inlined |= short
            lines = self.statement(join, following[1:])
            if (
                len(lines) == 1
                and isinstance(lines[0], str)
                and 4 * self.depth + len(lines[0]) <= WIDTH
            ):
                others = [b for b in gather.branches if b.end not in short]
                before = [line for branch in others for line in self.body(branch.body)]
                self.target.done.add(id(join))
                return [*before, *lines]
            for value in short:
                self.inlined.pop(value, None)
            self.target.done -= {id(s) for s in following}
        return [line for branch in gather.branches for line in self.body(branch.body)]

    def listed(self, items: str, gather: model.Gather) -> Lines:
        """A list of what all branches give, which is named from here on by places in it."""
        name = self.lists.take(gather, self.variables)
        for place, branch in enumerate(gather.branches):
            self.variables.names[branch.end] = f"{name}[{place}]"
        return [f"{name} = {items}"]

    def short(self, branch: model.Branch) -> str | None:
        """A branch whose end is read once, if it is one module or function, as an expression."""
        return self.alone(branch) if len(self.variables.uses.get(branch.end, ())) == 1 else None

    def alone(self, branch: model.Branch) -> str | None:
        """A branch that is one module or function, as an expression."""
        body = [
            s
            for s in branch.body
            if id(s) not in self.variables.dead and not isinstance(s, model.Number)
        ]
        if [s for s in body if isinstance(s, model.Load)]:
            self.body([s for s in body if isinstance(s, model.Load)])
            body = [s for s in body if not isinstance(s, model.Load)]
        if len(body) != 1 or not isinstance(body[0], model.Layer | model.Call | Unit):
            return None
        last = body[0]
        if (
            last.output != branch.end
            or getattr(last, "outputs", None)
            or getattr(last, "more", None)
        ):
            return None
        lines = self.expression(last)
        if len(lines) != 1:
            return None
        return lines[0]

    def apply(self, statement: Any, following: Sequence[Any]) -> Lines:
        """A module or function at work; ``x = name = …`` where its label is read further down."""
        out = self.var(statement.output)
        lines = self.expression(statement)
        *before, last = lines
        names = [out]
        for other in following:
            if (
                isinstance(other, model.Alias)
                and statement.output in other.sources
                and len(other.names) == 1
            ):
                if id(other) not in self.variables.dead and self.var(other.outputs[0]) not in names:
                    names.append(self.var(other.outputs[0]))
                    self.target.done.add(id(other))
                continue
            if isinstance(other, model.Store) and other.source == statement.output:
                if id(other) not in self.variables.dead and self.stored(other):
                    names.append(f"{other.name}[{self.render(other.index)}]")
                    self.target.done.add(id(other))
                continue
            break
        if isinstance(statement, model.Call) and gives_list(statement.routine):
            name = out.partition("[")[0]
            self.lists.lengths[name] = 1 + len(statement.more)
            return [*before, f"{name} = {last}"]
        if isinstance(statement, model.Call) and (statement.outputs or statement.more):
            values = (*statement.more, *statement.outputs.values())
            uses = self.variables.uses
            names = [out, *(self.var(value) if uses.get(value) else "_" for value in values)]
            return [*before, *self.declared(out), f"{', '.join(names)} = {last}"]
        if names == [out] and not self.variables.uses.get(statement.output):
            return [*before, last] if statement.place is not None else before
        return before if names == [last] else [*before, f"{self.typed(names)} = {last}"]

    @property
    def result_type(self) -> str:
        """The type of what is returned."""
        return type_of(self.target.routine.values[self.result])

    def declared(self, name: str) -> Lines:
        """The type of the returned variable, where it is first bound together with others."""
        is_result = name == self.variables.names.get(self.result)
        if self.target.outputs.several or not is_result or name in self.annotated:
            return []
        self.annotated.add(name)
        return [f"{name}: {self.result_type}"]

    def typed(self, names: list[str]) -> str:
        """The left side: annotated where the returned variable is first bound."""
        name = names[0]
        if self.target.outputs.several:
            return " = ".join(names)
        if (
            len(names) == 1
            and name == self.variables.names.get(self.result)
            and name not in self.annotated
        ):
            self.annotated.add(name)
            return f"{name}: {self.result_type}"
        self.annotated |= set(names)
        return " = ".join(names)

    def expression(self, statement: Any) -> list[str]:
        """Lines, of which the last is the expression of the result."""
        return [with_lists(line, self.lists.lengths) for line in self._expression(statement)]

    def _expression(self, statement: Any) -> list[str]:
        if isinstance(statement, Unit):
            return [f"{self.member(statement.place)}({self.var(statement.before)})"]
        inputs = [self.var(value) for value in statement.inputs]
        if isinstance(statement, model.Call):
            tensors = statement.tensors.items()
            inputs += tensors_of(statement, {name: self.var(value) for name, value in tensors})
            return [f"{self.member(statement.place)}({', '.join(inputs)})"]
        inputs += [self.var(value) for value in statement.extra.values()]
        lines: list[str] = self.target.apply(statement, self, inputs)
        return lines

    def alias(self, alias: model.Alias) -> Lines:
        """A name for a tensor, where it is not the variable already."""
        if id(alias) in self.target.done:
            return []
        pairs = [
            (self.var(output), self.var(source))
            for source, output in zip(alias.sources, alias.outputs, strict=True)
            if self.var(output) != self.var(source)
        ]
        if len(pairs) > 1:
            return [f"{', '.join(n for n, _ in pairs)} = {', '.join(v for _, v in pairs)}"]
        return [f"{self.typed([name])} = {value}" for name, value in pairs]

    def copies(self, pairs: list[tuple[str, str]]) -> Lines:
        """The lines that give tensors other variables, in front of a loop or a condition."""
        if len(pairs) == 1:
            ((name, value),) = pairs
            return [f"{self.typed([name])} = {value}"]
        return [line for name, _ in pairs for line in self.declared(name)] + parallel(pairs)

    def stored(self, store: model.Store) -> bool:
        """Whether any line reads the tensor by its index."""
        return store.name in self.target.loaded

    def store(self, store: model.Store) -> Lines:
        """Keep a tensor under its index."""
        if id(store) in self.target.done:
            return []
        lines = []
        if self.stored(store):
            lines.append(f"{store.name}[{self.render(store.index)}] = {self.var(store.source)}")
        if self.variables.uses.get(store.output) and self.var(store.output) != self.var(
            store.source
        ):
            lines.append(f"{self.var(store.output)} = {self.var(store.source)}")
        return lines

    def losses(self, losses: model.Losses) -> Lines:
        """What training gives in the place of all that comes behind."""
        self.depth += 1
        body = self.body(losses.body)
        self.depth -= 1
        found = ", ".join(f'"{name}": {self.var(value)}' for name, value in losses.entries)
        test = f"if self.training and {self.var(losses.value)} is not None:"
        return [Block(test, [*body, f"return {{{found}}}"])]

    def loop(self, loop: model.Loop) -> Lines:
        """The same loop again, over the same modules."""
        copies = self.copies(self.variables.before[id(loop)])
        keys = {key for _, key in loop.targets}
        self.loops |= keys
        asked, self.asked = self.asked, set()
        self.depth += 1
        body = self.body(loop.body)
        self.depth -= 1
        body += parallel(self.variables.after[id(loop)])
        if not body:
            self.asked |= asked
            return copies
        header = for_header(loop, self.asked, self.render)
        self.asked |= asked
        return [*copies, Block(header, body)]

    def arms(self, arms: model.Arms) -> Lines:
        """The same condition again: whether the module is there, or the condition itself."""
        before = self.copies(self.variables.before[id(arms)])
        self.depth += 1
        then = self.body(arms.then) + parallel(self.variables.after[id(arms)])
        otherwise = self.body(arms.otherwise) + parallel(self.variables.otherwise[id(arms)])
        self.depth -= 1
        if not then and not otherwise:
            return before
        optional = self.target.optional(arms)
        condition = f"self.{optional[0]} is not None" if optional else self.render(arms.condition)
        if not then:
            return [*before, Block(f"if {negated(condition)}:", otherwise)]
        lines: Lines = [*before, Block(f"if {condition}:", then)]
        return [*lines, Block("else:", otherwise)] if otherwise else lines

    def lets(self, numbers: Sequence[model.Number]) -> Lines:
        """A line of `let` that is bound more than once, or in each turn, is bound here again."""
        wanted = [number for number in numbers if number.name in self.target.forward_names]
        pairs = [(number.name, self.render(number.text)) for number in wanted]
        return list(assignment(pairs))


__all__ = ["Forward", "members"]
