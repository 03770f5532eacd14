class Detector(nn.Module):
    """A net that finds boxes."""

    @torch.no_grad()
    def detect(self, image: Tensor, *given: Tensor) -> dict[str, Tensor]:
        """What is in a picture (3, H, W) of values from 0 to 1, or of integers to 255,
        best first: `boxes` (N, 4), as corners in its pixels, `scores`, `labels` (N,).
        """
        if not image.is_floating_point():
            image = image / 255
        modes = [(module, module.training) for module in self.modules()]
        weight = next(self.parameters(), image)
        inputs = [each[None].to(weight) for each in (image, *given)]
        try:
            found: list[dict[str, Tensor]] = self.eval()(*inputs)
        finally:
            for module, training in modes:
                module.training = training
        return found[0]
