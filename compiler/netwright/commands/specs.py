"""The specs that a command was given, checked, and the nets that it is about."""

from collections.abc import Iterable
from typing import Any

from netwright.bind.binder import Bounds
from netwright.commands.arguments import settings
from netwright.commands.console import Console
from netwright.commands.declare import BOUNDS, Given, Usage
from netwright.commands.reading import Reading
from netwright.diagnostics import Severity
from netwright.files import DiskFiles
from netwright.limits import move
from netwright.pipeline import Checked, CheckedNet, UnknownArgument, check, expression, given_values
from netwright.program import Files
from netwright.syntax import Expr, File

DEEPEST = 1000  # what Python itself has room for


class Specs(Reading):
    """Checks specs under the options of one command line."""

    def __init__(self, given: Given, console: Console) -> None:
        super().__init__(console)
        self.bounds = _bounds(given)
        self.settings = {name: _value(name, text) for name, text in settings(given).items()}
        self.checked: list[tuple[str, Checked]] = []

    def check(self, path: str) -> Checked:
        """A spec after all checks."""
        source, file = self.read(path)
        return self._checked(source.path, file, DiskFiles())

    def check_in(self, files: Files, path: str) -> Checked:
        """A spec among some files after all checks."""
        return self._checked(path, files.read(path, self.found), files)

    def _checked(self, path: str, file: File, files: Files) -> Checked:
        try:
            checked = check(file, files, self.found, bounds=self.bounds, settings=self.settings)
        except UnknownArgument as unknown:
            raise Usage(str(unknown)) from unknown
        self._refuse_settings()
        self.checked.append((path, checked))
        return checked

    def check_all(self, paths: Iterable[str]) -> None:
        """Each of some specs, once."""
        for path in dict.fromkeys(paths):
            self.check(path)

    def values(self, checked: Checked) -> dict[str, Any]:
        """The values that were set, as the nets of a spec take them."""
        found: dict[str, Any] = {}
        for definition in checked.program.nets():
            found |= given_values(definition, self.settings)
        return found

    def nets(self) -> list[tuple[str, CheckedNet]]:
        return [(path, net) for path, checked in self.checked for net in checked.nets]

    def _refuse_settings(self) -> None:
        """A value of ``--set`` that does not fit is a mistake of usage, not of the spec."""
        for found in self.diagnostics:
            if found.severity is Severity.ERROR and found.span.source.path.startswith("--set "):
                raise Usage(f"{found.span.source.path}: {found.message}", found.help)


def _bounds(given: Given) -> Bounds:
    """The bounds that the command line moves."""
    moved = {}
    for option in BOUNDS:
        text = given.last(option.name, "1").replace("_", "")
        if not text.isdecimal() or int(text) < 1:
            raise Usage(f"`--{option.name}` takes a number from 1 on, found `{text}`")
        if option.name == "max-nesting" and int(text) > DEEPEST:
            raise Usage(f"`--max-nesting` goes up to {DEEPEST}, found `{text}`")
        if given.has(option.name):
            moved[option.name.removeprefix("max-")] = int(text)
    move(**{name: moved.pop(name) for name in ("bytes", "nesting", "items") if name in moved})
    return Bounds(**moved)


def _value(name: str, text: str) -> Expr:
    try:
        return expression(text, name)
    except ValueError as error:
        raise Usage(
            f"--set {name}: {error}", "a number, a list, a text in quotes, a block"
        ) from error


def chosen(nets: Iterable[CheckedNet], specs: Specs, names: tuple[str, ...]) -> list[CheckedNet]:
    """The nets of some names, or all; `Usage` for a name that there is not."""
    by_name = {net.name: net for net in nets}
    if not names:
        return list(by_name.values())
    for name in names:
        if name not in by_name:
            raise _no_net(name, by_name, specs)
    return [by_name[name] for name in dict.fromkeys(names)]


def single(given: Given, specs: Specs, checked: Checked) -> CheckedNet:
    """The one net that a command is about; `Usage` where it could be several or there is none."""
    nets = chosen(checked.nets, specs, given.every("net"))
    if len(nets) == 1:
        return nets[0]
    path = specs.checked[0][0]
    if not nets:
        raise Usage(
            f"`{path}` has no net that can be made without arguments", "give them by `--set`"
        )
    names = ", ".join(net.name for net in nets)
    raise Usage(f"`{path}` has {len(nets)} nets: say which by `--net`", f"they are {names}")


def _no_net(name: str, by_name: dict[str, CheckedNet], specs: Specs) -> Usage:
    """Why there is no net of a name, and which was meant."""
    from netwright.arguments import block_signature, listed
    from netwright.spelling import nearest

    for _, checked in specs.checked:
        for definition in checked.program.nets():
            if definition.name == name:
                signature = block_signature(definition.params)
                missing = [key for key, must in signature.items() if must]
                example = f"`--set {missing[0]}=…`, or choose a variant" if missing else ""
                return Usage(f"the net `{name}` needs {listed(missing or ['arguments'])}", example)
    paths = ", ".join(path for path, _ in specs.checked)
    known = f"its nets are {listed(list(by_name))}" if by_name else "it has no net"
    return Usage(f"no net `{name}` in {paths}", nearest(name, by_name) or known)
