"""From the figures and findings of a run to its result."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ...models.semantics import Judge, System
from .counterexample import Chain, trace_of
from .failures import ModelFailed
from .finding import Finding
from .result import Draw, Result, Usage, Verdict, Violation
from .statistics import Statistics
from .symmetry import Symmetry

INTERRUPTED = "the run was interrupted"


@dataclass(frozen=True)
class Run:
    """A run that has ended: what it worked on, what it counted, what it found, and what ended it (nothing: "")."""

    engine: str
    system: System
    judge: Judge
    symmetry: Symmetry
    statistics: Statistics
    findings: tuple[Finding, ...]
    chain: Chain
    ended: str
    draw: Draw
    usage: Usage = field(default_factory=Usage)

    def result(self, warnings: Iterable[str] = ()) -> Result:
        """The result, with a trace for each finding.

        Errors: `ModelFailed` if a finding is a mistake in the model; `SelfCheckFailed` if a trace does not replay.
        """
        violations = tuple(self._violation(finding) for finding in self.findings)
        verdict = self._verdict()
        return Result(
            model=type(self.system.protocol).__name__,
            parameters=dict(self.system.protocol.parameters),
            engine=self.engine,
            verdict=verdict,
            reason=self._reason(verdict),
            distinct_states=self.statistics.distinct,
            generated_states=self.statistics.generated,
            depth=self.statistics.depth,
            cut=dict(sorted(self.statistics.cut.items())),
            elapsed_seconds=self.statistics.elapsed,
            properties=self._properties(verdict),
            violations=violations,
            actions=self._actions(),
            warnings=(*warnings, *self._warnings(verdict)),
            symmetry=self.symmetry.names,
            interrupted=self.ended == INTERRUPTED,
            exhaustive=self._saw_everything(),
            usage=self.usage,
            draw=self.draw,
        )

    def _violation(self, finding: Finding) -> Violation:
        trace = trace_of(finding, self.system, self.judge, self.symmetry, self.chain)
        if finding.sort == "error":
            raise ModelFailed(trace, finding.cause, finding.name)
        return Violation(finding.name, trace)

    def _verdict(self) -> Verdict:
        if self.findings:
            return Verdict.VIOLATED
        return Verdict.INCONCLUSIVE if self.ended else Verdict.HOLDS

    def _reason(self, verdict: Verdict) -> str:
        if verdict is Verdict.VIOLATED:
            return f"{self.findings[0].name} is violated" + (f"; {self.ended}" if self.ended else "")
        return self.ended or "every state within the bounds was seen"

    def _properties(self, verdict: Verdict) -> dict[str, Verdict]:
        """The verdict of each property: those that no finding names hold only if every state was seen."""
        broken = {finding.name: Verdict.VIOLATED for finding in self.findings}
        others = Verdict.HOLDS if self._saw_everything() else Verdict.INCONCLUSIVE
        return {p.name: others for p in self.judge.properties} | broken

    def _saw_everything(self) -> bool:
        return not self.ended and self.statistics.complete

    def _actions(self) -> dict[str, int]:
        taken = self.statistics.actions
        return {name: taken[name] for name in dict.fromkeys((*self.system.step_names(), *sorted(taken)))}

    def _warnings(self, verdict: Verdict) -> list[str]:
        if verdict is not Verdict.HOLDS:
            return []
        idle = [name for name, times in self._actions().items() if not times]
        return [
            *([] if self.judge.properties else ["there was no property to check"]),
            *(f"{name} was never taken" for name in idle),
            *(f"{name} is vacuous: no state gave it anything to say" for name in self.judge.vacuous()),
        ]
