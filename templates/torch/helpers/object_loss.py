def object_loss(
    logits: Tensor, matches: Iterable[Match], *, over: str = "counted"
) -> Tensor:
    """The cross-entropy of whether there is an object, over the matches that count."""
    labels = torch.cat([match.labels for match in matches])
    rows = torch.where(labels >= 0)[0]
    found = logits.flatten()[rows]
    wanted = (labels[rows] > 0).to(found.dtype)
    loss = F.binary_cross_entropy_with_logits(found, wanted, reduction="sum")
    return loss / matches_over(labels, over)
