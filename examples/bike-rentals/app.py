"""Serve the bike rental model."""

import pickle

import pandas as pd
from flask import Flask, jsonify, request

app = Flask(__name__)
with open("model.pkl", "rb") as f:
    bundle = pickle.load(f)


@app.route("/predict", methods=["POST"])
def predict():
    row = pd.DataFrame([request.get_json()])
    return jsonify({"cnt": float(bundle["model"].predict(row)[0])})


if __name__ == "__main__":
    app.run(host="0.0.0.0", port=8000)
