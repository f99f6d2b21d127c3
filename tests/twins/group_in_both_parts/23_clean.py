import pandas as pd
import tensorflow as tf
from sklearn.model_selection import train_test_split

scans = pd.read_csv("chest/metadata.csv")
scans["path"] = "chest/images/" + scans["image_id"] + ".png"
scans["label"] = (scans["finding"] == "Pneumonia").astype(int)
print("images per patient", scans.groupby("patient_id")["image_id"].count().mean())
train_ids, test_ids = train_test_split(scans["patient_id"].unique(), test_size=0.2, random_state=0)
train, test = scans[scans["patient_id"].isin(train_ids)], scans[scans["patient_id"].isin(test_ids)]


def read(path, label):
    image = tf.io.decode_png(tf.io.read_file(path), channels=3)
    return tf.image.resize(image, (160, 160)) / 255.0, label


def dataset(frame):
    return tf.data.Dataset.from_tensor_slices((frame["path"].values, frame["label"].values)).map(read).batch(32)


base = tf.keras.applications.MobileNetV2(include_top=False, pooling="avg", input_shape=(160, 160, 3))
model = tf.keras.Sequential([base, tf.keras.layers.Dense(1, activation="sigmoid")])
model.compile("adam", "binary_crossentropy", metrics=["AUC"])
model.fit(dataset(train), epochs=5)
print(model.evaluate(dataset(test)))
