import numpy as np
import torch
from torch import nn

from dataset import load_arrays

X_train, y_train, X_val, y_val, X_test, y_test = (torch.tensor(a, dtype=torch.float32) for a in load_arrays())
net = nn.Sequential(nn.Linear(X_train.shape[1], 64), nn.ReLU(), nn.Linear(64, 1))
optimizer = torch.optim.Adam(net.parameters())
best_loss, patience, bad = np.inf, 20, 0
for epoch in range(1000):
    net.train()
    optimizer.zero_grad()
    loss = nn.functional.mse_loss(net(X_train).squeeze(), y_train)
    loss.backward()
    optimizer.step()
    net.eval()
    with torch.no_grad():
        val_loss = nn.functional.mse_loss(net(X_val).squeeze(), y_val).item()
    if val_loss < best_loss:
        best_loss, bad = val_loss, 0
        torch.save(net.state_dict(), "best.pt")
    else:
        bad += 1
        if bad > patience:
            break
net.load_state_dict(torch.load("best.pt"))
print("test mse", nn.functional.mse_loss(net(X_test).squeeze(), y_test).item())
