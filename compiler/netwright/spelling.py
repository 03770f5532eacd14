"""Suggestions: the known name that a wrong one probably meant."""

from collections.abc import Iterable


def distance(a: str, b: str, limit: int) -> int:
    """Edits from one word to another, a swap of neighbours counting once.

    Above the limit any number.
    """
    if abs(len(a) - len(b)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, char in enumerate(a, start=1):
        above, row = row, [i]
        for j, other in enumerate(b, start=1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (char != other))
            if i > 1 and j > 1 and char == b[j - 2] and a[i - 2] == other:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
        before = above
    return row[-1]


# What other frameworks call things that have another name here.
ELSEWHERE = {
    "dense": "linear",
    "fc": "linear",
    "fully_connected": "linear",
    "maxpool": "max_pool",
    "avgpool": "avg_pool",
    "conv2d": "conv",
    "conv1d": "conv",
    "conv3d": "conv",
    "bn": "batch_norm",
    "strides": "stride",
    "padding": "pad",
    "filters": "width",
    "units": "features",
    "kernel_size": "k",
    "use_bias": "bias",
    "epsilon": "eps",
    "dilation_rate": "dilation",
    "conv2dtranspose": "conv_transpose",
    "convtranspose": "conv_transpose",
    "deconv": "conv_transpose",
    "concatenate": "concat",
    "cat": "concat",
    "swish": "silu",
    "hardswish": "hard_swish",
    "layernorm": "layer_norm",
    "upsampling": "upsample",
    "num_classes": "classes",
    "rate": "p",
    "multi_head_attention": "attention",
    "true": "true",
    "false": "false",
    "none": "none",
    "globalaveragepooling2d": "global_avg_pool",
    "padding_mode": "pad",
}


def closest(word: str, known: Iterable[str]) -> str | None:
    """The known name nearest to a word, or none where nothing is near."""
    names = list(dict.fromkeys(known))
    plain = word.lower().replace("_", "")
    for name in names:
        if name != word and name.lower().replace("_", "") == plain:
            return name
    elsewhere = ELSEWHERE.get(word.lower())
    if elsewhere in names:
        return elsewhere
    limit = max(len(word) > 2, min(3, len(word) // 3))
    scored = [(distance(word, name, limit), name) for name in names if name != word]
    best = min(scored, default=(limit + 1, ""))
    if best[0] <= limit:
        return best[1]
    longer = [
        name
        for name in names
        if len(word) > 3 and (name.startswith(word) or word.startswith(name)) and len(name) > 3
    ]
    return longer[0] if len(longer) == 1 else None


def slip(word: str, meant: str) -> bool:
    """Whether a word is surely another one, misspelt: one letter off, or another tool's word."""
    plain = word.lower().replace("_", "")
    if plain == meant.lower().replace("_", "") or ELSEWHERE.get(word.lower()) == meant:
        return True
    return len(word) > 5 and distance(word, meant, 1) <= 1


def nearest(word: str, known: Iterable[str]) -> str:
    """A help text: ``did you mean `batch_norm`?``, or nothing."""
    found = closest(word, known)
    return f"did you mean `{found}`?" if found else ""
