"""The pages of `--help`, written from what the commands declare."""

from netwright.commands import NAMES, module
from netwright.commands.declare import COMMON, Command, Option

WIDTH = 26


def overview() -> str:
    """The page of `netwright --help`."""
    commands = [module(name).COMMAND for name in NAMES]
    return "\n".join(
        [
            "Compile a declarative text for neural networks to PyTorch, Keras and a picture.",
            "",
            "usage: netwright COMMAND …",
            "",
            *(_row(f"{command.name} {command.operands}", command.summary) for command in commands),
            "",
            _row("COMMAND --help", "its options, with examples"),
            _row("--version", "the version"),
            "",
            "examples:",
            *_examples(commands[0].examples[:1] + commands[1].examples[:1]),
            "",
            "exit codes: 0 no errors; 1 errors or findings; 2 usage, missing file; 70 our fault",
            "",
        ]
    )


def page(command: Command) -> str:
    """The page of one command."""
    return "\n".join(
        [
            f"{command.summary[0].upper()}{command.summary[1:]}.",
            *([command.about] if command.about else []),
            "",
            f"usage: netwright {' '.join([command.name, command.operands]).strip()} [OPTION…]",
            "",
            *map(_option, (*command.options, *COMMON)),
            "",
            "examples:",
            *_examples(command.examples),
            "",
        ]
    )


def _option(option: Option) -> str:
    """One line of help on an option, with the words that it takes."""
    short = f"-{option.short}, " if option.short else ""
    value = "|".join(option.words) if 0 < len(option.words) < 4 else option.value
    doc = option.doc if value != option.value or not option.words else _listing(option)
    often = "; may be repeated" if option.repeats else ""
    return _row(f"{short}--{option.name}{' ' * bool(value)}{value}", f"{doc}{often}")


def _listing(option: Option) -> str:
    return f"{option.doc}: {', '.join(option.words)}"


def _row(left: str, right: str) -> str:
    """Two columns; a left one that is too long has a line to itself."""
    if len(left) > WIDTH:
        return f"  {left}\n  {'':{WIDTH}}  {right}"
    return f"  {left:{WIDTH}}  {right}"


def _examples(examples: tuple[tuple[str, str], ...]) -> list[str]:
    return [line for example, purpose in examples for line in (f"  {example}", f"      {purpose}")]
