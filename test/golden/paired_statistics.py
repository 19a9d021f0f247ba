"""Writes paired-statistics.json: what SciPy makes of tables of two models on the same tasks.

    pip install scipy==1.17.1
    python paired_statistics.py > paired-statistics.json

SciPy has no exact McNemar's test by that name: it is its binomial test over the pairs that changed sides. Wilson's interval is that of its binomial test without a
correction for continuity. The bootstrap is scipy.stats.bootstrap over tasks, by percentiles, with its own standard error.
"""
import json

import numpy
import scipy
from scipy.stats import binomtest, bootstrap

RESAMPLES = 40_000

# both, gains, losses, neither
TABLES = [
    (230, 49, 21, 100), (116, 33, 15, 86), (196, 31, 18, 55), (542, 113, 54, 241), (154, 30, 24, 142), (70, 16, 17, 97), (84, 14, 9, 73), (308, 60, 50, 312),
    (0, 1, 1, 0), (3, 2, 0, 5), (10, 0, 6, 4), (1, 7, 3, 1), (0, 30, 20, 0), (45, 1, 0, 54), (12, 8, 8, 12), (400, 1, 2, 597), (900, 60, 30, 10), (0, 5, 95, 0),
    (2600, 150, 90, 160), (900, 400, 300, 400),
]


def differences(both: int, gains: int, losses: int, neither: int) -> numpy.ndarray:
    return numpy.repeat([0.0, 1.0, -1.0, 0.0], [both, gains, losses, neither])


def row(table: tuple[int, int, int, int]) -> dict:
    both, gains, losses, neither = table
    drawn = bootstrap(
        (differences(*table),), numpy.mean, n_resamples=RESAMPLES, method="percentile", confidence_level=0.95, batch=500, rng=numpy.random.default_rng(7)
    )
    tuned = binomtest(both + gains, sum(table)).proportion_ci(0.95, method="wilson")
    return {
        "both": both, "gains": gains, "losses": losses, "neither": neither,
        "mcnemar": binomtest(gains, gains + losses, 0.5).pvalue,
        "wilsonOfTuned": [tuned.low, tuned.high],
        "bootstrap": [drawn.confidence_interval.low, drawn.confidence_interval.high],
        "standardError": drawn.standard_error,
    }


print("{")
print(f'  "scipy": "{scipy.__version__}", "resamples": {RESAMPLES},')
print('  "tables": [')
print(",\n".join(f"    {json.dumps(row(table))}" for table in TABLES))
print("  ]")
print("}")
