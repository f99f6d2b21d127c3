import numpy as np
import torch
from sklearn.preprocessing import StandardScaler
from torch.utils.data import DataLoader, Dataset, random_split


class Houses(Dataset):
    def __init__(self, x, y):
        self.x, self.y = torch.tensor(x, dtype=torch.float32), torch.tensor(y, dtype=torch.float32)

    def __len__(self):
        return len(self.x)

    def __getitem__(self, i):
        return self.x[i], self.y[i]


table = np.genfromtxt("houses.csv", delimiter=",")
x, y = table[:, :-1], table[:, -1]
rows = np.random.permutation(len(x))
scaler = StandardScaler().fit(x[rows[:400]])
train_set = Houses(scaler.transform(x[rows[:400]]), y[rows[:400]])
test_set = Houses(scaler.transform(x[rows[400:]]), y[rows[400:]])
model = torch.nn.Linear(13, 1)
optimizer = torch.optim.Adam(model.parameters())
for epoch in range(100):
    for xb, yb in DataLoader(train_set, batch_size=32, shuffle=True):
        loss = ((model(xb).squeeze() - yb) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
with torch.no_grad():
    print(np.mean([((model(xb).squeeze() - yb) ** 2).mean().item() for xb, yb in DataLoader(test_set, batch_size=64)]))
