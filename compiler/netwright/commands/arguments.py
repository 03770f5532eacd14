"""From the words of a command line to what they mean, or to a usage error that says the fix."""

from collections.abc import Iterator, Sequence

from netwright.commands.declare import COMMON, Command, Given, Option, Usage


def parse(command: Command, words: Sequence[str]) -> Given:
    """The operands and options of a command; `Usage` where they do not fit its declaration."""
    known = {option.name: option for option in (*command.options, *COMMON)}
    operands: list[str] = []
    options: dict[str, tuple[str, ...]] = {}
    rest = iter(words)
    for word in rest:
        if word == "--":
            operands += rest
        elif word.startswith("-") and word != "-":
            option, value = _option(command, word, known, rest)
            options[option.name] = (*options.get(option.name, ()), value)
        else:
            operands.append(word)
    if "help" not in options:
        _count(command, operands)
    return Given(tuple(operands), options)


def _option(
    command: Command, word: str, known: dict[str, Option], rest: Iterator[str]
) -> tuple[Option, str]:
    """The option that a word means and its value, taken from the word or from the next one."""
    name, equals, value = word.partition("=")
    option = known.get(name[2:]) if name.startswith("--") else None
    if option is None and not name.startswith("--"):
        option = next((one for one in known.values() if one.short == name[1]), None)
        value, equals = word[2:].removeprefix("="), word[2:]
    if option is None:
        raise Usage(f"`{command.name}` has no option `{name}`", _meant(name, command, known))
    if not option.value:
        if equals:
            raise Usage(f"`--{option.name}` takes no value")
        return option, ""
    if not equals:
        value = next(rest, "")
    if not value or (not equals and value.startswith("--")):
        raise Usage(f"`--{option.name}` needs a value: `--{option.name} {option.value}`")
    return option, _among(option, value)


def _among(option: Option, value: str) -> str:
    """A value, refused where the option takes certain words only."""
    if option.words and value not in option.words:
        from netwright.spelling import nearest

        words = f"it takes {', '.join(option.words)}"
        raise Usage(f"`--{option.name}` has no `{value}`", nearest(value, option.words) or words)
    return value


def _meant(name: str, command: Command, known: dict[str, Option]) -> str:
    """A suggestion for an option that does not exist."""
    from netwright.spelling import closest

    found = closest(name.lstrip("-"), known)
    if found:
        return f"did you mean `--{found}`?"
    return f"`netwright {command.name} --help` lists its options"


def _count(command: Command, operands: Sequence[str]) -> None:
    """Refuse too few or too many operands."""
    if len(operands) < command.least:
        name = command.operands.split()[0].strip("[]….") or "operand"
        raise Usage(f"`{command.name}` needs a {name}", f"`{command.examples[0][0]}`")
    if command.most is not None and len(operands) > command.most:
        takes = f"takes {command.operands} and no more" if command.most else "takes no operand"
        raise Usage(f"`{command.name}` {takes}, found `{operands[command.most]}`")


def settings(given: Given) -> dict[str, str]:
    """The values of ``--set NAME=VALUE`` by name."""
    found: dict[str, str] = {}
    for word in given.every("set"):
        name, equals, value = word.partition("=")
        if not (equals and name.strip() and value.strip()):
            raise Usage(f"`--set {word}` has no value", "`--set classes=10`")
        found[name.strip()] = value.strip()
    return found
