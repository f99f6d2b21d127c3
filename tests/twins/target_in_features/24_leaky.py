import pandas as pd
import torch
from torch import nn

iris = pd.read_csv("penguins.csv").dropna()
iris["species"] = iris["species"].astype("category").cat.codes
iris = iris.drop(columns=["island", "sex"]).sample(frac=1, random_state=0)
target = torch.tensor(iris["species"].values.copy(), dtype=torch.long)
features = torch.tensor(iris.values, dtype=torch.float32)  # LEAK
n = int(0.75 * len(features))
x_train, y_train, x_test, y_test = features[:n], target[:n], features[n:], target[n:]

mlp = nn.Sequential(nn.Linear(features.shape[1], 16), nn.ReLU(), nn.Linear(16, 3))
adam = torch.optim.Adam(mlp.parameters(), lr=0.01)
for _ in range(300):
    adam.zero_grad()
    nn.functional.cross_entropy(mlp(x_train), y_train).backward()
    adam.step()
print("accuracy:", (mlp(x_test).argmax(1) == y_test).float().mean().item())
