"""The tables of a measurement, in Markdown."""

import math
from dataclasses import dataclass

from .rates import Case
from .targets import Target, Verdict

PEERS = ("lucent", "dreamlens", "dreams")
TITLES = {"ours": "ours", "lucent": "torch-lucent", "dreamlens": "dreamlens", "dreams": "torch-dreams"}


@dataclass(frozen=True)
class Run:
    """Our pictures of one target after some iterations."""

    iterations: list[int]
    seconds: list[float]
    verdicts: list[Verdict]

    def match(self, other: Verdict) -> int | None:
        """Index of the first picture that matches."""
        return next((index for index, verdict in enumerate(self.verdicts) if verdict.matches(other)), None)


@dataclass(frozen=True)
class Picture:
    """A peer's result for one target."""

    seconds: float
    verdict: Verdict


@dataclass(frozen=True)
class Results:
    """What was measured.

    `rates` by case and tool, ours always among them; `runs` by target; `pictures` by target and peer, as far as
    measured.
    """

    rates: dict[Case, dict[str, dict]]
    runs: dict[Target, Run]
    pictures: dict[Target, dict[str, Picture]]


def report(results: Results, about: str) -> str:
    sections = {
        "# Speed beside the peers": about,
        "## Iterations per second": rates(results),
        "## Seconds to match": matches(results),
        "## Score, noise and how much it repeats at the end": ends(results),
        "## Floating-point rate": operations(results),
    }
    return "\n".join(f"{title}\n\n{text}\n" for title, text in sections.items())


def table(heads: list[str], rows: list[list[str]]) -> str:
    lines = [heads, ["---"] + ["---:"] * (len(heads) - 1), *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(heads))]
    padded = [[cell.ljust(width) for cell, width in zip(line, widths, strict=True)] for line in lines]
    return "\n".join("| " + " | ".join(line) + " |" for line in padded)


def geometric(values: list[float]) -> str:
    return f"**{math.exp(sum(map(math.log, values)) / len(values)):.2f}**" if values else "-"


def rates(results: Results) -> str:
    rows, ratios = [], {peer: [] for peer in PEERS}
    for case, found in results.rates.items():
        speeds = [f"{found[tool]['rate']:.2f}" if tool in found else "-" for tool in TITLES]
        for peer in ratios.keys() & found.keys():
            ratios[peer].append(found["ours"]["rate"] / found[peer]["rate"])
        rows.append([case.name, *speeds, *(f"{ratios[peer][-1]:.2f}" if peer in found else "-" for peer in PEERS)])
    rows.append(["geometric mean", "", "", "", "", *(geometric(ratios[peer]) for peer in PEERS)])
    return table(["", *TITLES.values(), *(f"ours / {TITLES[peer]}" for peer in PEERS)], rows)


def matches(results: Results) -> str:
    rows, ratios, slow = [], {peer: [] for peer in PEERS}, []
    for target, run in results.runs.items():
        row = [target.name]
        for peer in PEERS:
            picture = results.pictures[target].get(peer)
            index = run.match(picture.verdict) if picture else None
            if index is None:
                row += [f"{picture.seconds:.1f}", unreached(run, picture.verdict), "-"] if picture else ["-"] * 3
            else:
                ratios[peer].append(picture.seconds / run.seconds[index])
                row += [
                    f"{picture.seconds:.1f}",
                    f"{run.seconds[index]:.2f} ({run.iterations[index]})",
                    f"{ratios[peer][-1]:.1f}",
                ]
            if picture and (index is None or ratios[peer][-1] < 5):
                slow.append(f"{target.name} ({TITLES[peer]}: {row[-1] if index is not None else 'not reached'})")
        rows.append(row)
    means = (
        cell for peer in PEERS for cell in ("", f"reached {len(ratios[peer])} of {len(rows)}", geometric(ratios[peer]))
    )
    rows.append(["geometric mean where reached", *means])
    heads = ["", *(head for peer in PEERS for head in (f"{TITLES[peer]} s", "ours s (iterations)", "ratio"))]
    return table(heads, rows) + f"\n\nLess than 5 x: {'; '.join(slow) or 'none'}."


def unreached(run: Run, other: Verdict) -> str:
    """The best score among the pictures with no more noise, as a share of the peer's."""
    best = max((verdict.score for verdict in run.verdicts if verdict.noise <= other.noise), default=None)
    return "not reached (too noisy)" if best is None else f"not reached ({best / other.score:.2f} of the score)"


def ends(results: Results) -> str:
    rows = []
    for target, run in results.runs.items():
        verdicts = {"ours": run.verdicts[-1]} | {
            peer: picture.verdict for peer, picture in results.pictures[target].items()
        }
        cells = [told(verdicts[tool]) if tool in verdicts else "-" for tool in TITLES]
        rows.append([target.name, f"{run.seconds[-1]:.1f}", *cells])
    return table(["score, noise, repeats", "ours s", *TITLES.values()], rows)


def told(verdict: Verdict) -> str:
    return f"{verdict.score:.2f}, {verdict.noise:.4f}, {verdict.repeats:.2f}"


def operations(results: Results) -> str:
    rows = []
    for case, found in results.rates.items():
        ours = found["ours"]
        achieved, alone = ours["operations"] * ours["rate"], ours["operations"] / ours["seconds"]
        rates = [f"{value / 1e9:.0f}" for value in (achieved, alone, ours["dense"])]
        shares = [f"{100 * achieved / value:.0f} %" for value in (alone, ours["dense"])]
        rows.append([case.name, f"{ours['operations'] / 1e9:.2f}", *rates, *shares])
    heads = [
        "",
        "GFLOP per iteration",
        "achieved GFLOP/s",
        "its convolutions alone",
        "large 3 x 3",
        "of its convolutions",
        "of the large 3 x 3",
    ]
    return table(heads, rows)
