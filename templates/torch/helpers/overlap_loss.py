def overlap_loss(
    logits: Tensor,
    matches: Sequence[Match],
    some: float,
    empty: float,
    *,
    whole: bool = False,
) -> Tensor:
    """How far the sigmoid of a logit is from how much its box and the true one overlap, or
    from 1, and of a box without an object from 0: half the squares, summed.
    """
    boxes, truth, labels = (torch.cat(part) for part in zip(*matches))
    low = torch.maximum(boxes[:, :2], truth[:, :2])
    high = torch.minimum(boxes[:, 2:], truth[:, 2:])
    both = (high - low).clamp(min=0).prod(dim=-1)
    overlap = both / (box_area(boxes) + box_area(truth) - both)
    wanted = torch.ones_like(overlap) if whole else overlap.detach()
    off = torch.where(labels > 0, wanted, 0) - logits.flatten().sigmoid()
    weight = torch.where(labels > 0, some, empty).masked_fill(labels < 0, 0)
    return 0.5 * (weight * off.square()).sum()
