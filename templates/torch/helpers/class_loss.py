def class_loss(
    logits: Tensor, matches: Iterable[Match], *, positive: bool = False
) -> Tensor:
    """The cross-entropy of the matches that count, over how many there are."""
    labels = torch.cat([match.labels for match in matches])
    rows = logits.flatten(0, -2)
    loss = F.cross_entropy(rows, labels, ignore_index=-1, reduction="sum")
    return loss / matches_over(labels, positive)
