def warp(
    x: Tensor, boxes: Sequence[Tensor], size: int | tuple[int, int], context: int = 0
) -> Tensor:
    """What an image shows in each box, and some pixels around it, in one size."""
    height, width = (size, size) if isinstance(size, int) else size
    sides = x.new_tensor([width, height])
    grown = []
    for box in boxes:
        centre, half = (box[:, :2] + box[:, 2:]) / 2, (box[:, 2:] - box[:, :2]) / 2
        half = half * sides / (sides - 2 * context)
        grown.append(torch.cat((centre - half, centre + half), dim=1))
    found: Tensor = roi_align(x, grown, (height, width), sampling_ratio=1, aligned=True)
    return found
