"""`make bench`: how long an analysis takes against the same machine's floor, and how good the leakage rules are.

Every figure is a ratio within this run, or a proportion; nothing is asserted.
"""

from __future__ import annotations

from tests.benchmarks.analysis import bench_analysis
from tests.benchmarks.execution import bench_execution
from tests.benchmarks.twins import bench_twins

if __name__ == "__main__":
    bench_twins()
    bench_analysis()
    bench_execution()
