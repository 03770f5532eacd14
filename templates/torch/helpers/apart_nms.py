def apart_nms(boxes: Tensor, scores: Tensor, groups: Tensor, overlap: float) -> Tensor:
    """Places of the best boxes, best first; one that overlaps a better one of its group
    goes.
    """
    if not torch.compiler.is_exporting():
        best: Tensor = batched_nms(boxes, scores, groups, overlap)
        return best
    # Exported, `batched_nms` asks how many boxes there are, and `nms` wants to keep two.
    two = boxes.new_tensor([[-2, -2, -1, -1], [-4, -4, -3, -3]])
    side = torch.cat((boxes, two)).max() + 1
    apart = torch.cat((boxes + groups[:, None] * side, two))
    best = nms(apart, torch.cat((scores, scores.new_full((2,), -1.0))), overlap)
    return best[:-2]
