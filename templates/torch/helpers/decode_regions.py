def decode_regions(
    moves: Tensor, boxes: Sequence[Tensor], weights: Sequence[float] = (1, 1, 1, 1)
) -> list[Tensor]:
    """The boxes of each image moved by the rows of a head, one or several each."""
    rows = moves.reshape(-1, moves.shape[1] // 4, 4)
    found = decode_boxes(rows, torch.cat(list(boxes))[:, None], weights).squeeze(1)
    return list(torch.split(found, [each.shape[0] for each in boxes]))
