import pytest

from tasks.evidence.monitoring.prediction_log import find_prediction_log

APP = "import logging\nfrom flask import Flask\nlogger = logging.getLogger(__name__)\napp = Flask(__name__)\ndef predict():\n"


@pytest.mark.parametrize(
    "line",
    [
        "    logger.info('prediction %s', prediction)\n",
        "    logger.info(f'got {prediction}')\n",
        "    db.predictions.insert_one({'prediction': prediction})\n",
        "    log_prediction(features, prediction)\n",
        "    cursor.execute('insert into log values (?)', (prediction,))\n",
    ],
)
def test_a_prediction_that_is_kept_is_seen(snapshot, line):
    assert [p.line for p in find_prediction_log(snapshot(**{"app.py": APP + line}))] == [6]


@pytest.mark.parametrize("line", ["    logger.info('prediction done')\n", "    return prediction\n", "    results.append(prediction)\n"])
def test_words_about_a_prediction_are_no_record(snapshot, line):
    assert find_prediction_log(snapshot(**{"app.py": APP + line})) == ()


def test_a_training_script_records_no_predictions_of_a_service(snapshot):
    code = "import logging\nlogger = logging.getLogger()\nlogger.info('prediction %s', prediction)\n"
    assert find_prediction_log(snapshot(**{"train.py": code})) == ()
