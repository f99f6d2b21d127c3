from tasks.evidence.monitoring.validation import find_request_validation, find_validation

OWN = """
def validate_columns(df, schema):
    for column in df.columns:
        if column not in schema:
            raise ValueError(column)
"""


def names(found):
    return [t.name for t in found]


def test_a_validation_library_counts_also_in_tests(snapshot):
    assert names(find_validation(snapshot(**{"tests/test_data.py": "import pandera as pa\n"}))) == ["pandera"]


def test_an_own_check_of_columns_is_named_after_the_schema_file(snapshot):
    assert names(find_validation(snapshot(**{"check.py": OWN, "schema.yaml": "a: int\n"}))) == ["own schema.yaml check"]


def test_a_function_that_only_sounds_like_validation_is_none(snapshot):
    assert find_validation(snapshot(**{"a.py": "def validate_epoch(model, loader):\n    return model(loader)\n"})) == ()


def test_a_test_that_reads_a_file_and_looks_at_it_is_a_check_of_data(snapshot):
    code = "import pandas as pd\ndef test_no_missing_values():\n    assert not pd.read_csv('d.csv').isna().any().any()\n"
    assert names(find_validation(snapshot(**{"tests/test_data.py": code}))) == ["pytest data checks"]


def test_a_request_model_of_another_folder_counts_when_a_route_takes_it(snapshot):
    model = "from pydantic import BaseModel\nclass House(BaseModel):\n    rooms: int\n"
    route = "from fastapi import APIRouter\nfrom app.models.house import House\n"
    found = find_request_validation(snapshot(**{"app/models/house.py": model, "app/api/predict.py": route}))
    assert [(p.file, p.line) for p in found] == [("app/models/house.py", 2)]


def test_a_typed_request_of_a_service_is_seen_and_other_models_not(snapshot):
    model = "from pydantic import BaseModel\nclass Request(BaseModel):\n    x: float\n"
    found = find_request_validation(snapshot(**{"api/app.py": "import fastapi\n" + model, "config/settings.py": model}))
    assert [(p.file, p.line) for p in found] == [("api/app.py", 3)]
