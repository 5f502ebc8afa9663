"""Without torch, exporting and training say what to do."""

import pytest
from django.core.management import CommandError, call_command


@pytest.mark.parametrize(
    "words",
    [
        ("export_encoder", "timm:resnet18"),
        ("train_logo_encoder", "logo.pt"),
        ("tune_encoder", "sscd", "."),
    ],
    ids=lambda words: words[0],
)
def test_without_torch_the_way_to_it_is_named(words: tuple[str, ...]) -> None:
    with pytest.raises(CommandError, match=r"torch, .* not installed here.*\./run encoders"):
        call_command(*words)
