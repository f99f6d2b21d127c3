"""Predict the rows of a file with the model beside this script.

    python predict.py rows.csv                     predictions to standard output
    python predict.py rows.parquet --out out.csv   CSV, Parquet or JSON Lines in, CSV out

Needs nothing but `pip install -r requirements.txt`; what reads the model lies in `runtime/`. Rows keep their order. A
regression gives the column `pred`; a classification gives a column of probabilities for each class, then `prediction`.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main() -> int:
    """0 when all rows were predicted, 2 when the input is at fault; the reason goes to standard error in one line."""
    options = _options()
    if (HERE / "runtime").is_dir():
        sys.path.insert(0, str(HERE / "runtime"))
    from tasks.modelling.runtime.rows import read_rows, write_predictions
    from tasks.modelling.runtime.saving import load_model

    if not options.rows.is_file():
        return _fail(f"There is no file {options.rows}.")
    try:
        predictor = load_model(options.model, trust_generated_code=options.trust_generated_code)
        frames = read_rows(options.rows, predictor.columns)
        if options.out is None:
            write_predictions(predictor, frames, sys.stdout)
            return 0
        # Whole or not at all: a reader never takes half a file for all predictions.
        with tempfile.NamedTemporaryFile(
            "w", dir=options.out.resolve().parent, suffix=".part", delete=False, encoding="utf-8", newline=""
        ) as part:
            try:
                rows = write_predictions(predictor, frames, part)
            except BaseException:
                os.unlink(part.name)
                raise
        os.replace(part.name, options.out)
    except (ValueError, OSError) as error:
        return _fail(str(error))
    print(f"{rows} rows predicted: {options.out}", file=sys.stderr)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Predict the rows of a file with the model beside this script.")
    parser.add_argument("rows", type=Path, help="CSV, Parquet or JSON Lines file with the columns the model reads")
    parser.add_argument("--out", type=Path, help="CSV file to write; standard output without it")
    parser.add_argument(
        "--trust-generated-code",
        action="store_true",
        help="run feature code that a language model wrote; read generated_features_*.py first",
    )
    parser.add_argument("--model", type=Path, default=HERE / "model", help="folder of the model")
    return parser.parse_args()


def _fail(reason: str) -> int:
    print(f"predict.py: {reason}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
