"""How many of the hard cases of tests/cases/ our splitter of sentences gets right, beside syntok where that is installed.

    .venv/bin/pip install --group peers && .venv/bin/python benchmarks/sentences.py [--wrong]

A case is right if all its sentences are, as texts; syntok is not asked for offsets.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path

from scoping import sentences

CASES = Path(__file__).resolve().parents[1] / "tests" / "cases"


def ours(text: str) -> list[str]:
    return [text[found.start : found.end] for found in sentences.split(text)]


def syntoks() -> Callable[[str], list[str]] | None:
    try:
        from syntok import segmenter
    except ImportError:
        return None

    def split(text: str) -> list[str]:
        # it takes blank lines as ends of paragraphs; ours also takes lines, so that it gets each line as a paragraph
        paragraphs = segmenter.analyze(text.replace("\n", "\n\n"))
        return ["".join(t.spacing + t.value for t in found).strip() for paragraph in paragraphs for found in paragraph]

    return split


def cases(name: str) -> list[tuple[str, str, list[str]]]:
    """Group, text and sentences of each case."""
    found, group = [], ""
    for line in (CASES / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("##"):
            group = line.strip("# ")
        elif line and not line.startswith("#"):
            marked = line.removesuffix("✗").replace("¶", "\n")
            found.append((group, marked.replace("|", ""), [part.strip() for part in marked.split("|")]))
    return found


def squeezed(parts: list[str]) -> list[str]:
    return ["".join(part.split()) for part in parts]


def main() -> None:
    splitters = {"ours": ours, "syntok": syntoks()}
    for name in ("sentences.txt", "sentences_held_out.txt"):
        rows = cases(name)
        for who, split in splitters.items():
            if split is None:
                print(f"{name}: {who} is not installed")
                continue
            wrong = [(group, text) for group, text, wanted in rows if squeezed(split(text)) != squeezed(wanted)]
            groups = {group: sum(1 for other, _ in wrong if other == group) for group, _, _ in rows}
            print(f"{name}: {who}: {len(rows) - len(wrong)} of {len(rows)} cases right")
            if len(groups) > 1:
                print("   wrong by group:", ", ".join(f"{group} {count}" for group, count in groups.items() if count))
            if "--wrong" in sys.argv:
                print(*(f"   {text!r} -> {split(text)}" for _, text in wrong), sep="\n")
    text = " ".join(text for _, text, _ in cases("sentences.txt")) * 50
    for who, split in splitters.items():
        if split is not None:
            start = time.perf_counter()
            split(text)
            print(f"{who}: {len(text) / (time.perf_counter() - start) / 1e6:.2f} million characters a second")


if __name__ == "__main__":
    main()
