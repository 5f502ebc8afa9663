import pytest
from pytest_django.fixtures import Settings

from vision.encoders.base import EncoderUnavailable
from vision.encoders.onnx import providers


def test_a_provider_that_is_not_there_is_named_with_those_that_are(settings: Settings) -> None:
    settings.ONNX_PROVIDERS = "CPUExecutionProvider"
    assert providers() == ["CPUExecutionProvider"]
    settings.ONNX_PROVIDERS = "AbacusExecutionProvider, CPUExecutionProvider"
    with pytest.raises(EncoderUnavailable, match="no AbacusExecutionProvider") as refused:
        providers()
    assert "CPUExecutionProvider" in refused.value.message
    assert refused.value.field == "ONNX_PROVIDERS"
