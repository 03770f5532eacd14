@torch.no_grad()
def propose(
    logits: Sequence[Tensor],
    boxes: Sequence[Tensor],
    frame: Tensor,
    *,
    keep: int,
    overlap: float,
    pre: int | None = None,
    min_size: float = 0.001,
) -> list[Tensor]:
    """The boxes of each image that are most likely an object, best first, (K, 4)."""
    height, width = frame.shape[-2:]
    found = []
    for image in range(frame.shape[0]):
        scores, corners, levels = [], [], []
        for i, (logit, box) in enumerate(zip(logits, boxes)):
            rows = logit[image, :, 0]
            best, places = rows.topk(min(pre or len(rows), len(rows)))
            scores.append(best.sigmoid())
            corners.append(box[image, places])
            levels.append(torch.full_like(places, i))
        score, box, level = torch.cat(scores), torch.cat(corners), torch.cat(levels)
        box = clip_boxes_to_image(box, (height, width))
        large = remove_small_boxes(box, min_size)
        score, box, level = score[large], box[large], level[large]
        found.append(box[apart_nms(box, score, level, overlap)[:keep]])
    return found
