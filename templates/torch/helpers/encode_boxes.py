def encode_boxes(truth: Tensor, boxes: Tensor, weights: Sequence[float]) -> Tensor:
    """The moves that bring boxes to the true ones, both as corners (N, 4)."""
    place, side = boxes[:, :2], boxes[:, 2:] - boxes[:, :2]
    wanted = truth[:, 2:] - truth[:, :2]
    step = (truth[:, :2] + 0.5 * wanted - (place + 0.5 * side)) / side
    moves = torch.cat((step, (wanted / side).log()), dim=1)
    return moves * moves.new_tensor(weights)
