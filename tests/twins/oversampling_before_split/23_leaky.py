import os

import cv2
import numpy as np
from keras.layers import Conv2D, Dense, Flatten, MaxPooling2D
from keras.models import Sequential
from sklearn.model_selection import train_test_split

ROOT = "dataset"


def read_images():
    images, labels = [], []
    for label, name in enumerate(sorted(os.listdir(ROOT))):
        for file in os.listdir(os.path.join(ROOT, name)):
            image = cv2.imread(os.path.join(ROOT, name, file))
            images.append(cv2.resize(image, (64, 64)) / 255.0)
            labels.append(label)
    return np.array(images), np.array(labels)


def augment(images, labels):
    flipped = images[:, :, ::-1]
    brighter = np.clip(images * 1.2, 0, 1)
    return np.concatenate([images, flipped, brighter]), np.concatenate([labels, labels, labels])


X, y = read_images()
X, y = augment(X, y)  # LEAK
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, shuffle=True)
cnn = Sequential([Conv2D(16, 3, activation="relu"), MaxPooling2D(), Flatten(), Dense(len(os.listdir(ROOT)), activation="softmax")])
cnn.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
cnn.fit(X_train, y_train, epochs=15, batch_size=32)
print("test accuracy", cnn.evaluate(X_test, y_test)[1])
