"""`netwright completion`: scripts for shells, written from what the commands declare."""

from collections.abc import Iterator

from netwright.commands import NAMES, module
from netwright.commands.console import Console
from netwright.commands.declare import COMMON, Command, Given, Option, Usage

SHELLS = ("bash", "zsh", "fish")
COMMAND = Command(
    "completion",
    "print the completion script of a shell",
    "SHELL",
    (
        ('eval "$(netwright completion bash)"', "in ~/.bashrc"),
        ('eval "$(netwright completion zsh)"', "in ~/.zshrc, below compinit"),
        ("netwright completion fish | source", "in ~/.config/fish/config.fish"),
    ),
    most=1,
    words=SHELLS,
)


def run(given: Given, console: Console) -> int:
    """Print the script."""
    shell = given.operands[0]
    if shell not in SHELLS:
        from netwright.spelling import nearest

        raise Usage(f"no script for `{shell}`", nearest(shell, SHELLS) or f"one of {SHELLS}")
    commands = [declared(name) for name in NAMES]
    lines = {"bash": _bash, "zsh": _zsh, "fish": _fish}[shell](commands)
    console.out("\n".join(lines) + "\n")
    return 0


def declared(name: str) -> Command:
    """The declaration of a command."""
    found: Command = module(name).COMMAND
    return found


def _options(command: Command) -> tuple[Option, ...]:
    return (*command.options, *COMMON)


def _words(command: Command) -> str:
    """The options of a command, and the words that it takes."""
    return " ".join([*(f"--{option.name}" for option in _options(command)), *command.words])


def _bash(commands: list[Command]) -> Iterator[str]:
    yield "_netwright() {"
    yield '    local word="${COMP_WORDS[COMP_CWORD]}" before="${COMP_WORDS[COMP_CWORD-1]}" words='
    yield '    case "${COMP_WORDS[1]} $before" in'
    for command in commands:
        for option in _options(command):
            if option.words:
                words = " ".join(option.words)
                yield f'        "{command.name} --{option.name}") words="{words}" ;;'
    yield "    esac"
    yield '    if [ -z "$words" ] && [ "$COMP_CWORD" -eq 1 ]; then'
    yield f'        words="{" ".join(NAMES)} --help --version"'
    yield '    elif [ -z "$words" ]; then'
    yield '        case "${COMP_WORDS[1]}" in'
    for command in commands:
        yield f'            {command.name}) words="{_words(command)}" ;;'
    yield "        esac"
    yield "    fi"
    yield '    COMPREPLY=($(compgen -W "$words" -- "$word"))'
    yield "}"
    yield "complete -o bashdefault -o default -F _netwright netwright"


def _zsh(commands: list[Command]) -> Iterator[str]:
    yield "#compdef netwright"
    yield "_netwright() {"
    yield "    if (( CURRENT == 2 )); then"
    described = [f"'{command.name}:{_quoted(command.summary)}'" for command in commands]
    yield f"        local -a commands=({' '.join(described)})"
    yield "        _describe command commands"
    yield "        return"
    yield "    fi"
    yield "    local name=$words[2]"
    yield "    shift words"
    yield "    (( CURRENT-- ))"
    yield '    case "$name" in'
    for command in commands:
        specs = " ".join(f"'{_zsh_option(option)}'" for option in _options(command))
        operand = f"'*:word:({' '.join(command.words)})'" if command.words else "'*:file:_files'"
        yield f"        {command.name}) _arguments {specs} {operand} ;;"
    yield "    esac"
    yield "}"
    yield "compdef _netwright netwright"


def _zsh_option(option: Option) -> str:
    doc = _quoted(option.doc).replace("[", "(").replace("]", ")").replace(":", ",")
    often = "*" if option.repeats else ""
    value = f":{option.value}:({' '.join(option.words)})" if option.words else ""
    if option.value and not option.words:
        value = f":{option.value}:_files"
    return f"{often}--{option.name}[{doc}]{value}"


def _fish(commands: list[Command]) -> Iterator[str]:
    for command in commands:
        start = f"complete -c netwright -n __fish_use_subcommand -f -a {command.name}"
        yield f"{start} -d '{_quoted(command.summary)}'"
        within = f"complete -c netwright -n '__fish_seen_subcommand_from {command.name}'"
        for option in _options(command):
            short = f" -s {option.short}" if option.short else ""
            value = (
                f" -x -a '{' '.join(option.words)}'" if option.words else " -r" * bool(option.value)
            )
            yield f"{within} -l {option.name}{short}{value} -d '{_quoted(option.doc)}'"
        if command.words:
            yield f"{within} -f -a '{' '.join(command.words)}'"


def _quoted(text: str) -> str:
    """A text inside single quotes, which has none of its own."""
    return text.replace("'", "’")
