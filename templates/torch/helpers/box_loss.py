def box_loss(
    moves: Tensor,
    matches: Sequence[Match],
    weights: Sequence[float] = (1, 1, 1, 1),
    *,
    beta: float = 1.0,
    over: str = "counted",
) -> Tensor:
    """How far boxes are from the true ones, over the matches with an object."""
    boxes, truth, labels = (torch.cat(part) for part in zip(*matches))
    rows = torch.where(labels > 0)[0]
    moves = moves.reshape(len(labels), -1, 4)
    found = moves[rows, labels[rows] if moves.shape[1] > 1 else 0]
    wanted = encode_boxes(truth[rows], boxes[rows], weights)
    loss = F.smooth_l1_loss(found, wanted, beta=beta, reduction="sum")
    return loss / matches_over(labels, over)
