import numpy as np
import torch
from torch.utils.data import DataLoader, TensorDataset, random_split, Subset

signal = np.load("ecg.npy")
WINDOW = 256
X = np.stack([signal[i : i + WINDOW] for i in range(0, len(signal) - WINDOW, 8)])
y = np.array([signal[i + WINDOW] for i in range(0, len(signal) - WINDOW, 8)])
dataset = TensorDataset(torch.tensor(X), torch.tensor(y))
n = int(0.8 * len(dataset))
train_set, test_set = Subset(dataset, range(n)), Subset(dataset, range(n + WINDOW // 8, len(dataset)))
model = torch.nn.Sequential(torch.nn.Linear(WINDOW, 64), torch.nn.ReLU(), torch.nn.Linear(64, 1))
opt = torch.optim.Adam(model.parameters())
for epoch in range(5):
    for xb, yb in DataLoader(train_set, 64, shuffle=True):
        opt.zero_grad()
        ((model(xb.float()).squeeze() - yb) ** 2).mean().backward()
        opt.step()
print(sum(((model(xb.float()).squeeze() - yb) ** 2).sum().item() for xb, yb in DataLoader(test_set, 64)))
