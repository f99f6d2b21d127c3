"""`axiom export`: a model as a folder that stands for itself. It runs no flow: nothing is measured or decided."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from tasks.rules.building.result import Export

EXIT_GATE = 3
FORMS = ("predict", "service", "onnx")


@click.command(short_help="Turn a model into predict.py, a FastAPI service and ONNX.")
@click.argument("source")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Folder to write to; default: ./axiom-out/NAME-export.")
@click.option("--form", "forms", type=click.Choice(FORMS), multiple=True, help="Only this form; repeatable. Default: all.")
@click.option(
    "--rows", type=click.Path(path_type=Path), help="Data file on whose rows the ONNX model is checked; default: the input example."
)
@click.option("--json", "as_json", is_flag=True, help="Print what was written as JSON and nothing else.")
def export(source: str, out: Path | None, forms: tuple[str, ...], rows: Path | None, as_json: bool) -> None:
    """Export the model SOURCE: the output folder of `axiom build`, or a registered model as NAME, NAME/VERSION or NAME/production.

    Exit code 3: a form could not be made; the reason is told.
    """
    folder = Path(source).expanduser()
    target = (out or Path("axiom-out") / f"{folder.name or 'model'}-export").absolute()
    with tempfile.TemporaryDirectory() as place:
        made = _export(_model(source, folder, Path(place)), target, forms or FORMS, rows)
    if as_json:
        sys.stdout.write(json.dumps([e.model_dump() for e in made], indent=1) + "\n")
    else:
        for e in made:
            click.echo(f"{e.form:<8} {'done' if e.done else 'not done'}: {e.reason}")
        click.echo(f"Folder: {target}")
    sys.exit(0 if all(e.done for e in made) else EXIT_GATE)


def _model(source: str, folder: Path, place: Path) -> Path:
    """The model's files: the user's folder, or a registered version fetched to `place`."""
    from tasks.modelling.export.whole import find_model

    if folder.exists():
        return find_model(folder)
    from tasks.adapters.registry.fetching import fetch_version
    from tasks.adapters.store import axiom_home

    name, _, version = source.replace("@", "/").partition("/")
    fetch_version(axiom_home(), name, version or None, place)
    return find_model(place)


def _export(model: Path, out: Path, forms: tuple[str, ...], rows: Path | None) -> tuple[Export, ...]:
    from tasks.errors import SettingError
    from tasks.evidence.table.reading import read_tables
    from tasks.modelling.export.whole import export_model
    from tasks.modelling.runtime.saving import ModelRefused

    checked = read_tables([rows.absolute()], max_rows=10_000).frame if rows else None
    try:
        return export_model(model, out, forms, checked)
    except ModelRefused as error:
        raise SettingError(f"The model in {model} is refused: {error}", "Build it again, or fetch the files anew.") from error
    except ValueError as error:
        raise SettingError(f"The rows cannot be used: {error}", "Give rows with the columns the model reads.") from error
