"""Labels on symbols: names for tensors, and tensors kept under an index."""

from typing import Any

from netwright import syntax
from netwright.evaluate import NotGeneral, evaluate, text_of
from netwright.lower import model
from netwright.lower.kinds import Templated
from netwright.lower.speech import Speech
from netwright.lower.text import Text
from netwright.lower.wording import python_name, template, word
from netwright.source import Span
from netwright.sym import ANY, NATURAL, POSITIVE, Dim, Sym, keys, substitute, variable
from netwright.tensor import DEPTH, HEIGHT, LENGTH, WIDTH
from netwright.values import Ref, Scope, plain

CELLS = (HEIGHT, WIDTH, DEPTH, LENGTH)


class Labels(Speech):
    """Lines with labels, plain or with expressions inside."""

    def label_name(self, label: syntax.Label) -> str:
        if all(isinstance(part, str) for part in label.parts):
            return text_of(label.parts, self)
        return Text.of(*self.label_text(label).parts).plain

    def label_text(self, label: syntax.Label) -> Text:
        """The text of a label: plain, or the inside of an f-string."""
        if all(isinstance(part, str) for part in label.parts):
            return Text.of("".join(map(str, label.parts)))
        text = template(label.parts, self)
        whole = text.plain
        return text if whole.startswith('f"') else Text.of(whole[1:-1])

    def labelled(self, value: Any, name: str, span: Span) -> Any:
        return value

    def fixed(self, label: syntax.Label) -> syntax.Label:
        """A label whose expressions are all numbers here, as plain text."""
        if not label.parts or all(isinstance(part, str) for part in label.parts):
            return label
        for part in label.parts:
            if not isinstance(part, str) and (
                isinstance(evaluate(part, self), Sym) or any(word(part, self).names())
            ):
                return label
        return syntax.Label((text_of(label.parts, self),), label.quoted, label.span)

    def line(self, line: syntax.Line) -> None:
        if line.label is not None:
            line = syntax.Line(self.fixed(line.label), line.steps, line.doc, line.span)
        if line.label is None or all(isinstance(part, str) for part in line.label.parts):
            self.label_stack.append("".join(map(str, line.label.parts)) if line.label else "")
            super().line(line)
            self.label_stack.pop()
            return
        label = line.label
        before = dict(self.scope.names)
        self.label_stack.append("")
        super().line(line)
        self.label_stack.pop()
        name = self.label_name(label)
        value = self.scope.names.get(name)
        if name not in before:
            self.scope.names.pop(name, None)
        self.store(label, plain(value))

    def store(self, label: syntax.Label, value: Any) -> None:
        """Keep the tensor of a line with an indexed label."""
        parts = tuple(part if isinstance(part, str) else None for part in label.parts)
        open_parts = [part for part in label.parts if not isinstance(part, str)]
        if not isinstance(value, Ref) or len(open_parts) != 1:
            return
        index = evaluate(open_parts[0], self)
        stem = "".join(part for part in parts if part)
        ref = self.new(value.tensor, value.span)
        self.out.append(model.Store(python_name(stem), word(open_parts[0], self), value.id, ref.id))
        self.templates.append(Templated(parts, index, ref, ref.id))

    def template(self, expr: syntax.Template) -> Any:
        parts = tuple(part if isinstance(part, str) else None for part in expr.parts)
        opened = [part for part in expr.parts if not isinstance(part, str)]
        if len(opened) != 1:
            raise NotGeneral(expr.span)
        index = evaluate(opened[0], self)
        for found in reversed(self.templates):
            if found.parts == parts:
                return self.load(found, index, word(opened[0], self), expr.span)
        if isinstance(index, int):
            return self.lookup(text_of(expr.parts, self), expr.span)
        raise NotGeneral(expr.span)

    def stored(self, name: str) -> Any:
        """The tensor of an indexed label under a plain name, ``dec1`` of ``dec{i}``."""
        for found in reversed(self.templates):
            before, after = (found.parts[0] or "") if found.parts[0] is not None else "", ""
            if found.parts[-1] is not None and len(found.parts) > 1:
                after = found.parts[-1]
            middle = name[len(before) : len(name) - len(after)]
            if name.startswith(before) and name.endswith(after) and middle.isdigit():
                return self.load(found, int(middle), Text.of(middle), None)
        return None

    def load(self, found: Templated, index: Any, text: Text, span: Span | None) -> Ref:
        """A stored tensor: the very value in the same turn, else read by its index."""
        if index == found.index and found.store in self.flow.in_turn:
            return found.ref
        values = solved(found.index, index)
        sizes = tuple(
            substitute(size, values) if isinstance(size, int | Sym) else size
            for size in found.ref.tensor.sizes
        )
        kept = found.ref.tensor
        if any(map(self.of_a_turn, sizes, kept.axes)):
            raise NotGeneral(span)
        ref = self.new(kept.resized(sizes), span)
        stem = "".join(part for part in found.parts if part)
        self.out.append(model.Load(python_name(stem), text, ref.id))
        return ref

    def of_a_turn(self, size: Any, axis: str) -> bool:
        """Whether the size of a stored tensor is that of one turn, which nothing words here; cells
        are not asked for."""
        ended = self.flow.turned - self.flow.turning
        return axis not in CELLS and isinstance(size, Sym) and bool(keys(size) & ended)

    def define(self, name: str, value: Any, span: Span) -> None:
        inner = plain(value)
        if isinstance(inner, Ref) and not name.startswith('f"'):
            ref = self.new(inner.tensor, inner.span)
            self.copy_flat(inner, ref)
            self.out.append(model.Alias((python_name(name),), (inner.id,), (ref.id,)))
            if isinstance(value, Scope):
                value.value = ref
            else:
                value = ref
        self.taken[-1].pop(name, None)
        super().define(name, value, span)
        self.rows.pop(name, None)


def solved(index: Any, wanted: Any) -> dict[str, Dim]:
    """The loop variable under which an index is another: of ``i + 1`` one less."""
    names = keys(index) if isinstance(index, Sym) else set()
    for key in names if len(names) == 1 else ():
        for sign in (NATURAL, POSITIVE, ANY):
            rest = index - variable(key, sign)
            if isinstance(rest, int):
                return {key: wanted - rest}
    return {}
