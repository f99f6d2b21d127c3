import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, random_split

X, y = torch.load("x.pt"), torch.load("y.pt")
full = TensorDataset(X, y)
train_set, val_set, test_set = random_split(full, [0.7, 0.15, 0.15])


def accuracy(net, loader):
    net.eval()
    hits = total = 0
    with torch.no_grad():
        for xb, yb in loader:
            hits += (net(xb).argmax(1) == yb).sum().item()
            total += len(yb)
    return hits / total


best_acc = 0.0
for hidden in (32, 64, 128):
    net = nn.Sequential(nn.Linear(X.shape[1], hidden), nn.ReLU(), nn.Linear(hidden, 4))
    opt = torch.optim.Adam(net.parameters())
    for _ in range(20):
        for xb, yb in DataLoader(train_set, 64, shuffle=True):
            opt.zero_grad()
            nn.functional.cross_entropy(net(xb), yb).backward()
            opt.step()
    acc = accuracy(net, DataLoader(test_set, 256))
    if acc > best_acc:  # LEAK
        best_acc = acc
        torch.save(net.state_dict(), "best.pt")
print("test", accuracy(net, DataLoader(test_set, 256)))
