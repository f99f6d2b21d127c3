import pandas as pd
from sklearn.metrics import confusion_matrix, f1_score
from sklearn.model_selection import cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC


def main():
    cells = pd.read_csv("cells.csv")
    X = cells.drop(columns=["malignant"])
    y = cells["malignant"]
    pipe = make_pipeline(StandardScaler(), SVC())
    pred = cross_val_predict(pipe, X, y, cv=10)
    print(confusion_matrix(y, pred))
    print("F1", f1_score(y, pred))


main()
