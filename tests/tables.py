"""Tables made for tests: what is in them is known, because it was put there."""

import numpy as np
import pandas as pd


def churn_table(rows=320, seed=0):
    """Customers who leave when they call often and pay much; half of the log-odds is noise."""
    random = np.random.default_rng(seed)
    calls, months = random.poisson(2, rows), random.integers(1, 60, rows)
    charges = random.normal(60, 20, rows).round(2)
    plan = random.choice(["basic", "plus", "family"], rows)
    odds = 0.9 * calls + 0.03 * (charges - 60) - 0.04 * months + (plan == "basic") - 1.2
    churned = random.random(rows) < 1 / (1 + np.exp(-odds))
    table = pd.DataFrame({"customer_id": [f"C{n:05}" for n in random.permutation(rows)], "calls": calls, "months": months})
    table["monthly_charges"], table["plan"] = charges, plan
    table.loc[random.random(rows) < 0.05, "monthly_charges"] = np.nan
    table["churned"] = np.where(churned, "yes", "no")
    return table
