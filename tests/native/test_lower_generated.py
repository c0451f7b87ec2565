"""Drawn protocols: the kernels give what the semantics gives, state by state."""

from __future__ import annotations

import tempfile

from hypothesis import HealthCheck, given, settings

from ..reference.family import Drawn, protocols
from ..reference.test_generated import protocol_of
from ..reference.wide import Wide, wide_protocols
from .lowering import lowered


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(protocols())
def test_protocols_of_one_class(drawn: Drawn) -> None:
    with tempfile.TemporaryDirectory() as folder:
        twin = lowered(protocol_of(drawn, folder), 60)
    assert not twin.asked


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(wide_protocols())
def test_protocols_with_faults_and_history(drawn: Wide) -> None:
    with tempfile.TemporaryDirectory() as folder:
        twin = lowered(protocol_of(drawn, folder), 60)
    assert not twin.asked
