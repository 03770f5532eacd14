def class_loss(
    logits: Tensor,
    matches: Iterable[Match],
    *,
    over: str = "counted",
    background: bool = True,
) -> Tensor:
    """The cross-entropy of the matches that count, over how many there are."""
    labels = torch.cat([match.labels for match in matches])
    wanted = labels if background else labels.clamp(min=0) - 1  # none is no class
    rows = logits.flatten(0, -2)
    loss = F.cross_entropy(rows, wanted, ignore_index=-1, reduction="sum")
    return loss / matches_over(labels, over)
