import tensorflow as tf
from tensorflow.keras.preprocessing.image import ImageDataGenerator

gen = ImageDataGenerator(rescale=1 / 255.0)
train = gen.flow_from_directory("data/train", target_size=(128, 128), class_mode="binary")
val = gen.flow_from_directory("data/val", target_size=(128, 128), class_mode="binary")
test = gen.flow_from_directory("data/test", target_size=(128, 128), class_mode="binary", shuffle=False)
model = tf.keras.Sequential(
    [
        tf.keras.layers.Conv2D(16, 3, activation="relu", input_shape=(128, 128, 3)),
        tf.keras.layers.GlobalAveragePooling2D(),
        tf.keras.layers.Dense(1, activation="sigmoid"),
    ]
)
model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
checkpoint = tf.keras.callbacks.ModelCheckpoint("best.h5", monitor="val_accuracy", save_best_only=True)
model.fit(train, validation_data=val, epochs=30, callbacks=[checkpoint])
model.load_weights("best.h5")
print("test accuracy", model.evaluate(test)[1])
