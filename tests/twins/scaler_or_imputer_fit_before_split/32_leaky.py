import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split


def fill_missing(df):
    df["LoanAmount"] = df["LoanAmount"].fillna(df["LoanAmount"].mean())  # LEAK
    df["Credit_History"] = df["Credit_History"].fillna(df["Credit_History"].mode()[0])  # LEAK
    return df


def add_features(df):
    df["total_income"] = df["ApplicantIncome"] + df["CoapplicantIncome"]
    return df


raw = pd.read_csv("loan.csv").drop(columns=["Loan_ID"])
loans = raw.pipe(fill_missing).pipe(add_features)  # LEAK
loans = pd.get_dummies(loans, columns=["Gender", "Married", "Education", "Property_Area"])
X_train, X_test, y_train, y_test = train_test_split(loans.drop(columns="Loan_Status"), loans["Loan_Status"], test_size=0.2)
forest = RandomForestClassifier().fit(X_train, y_train)
print("accuracy", forest.score(X_test, y_test))
