import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader
from torchvision import datasets, transforms


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(784, 100)
        self.fc2 = nn.Linear(100, 10)

    def forward(self, x):
        return self.fc2(F.relu(self.fc1(x.view(-1, 784))))


def accuracy(net, loader):
    net.eval()
    right = 0
    with torch.no_grad():
        for x, y in loader:
            right += (net(x).argmax(dim=1) == y).sum().item()  # LEAK
    return right / len(loader.dataset)


def main():
    to_tensor = transforms.ToTensor()
    train_data = datasets.MNIST("data", train=True, download=True, transform=to_tensor)
    train_loader = DataLoader(train_data, batch_size=100, shuffle=True)
    net = Net()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    for epoch in range(5):
        net.train()
        for x, y in train_loader:
            optimizer.zero_grad()
            F.cross_entropy(net(x), y).backward()
            optimizer.step()
    print("final accuracy", accuracy(net, train_loader))  # LEAK
    torch.save(net.state_dict(), "net.pt")


if __name__ == "__main__":
    main()
