"""Tables people know, as they stand in the columns of public data sets; the numbers are drawn."""

from __future__ import annotations

import numpy as np
import pandas as pd

N = 600


def known_tables() -> dict[str, pd.DataFrame]:
    """By a short name."""
    r, n = np.random.default_rng(0), N
    return {name: pd.DataFrame(columns) for name, columns in _columns(r, n).items()}


def _columns(r: np.random.Generator, n: int) -> dict[str, dict[str, object]]:
    return {
        "telco": {
            "customerID": [f"{i:04d}-ABCD" for i in range(n)],
            "gender": r.choice(["Male", "Female"], n),
            "tenure": r.integers(0, 72, n),
            "Contract": r.choice(["Month-to-month", "One year", "Two year"], n),
            "MonthlyCharges": r.normal(65, 20, n).round(2),
            "TotalCharges": r.lognormal(7, 1, n).round(2),
            "Churn": r.choice(["Yes", "No"], n, p=[0.27, 0.73]),
        },
        "bank": {
            "RowNumber": np.arange(n),
            "CustomerId": r.permutation(n) + 15000000,
            "Surname": r.choice(list("abcdef"), n),
            "Geography": r.choice(["France", "Spain"], n),
            "Gender": r.choice(["m", "f"], n),
            "Age": r.integers(18, 80, n),
            "Balance": r.normal(1e5, 1e4, n).round(2),
            "Exited": r.choice([0, 1], n, p=[0.8, 0.2]),
            "Complain": r.choice([0, 1], n),
        },
        "house": {
            "Id": np.arange(n),
            "LotArea": r.lognormal(9, 0.3, n).round(),
            "OverallQual": r.integers(1, 11, n),
            "YrSold": r.integers(2006, 2011, n),
            "SaleType": r.choice(list("ab"), n),
            "SalePrice": r.lognormal(12, 0.3, n).round(),
        },
        "wine": {"fixed acidity": r.normal(8, 1, n).round(1), "alcohol": r.normal(10, 1, n).round(1), "quality": r.integers(3, 9, n)},
        "cancer": {
            "id": r.permutation(n) + 8000,
            "diagnosis": r.choice(["M", "B"], n, p=[0.37, 0.63]),
            "radius_mean": r.normal(14, 3, n),
            "texture_mean": r.normal(19, 4, n),
        },
        "fraud": {
            "step": r.integers(1, 700, n),
            "type": r.choice(["CASH", "PAY"], n),
            "amount": r.lognormal(5, 1, n).round(2),
            "nameOrig": [f"C{i}" for i in range(n)],
            "oldbalanceOrg": r.lognormal(6, 1, n).round(2),
            "isFraud": (r.random(n) < 0.1).astype(int),
        },
        "german": {
            "duration": r.integers(6, 60, n),
            "credit_amount": r.lognormal(8, 0.6, n).round(),
            "purpose": r.choice(["car", "tv", "education"], n),
            "sex": r.choice(["male", "female"], n),
            "risk": r.choice(["good", "bad"], n, p=[0.7, 0.3]),
        },
        "flights": {
            "carrier": r.choice(list("AB"), n),
            "dep_delay": r.normal(5, 20, n).round(),
            "arr_delay": r.normal(5, 20, n).round(),
            "distance": r.integers(100, 3000, n),
            "air_time": r.integers(30, 300, n),
        },
        "tit": {
            "PassengerId": np.arange(1, n + 1),
            "Survived": r.integers(0, 2, n),
            "Pclass": r.integers(1, 4, n),
            "Sex": r.choice(["male", "female"], n),
            "Age": r.normal(30, 10, n).round(),
            "Fare": r.lognormal(3, 1, n).round(2),
        },
        "heart": {
            "age": r.integers(29, 77, n),
            "sex": r.integers(0, 2, n),
            "cp": r.integers(0, 4, n),
            "chol": r.normal(240, 50, n).round(),
            "target": r.integers(0, 2, n),
        },
        "conc": {
            "cement": r.normal(280, 100, n).round(1),
            "water": r.normal(180, 20, n).round(1),
            "age": r.choice([3, 7, 28, 90], n),
            "csMPa": r.normal(35, 16, n).round(2),
        },
        "emp": {
            "EmployeeNumber": np.arange(1, n + 1),
            "Age": r.integers(18, 60, n),
            "JobSatisfaction": r.integers(1, 5, n),
            "Attrition": r.choice(["Yes", "No"], n, p=[0.16, 0.84]),
            "MonthlyIncome": r.lognormal(8, 0.5, n).round(),
        },
        "wea": {
            "Date": pd.date_range("2020-01-01", periods=n).astype(str),
            "Rainfall": r.lognormal(0, 1, n).round(1),
            "RainToday": r.choice(["Yes", "No"], n),
            "RainTomorrow": r.choice(["Yes", "No"], n),
        },
        "stu": {
            "gender": r.choice(["female", "male"], n),
            "race/ethnicity": r.choice(["group A", "group B"], n),
            "math score": r.integers(0, 101, n),
            "reading score": r.integers(0, 101, n),
            "writing score": r.integers(0, 101, n),
        },
        "iris": {
            "sepal_length": r.normal(5, 1, 150).round(1),
            "petal_width": r.normal(1, 0.5, 150).round(1),
            "species": np.repeat(["setosa", "versicolor", "virginica"], 50),
        },
        "bike": {
            "datetime": pd.date_range("2011-01-01", periods=n, freq="h").astype(str),
            "season": r.integers(1, 5, n),
            "casual": r.poisson(20, n),
            "registered": r.poisson(100, n),
            "count": r.poisson(120, n),
        },
        "spam": {
            "text": [" ".join(r.choice(["free", "win", "hello", "meet", "cash", "now"], 9)) + str(i) for i in range(n)],
            "label": r.choice(["ham", "spam"], n),
        },
        "mush": {"class": r.choice(["e", "p"], n), "odor": r.choice(list("abc"), n), "cap": r.choice(list("xyz"), n)},
        "dia": {
            "carat": r.lognormal(0, 0.4, n).round(2),
            "cut": r.choice(["Fair", "Good", "Ideal"], n),
            "price": r.lognormal(8, 1, n).round(),
            "x": r.normal(5, 1, n).round(2),
            "y": r.normal(5, 1, n).round(2),
        },
        "ins": {
            "age": r.integers(18, 65, n),
            "bmi": r.normal(30, 6, n).round(1),
            "smoker": r.choice(["yes", "no"], n, p=[0.2, 0.8]),
            "charges": r.lognormal(9, 0.6, n).round(2),
        },
        "loan": {
            "Loan_ID": [f"LP{i}" for i in range(n)],
            "Gender": r.choice(["Male", "Female"], n),
            "LoanAmount": r.normal(140, 40, n).round(),
            "Credit_History": r.integers(0, 2, n),
            "Loan_Status": r.choice(["Y", "N"], n, p=[0.7, 0.3]),
        },
        "pima": {
            "Pregnancies": r.integers(0, 12, n),
            "Glucose": r.normal(120, 30, n).round(),
            "DiabetesPedigreeFunction": r.lognormal(-1, 0.5, n).round(3),
            "Outcome": r.choice([0, 1], n, p=[0.65, 0.35]),
        },
        "ab": {"Sex": r.choice(list("MFI"), n), "Length": r.normal(0.5, 0.1, n).round(3), "Rings": r.integers(3, 25, n)},
        "stroke": {
            "id": r.permutation(n) + 1,
            "gender": r.choice(["Male", "Female"], n),
            "hypertension": r.integers(0, 2, n),
            "heart_disease": r.integers(0, 2, n),
            "stroke": r.choice([0, 1], n, p=[0.95, 0.05]),
        },
        "rent": {
            "city": r.choice(list("abc"), n),
            "area": r.normal(80, 20, n).round(),
            "rooms": r.integers(1, 6, n),
            "rent amount (R$)": r.lognormal(7, 0.5, n).round(),
        },
        "click": {
            "Daily Time Spent on Site": r.normal(65, 10, n).round(2),
            "Age": r.integers(18, 60, n),
            "Timestamp": pd.date_range("2016-01-01", periods=n, freq="97min").astype(str),
            "Clicked on Ad": r.integers(0, 2, n),
        },
        "sales": {
            "Date": pd.date_range("2010-01-01", periods=n).astype(str),
            "Store": r.integers(1, 20, n),
            "Weekly_Sales": r.lognormal(10, 0.5, n).round(2),
            "Fuel_Price": r.normal(3, 0.3, n).round(2),
            "IsHoliday": r.choice([True, False], n),
        },
        "cred": {
            "ID": np.arange(1, n + 1),
            "LIMIT_BAL": r.lognormal(11, 0.6, n).round(),
            "SEX": r.integers(1, 3, n),
            "PAY_0": r.integers(-2, 4, n),
            "default.payment.next.month": r.choice([0, 1], n, p=[0.78, 0.22]),
        },
    }
