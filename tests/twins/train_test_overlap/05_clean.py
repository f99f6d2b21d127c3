import torch
from torch.utils.data import DataLoader, Subset
from torchvision import datasets, transforms

from model import Net

tf = transforms.ToTensor()
full = datasets.ImageFolder("data/leaves", transform=tf)
n = int(0.8 * len(full))
indices = torch.randperm(len(full)).tolist()
train_set = Subset(full, indices[:n])
test_set = Subset(full, indices[n:])
train_loader = DataLoader(train_set, batch_size=32, shuffle=True)
test_loader = DataLoader(test_set, batch_size=32)

net = Net()
optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
for epoch in range(10):
    for images, labels in train_loader:
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(net(images), labels).backward()
        optimizer.step()
correct = sum((net(x).argmax(1) == y).sum().item() for x, y in test_loader)
print(correct / len(test_set))
