"""Bars of what was measured, as SVG beside the results: ``python -m benchmarks.plots``.

Written by hand: a few rectangles need no plotting library. A dashed line is the figure's target.
"""

import json
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.report import RESULTS

ROW, LABEL, BARS, MARGIN = 22, 230, 420, 90


class Plot(NamedTuple):
    """The figures of one benchmark whose names end like this."""

    benchmark: str
    suffix: str
    title: str


PLOTS = (
    Plot("bench_equal", "_ratio", "Six-seat workload: CPU an action, floors"),
    Plot("bench_peers", "_ratio", "Six-seat workload, peers: CPU an action, floors"),
    Plot("bench_table", "_ratio", "Hold'em: CPU an action, floors"),
    Plot("bench_table", "_p99", "Hold'em: p99 from action to update, ms"),
)


def bars(title: str, rows: Sequence[tuple[str, float, float | None]]) -> str:
    """An SVG; each row is a label, a value and its target."""
    most = max([value for _, value, _ in rows] + [target or 0 for _, _, target in rows])
    height = ROW * (len(rows) + 2)
    width = LABEL + BARS + MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"'
        ' font-family="sans-serif" font-size="13">',
        f'<rect width="{width}" height="{height}" fill="white"/>',
        f'<text x="8" y="{ROW}" font-weight="bold">{escape(title)}</text>',
    ]
    for i, (label, value, target) in enumerate(rows):
        y = ROW * (i + 1) + 10
        long = BARS * value / most
        colour = "#b33" if target is not None and value > target else "#47a"
        parts.append(f'<text x="8" y="{y + 14}">{escape(label)}</text>')
        parts.append(
            f'<rect x="{LABEL}" y="{y}" width="{long:.1f}" height="{ROW - 5}" fill="{colour}"/>'
        )
        parts.append(f'<text x="{LABEL + long + 5:.1f}" y="{y + 14}">{value:.3g}</text>')
        if target is not None:
            x = LABEL + BARS * target / most
            parts.append(
                f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{y - 2}" y2="{y + ROW - 3}"'
                ' stroke="black" stroke-dasharray="3"/>'
            )
    return "\n".join([*parts, "</svg>", ""])


def rows_of(report: dict[str, Any], suffix: str) -> list[tuple[str, float, float | None]]:
    """The rows of a plot."""
    rows = []
    for name, figure in report["figures"].items():
        if name.endswith(suffix):
            target = float(figure["target"].split()[-1]) if figure["target"] else None
            rows.append((name.removesuffix(suffix), figure["value"], target))
    return rows


def main(folder: Path = RESULTS) -> None:
    """One file a plot, where there is a result."""
    for plot in PLOTS:
        source = folder / f"{plot.benchmark}.json"
        if source.is_file():
            rows = rows_of(json.loads(source.read_text("utf-8")), plot.suffix)
            target = folder / f"{plot.benchmark}{plot.suffix}.svg"
            target.write_text(bars(plot.title, rows), "utf-8")


if __name__ == "__main__":
    main()
