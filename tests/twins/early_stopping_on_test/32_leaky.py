import torch
import torch.nn.functional as F
from torch.utils.data import DataLoader

from data import MolDataset
from model import GIN

train_set, val_set, test_set = MolDataset("train"), MolDataset("val"), MolDataset("test")
train_loader = DataLoader(train_set, batch_size=64, shuffle=True)
val_loader = DataLoader(val_set, batch_size=256)
test_loader = DataLoader(test_set, batch_size=256)
model = GIN(hidden=64)
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)


@torch.no_grad()
def mae(loader):
    model.eval()
    total = 0.0
    for graph, y in loader:
        total += (model(graph).squeeze() - y).abs().sum().item()
    return total / len(loader.dataset)


best = float("inf")
for epoch in range(100):
    model.train()
    for graph, y in train_loader:
        optimizer.zero_grad()
        F.l1_loss(model(graph).squeeze(), y).backward()
        optimizer.step()
    test_mae = mae(test_loader)  # LEAK
    if test_mae < best:
        best = test_mae
        torch.save(model.state_dict(), "gin.pt")
print("test MAE", best)
