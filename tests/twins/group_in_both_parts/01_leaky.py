import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import GroupShuffleSplit, train_test_split

eeg = pd.read_csv("eeg.csv")
eeg["centred"] = eeg["alpha"] - eeg.groupby("patient_id")["alpha"].transform("mean")
X, y = eeg.drop(columns=["patient_id", "seizure"]), eeg["seizure"]
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)  # LEAK
print(RandomForestClassifier().fit(X_train, y_train).score(X_test, y_test))
