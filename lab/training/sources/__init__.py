"""Sources of an encoder's weights: a timm model, a TorchScript file, a package, our own training."""
