import numpy as np
from keras.layers import Dense
from keras.models import Sequential

data = np.loadtxt("pima-indians-diabetes.csv", delimiter=",")
np.random.shuffle(data)
train, test = data[:600], data[600:]
model = Sequential([Dense(16, activation="relu"), Dense(1, activation="sigmoid")])
model.compile(loss="binary_crossentropy", optimizer="adam", metrics=["accuracy"])
model.fit(train[:, :8], train[:, 8], epochs=100, batch_size=16, verbose=0)
print("accuracy: %.3f" % model.evaluate(test[:, :8], test[:, 8])[1])
