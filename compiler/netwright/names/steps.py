"""Steps of chains: what each means, and whether it may be called or have branches."""

from netwright import syntax
from netwright.arguments import is_function
from netwright.bind.names import ambiguous, unknown_step
from netwright.bind.scope import visible
from netwright.bind.walk import no_join
from netwright.names.calls import Calls
from netwright.names.known import ANY, Known, Sort
from netwright.program import Definition
from netwright.values import Fault


class Steps(Calls):
    """The steps in the body of one definition."""

    definition: Definition

    def refuse_args(self, use: syntax.Use) -> None:
        """A shared module has its arguments already."""
        for arg in use.args or ():
            name, count = use.callee.span.text, len(use.args or ())
            message = f"`{name}` takes no arguments, found {count}"
            self.judge.fault(Fault("surplus-argument", arg.span, message))
            return

    def joins(self, known: Known, use: syntax.Use) -> bool:
        """Whether a step may have its branches; a mistake where it takes one tensor."""
        target = known.target
        if use.branches is None or target is None:
            return True
        most = 1 if isinstance(target, Definition) else target.inputs[1]
        if most is None or most > 1:
            return True
        self.judge.fault(no_join(str(target.name), use.branches.span))
        return False

    def meaning(self, use: syntax.Use) -> Known:
        """What a step means; a mistake where it means nothing, or two things."""
        called = use.args is not None or use.branches is not None
        callee = use.callee
        if not isinstance(callee, syntax.Name) or callee.name in ("_", "in"):
            known = self.expr(callee)
        else:
            found = self.peek(callee.name, called=called)
            if found is None:
                self.unknown_step(use, callee.name)
                return ANY
            known = found
            local = self.sight.find(callee.name)
            if known.sort is Sort.TENSOR and not called and local is known:
                outer = self.outside(callee.name)
                if outer is not None and outer.sort is Sort.CALLABLE:
                    if self.judge.first(f"{callee.name}()"):
                        self.judge.fault(ambiguous(callee.name, use.span))
                    else:
                        self.judge.skip()
                    return ANY
        return self.possible(use, known, called=called)

    def possible(self, use: syntax.Use, known: Known, *, called: bool) -> Known:
        """Refuse a number as a step, and a tensor that is called."""
        text = use.callee.span.text
        if called and known.sort in (Sort.TENSOR, Sort.VALUE, Sort.FILE):
            message = f"`{text}` cannot be called: it is {known.sort.value}"
            help = self.declared(use)
            self.judge.fault(Fault("not-callable", use.callee.span, message, help=help))
            return ANY
        if not called and known.sort in (Sort.VALUE, Sort.FILE):
            message = f"a line starts from a tensor or a layer: `{text}` is {known.sort.value}"
            self.judge.fault(Fault("not-a-tensor", use.span, message, help=self.declared(use)))
            return ANY
        return known

    def declared(self, use: syntax.Use) -> str:
        """How a parameter would have to be declared, to stand here."""
        for param in self.definition.params:
            if param.name.name == use.callee.span.text and param.annotation is None:
                kind = "tensor" if use.args is None and use.branches is None else "block"
                return f"a parameter that is {kind} is declared `{param.name.name}: {kind}`"
        return ""

    def peek(self, name: str, *, called: bool) -> Known | None:
        """What a bare name as a step stands for."""
        local = self.sight.find(name)
        if local is None:
            return self.anywhere(name)
        if local.sort in (Sort.CALLABLE, Sort.SHARED, Sort.ANY):
            return local
        if local.sort is Sort.TENSOR and not called:
            return local
        outer = self.outside(name)
        return outer if outer is not None and outer.sort is Sort.CALLABLE else local

    def unknown_step(self, use: syntax.Use, name: str) -> None:
        """Report a step that is nothing here."""
        called = use.args is not None or use.branches is not None
        if self.sight.comes_later(name) is not None:
            self.missing(name, use.callee.span, called=called)
            return
        fault = unknown_step(use, name, [*self.sight.every(), *visible(self.module)])
        self.unknown(name, fault, called=called)

    def makes(self, use: syntax.Use) -> bool:
        """Whether a step makes a module, as `netwright.bind.names` has it."""
        called = use.args is not None or use.branches is not None
        callee = use.callee
        if isinstance(callee, syntax.Name):
            known = None if callee.name in ("_", "in") else self.peek(callee.name, called=called)
        elif isinstance(callee, syntax.Attribute) and isinstance(callee.base, syntax.Name):
            base = self.peek(callee.base.name, called=False)
            in_file = base is not None and base.sort is Sort.FILE
            known = Known(Sort.CALLABLE) if in_file else None
        else:
            known = Known(Sort.CALLABLE) if use.args is not None else None
        if known is None or known.sort is not Sort.CALLABLE:
            return False
        target = known.target
        if target is None or isinstance(target, Definition):
            return True
        return not is_function(target, use)
