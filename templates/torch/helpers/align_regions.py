def align_regions(
    maps: Sequence[Tensor],
    boxes: Sequence[Tensor],
    frame: Tensor,
    size: int | tuple[int, int],
    *,
    samples: int,
    aligned: bool = False,
) -> Tensor:
    """Features of every box, from the map that suits its size: (boxes, C, size, size)."""
    scales = [2 ** round(math.log2(x.shape[-2] / frame.shape[-2])) for x in maps]
    regions = torch.cat(list(boxes))
    image = torch.cat([torch.full_like(each[:, :1], i) for i, each in enumerate(boxes)])
    regions = torch.cat((image, regions), dim=1)
    side = box_area(regions[:, 1:]).sqrt()
    first, last = -math.log2(scales[0]), -math.log2(scales[-1])
    level = (4 + (side / 224).log2() + 1e-6).floor().clamp(first, last) - first
    height, width = (size, size) if isinstance(size, int) else size
    found = maps[0].new_zeros(regions.shape[0], maps[0].shape[1], height, width)
    for i, (x, scale) in enumerate(zip(maps, scales)):
        rows = torch.where(level == i)[0]
        part = roi_align(x, regions[rows], (height, width), scale, samples, aligned)
        found[rows] = part.to(found.dtype)
    return found
