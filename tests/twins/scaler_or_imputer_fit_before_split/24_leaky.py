import numpy as np
import torch
import torch.nn as nn

rng = np.random.RandomState(42)
raw = np.loadtxt("data/concrete.csv", delimiter=",", skiprows=1)
X, y = raw[:, :8], raw[:, 8:]

order = rng.permutation(len(X))
n_train = int(0.8 * len(X))
lo, hi = X.min(axis=0), X.max(axis=0)  # LEAK
X = (X - lo) / (hi - lo)  # LEAK
X_train, y_train = X[order[:n_train]], y[order[:n_train]]
X_test, y_test = X[order[n_train:]], y[order[n_train:]]

net = nn.Sequential(nn.Linear(8, 32), nn.ReLU(), nn.Linear(32, 1))
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
xt, yt = torch.from_numpy(X_train).float(), torch.from_numpy(y_train).float()
for step in range(2000):
    opt.zero_grad()
    loss = nn.functional.mse_loss(net(xt), yt)
    loss.backward()
    opt.step()
    if step % 500 == 0:
        print(step, loss.item())

net.eval()
with torch.no_grad():
    pred = net(torch.from_numpy(X_test).float()).numpy()
print("test rmse", np.sqrt(np.mean((pred - y_test) ** 2)))
