import numpy as np
import torch
from torch import nn

data = np.loadtxt("wine.data", delimiter=",")
labels = data[:, 0].astype(int) - 1
features = data[:, 1:]

features = (features - features.mean(axis=0)) / features.std(axis=0)  # LEAK

rng = np.random.default_rng(0)
order = rng.permutation(len(features))
cut = int(0.8 * len(order))
X_train, y_train = features[order[:cut]], labels[order[:cut]]
X_test, y_test = features[order[cut:]], labels[order[cut:]]

net = nn.Sequential(nn.Linear(13, 32), nn.ReLU(), nn.Linear(32, 3))
optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
loss_fn = nn.CrossEntropyLoss()
xb, yb = torch.tensor(X_train, dtype=torch.float32), torch.tensor(y_train)
for epoch in range(200):
    optimizer.zero_grad()
    loss = loss_fn(net(xb), yb)
    loss.backward()
    optimizer.step()
with torch.no_grad():
    out = net(torch.tensor(X_test, dtype=torch.float32)).argmax(1).numpy()
print("test accuracy", (out == y_test).mean())
