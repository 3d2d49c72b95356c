"""Break a command at every I/O call, in every way, and look at what it left: `driver.py FOLDER SCENARIO [MUTANT]`.

After each fault the invariants must hold; then the same command runs again and must come to what a run without faults
comes to. FOLDER was made by `driver.py FOLDER`. Prints counts and violations as JSON.
"""

import collections
import gc
import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import injector
import invariants
import mutants
import stand

KINDS = ("crash", "power", "full", "short", "eio", "interrupt")
Violations = dict[str, list[str]]  # where -> what


class Trial:
    """One scenario: how it begins, and what a command must come to."""

    def __init__(self, folder: Path, scenario: str, mutant: str) -> None:
        self.start, self.root = folder / scenario, folder / f"{scenario}-{mutant or 'trial'}"
        self.command: stand.Command = json.loads((folder / f"{scenario}.command").read_text())
        self.mutate: Callable[[], None] = mutants.ALL[mutant] if mutant else lambda: None
        self.before = invariants.tree(self.start)
        self.key = stand.key(self.start, stand.TA)
        self.ends: dict[str, list[str]] = {}  # what there was after a fault -> what was wrong after the next run
        self.fresh()
        code, said = stand.run(self.root, self.command)
        assert code == 0, said
        assert not self.broken(), self.broken()
        self.want = invariants.outcome(self.root)
        self.known = {
            name: {digest, invariants.bytes_of(self.start, "data/processed").get(name, "")}
            for name, digest in invariants.bytes_of(self.root, "data/processed").items()
        }
        for name, digest in invariants.bytes_of(self.start, "data/processed").items():
            self.known.setdefault(name, {digest})

    def fresh(self) -> None:
        shutil.rmtree(self.root, ignore_errors=True)
        shutil.copytree(self.start, self.root)

    def broken(self) -> list[str]:
        """The invariants, as they stand."""
        return [*invariants.kept(self.root, self.before), *invariants.whole(self.root, self.before)]

    def count(self) -> list[str]:
        """The I/O calls of a run without faults."""
        self.fresh()
        calls = self.root.with_suffix(".calls")
        stand.run(self.root, self.command, calls=calls, mutate=self.mutate)
        return calls.read_text().split()

    def fault(self, at: int, kind: str) -> list[str]:
        """Break the command there, look, run it again, look again."""
        self.fresh()
        code, said = stand.run(self.root, self.command, (at, kind), mutate=self.mutate)
        bad = [*self.broken(), *invariants.torn_tables(self.root, self.known), *self._receipt()]
        if code == 0:
            bad += [f"no complaint, but it {what}" for what in self._otherwise()]
        elif code == injector.CRASHED and kind not in ("crash", "power"):
            bad.append(f"ended itself: {said}")
        if (state := invariants.state(self.root)) not in self.ends:
            self.ends[state] = self._again()
        return bad + [f"afterwards: {what}" for what in self.ends[state]]

    def _receipt(self) -> list[str]:
        """A receipt that Snakemake waits for says that all is done."""
        if "--receipt" not in self.command or not (self.root / self._option("--receipt")).exists():
            return []
        return [f"receipt, but it {what}" for what in self._otherwise()]

    def _option(self, name: str) -> str:
        return self.command[self.command.index(name) + 1]

    def _otherwise(self) -> list[str]:
        return invariants.differences(invariants.outcome(self.root), self.want)

    def _again(self) -> list[str]:
        """The next run of Snakemake: sweep, look at the folder, the same command with the key as it is now."""
        stand.begin(self.root)
        try:
            here = stand.key(self.root, stand.TA)
        except stand.ScopingError as error:
            return [str(error)]
        command = [part.replace(self.key, here) for part in self.command]
        code, said = stand.run(self.root, command, mutate=self.mutate)
        if code:
            return [f"exit {code}: {said[-300:]}"]
        bad = invariants.debris(self.root) + self.broken() + self._otherwise()
        if "--receipt" in command:
            lying = [path.name for path in (self.root / invariants.RECEIPTS).glob(f"{stand.TA}-*")]
            bad += [f"receipts: {lying}"] if lying != [f"{stand.TA}-{here}"] else []
        later = stand.key(self.root, stand.TA)
        return [*bad, f"the key moved from {here} to {later}"] if later != here else bad


def main(folder: Path, scenario: str, mutant: str = "", kinds: str = ",".join(KINDS), stride: str = "1") -> None:
    """Every kind at every call; of a mutant only until it is found out."""
    stand.prepare(folder / "memory")
    gc.freeze()
    trial = Trial(folder, scenario, mutant)
    calls = trial.count()
    tried: collections.Counter[str] = collections.Counter()
    violations: Violations = {}
    for kind in kinds.split(","):
        for at in injector.points(calls, kind)[:: int(stride)]:
            tried[kind] += 1
            if bad := trial.fault(at, kind):
                violations[f"{kind} at {calls[at - 1]} #{at}"] = bad
                if mutant:
                    break
    shutil.rmtree(trial.root, ignore_errors=True)
    print(
        json.dumps(
            {"calls": collections.Counter(calls), "states": len(trial.ends), "tried": tried, "violations": violations},
            indent=1,
        )
    )


def make(folder: Path) -> None:
    """The reviews of all scenarios."""
    stand.prepare(folder / "memory")
    made = stand.make(folder)
    for scenario, name in stand.SCENARIOS.items():
        command = made.at(folder / scenario, name)
        (folder / f"{scenario}.command").write_text(json.dumps(command))


if __name__ == "__main__":
    at, *rest = sys.argv[1:]
    main(Path(at).resolve(), *rest) if rest else make(Path(at).resolve())
