"""Where an encoder's weights come from: a timm model, a TorchScript file, a package, our own training."""
