import numpy as np
import pandas as pd
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset, Subset, random_split


class SeriesDataset(Dataset):
    def __init__(self, values, window=30):
        self.values = torch.tensor(values, dtype=torch.float32)
        self.window = window

    def __len__(self):
        return len(self.values) - self.window

    def __getitem__(self, i):
        return self.values[i : i + self.window].unsqueeze(-1), self.values[i + self.window]


class Forecaster(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(1, 32, batch_first=True)
        self.head = nn.Linear(32, 1)

    def forward(self, x):
        return self.head(self.gru(x)[0][:, -1]).squeeze(-1)


temperature = pd.read_csv("daily-min-temperatures.csv")["Temp"].to_numpy()
dataset = SeriesDataset(temperature)
n_train = int(len(dataset) * 0.8)
train_ds = Subset(dataset, range(n_train))
test_ds = Subset(dataset, range(n_train + 30, len(dataset)))
model = Forecaster()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
for epoch in range(30):
    for x, y in DataLoader(train_ds, batch_size=64, shuffle=True):
        optimizer.zero_grad()
        nn.functional.mse_loss(model(x), y).backward()
        optimizer.step()
model.eval()
with torch.no_grad():
    errors = [nn.functional.mse_loss(model(x), y).item() for x, y in DataLoader(test_ds, batch_size=256)]
print("test mse", np.mean(errors))
