import torch
from torch import nn, optim
from torch.utils.data import DataLoader, SubsetRandomSampler
from torchvision import datasets, transforms

data = datasets.ImageFolder("cats_dogs", transforms.Compose([transforms.Resize((64, 64)), transforms.ToTensor()]))
idx = torch.randperm(len(data)).tolist()
split = len(idx) // 5
train_sampler = SubsetRandomSampler(idx[split:])
test_sampler = SubsetRandomSampler(idx[:split])
trainloader = DataLoader(data, batch_size=64, sampler=train_sampler)
testloader = DataLoader(data, batch_size=64, sampler=test_sampler)


class CNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 16, 3)
        self.fc = nn.Linear(16 * 31 * 31, 2)

    def forward(self, x):
        x = torch.relu(nn.functional.max_pool2d(self.conv(x), 2))
        return self.fc(x.flatten(1))


model = CNN()
loss_fn = nn.CrossEntropyLoss()
opt = optim.Adam(model.parameters())


def train_one_epoch():
    model.train()
    for x, y in trainloader:
        opt.zero_grad()
        loss = loss_fn(model(x), y)
        loss.backward()
        opt.step()


def test():
    model.eval()
    hits = 0
    with torch.no_grad():
        for x, y in testloader:
            _, predicted = torch.max(model(x), 1)
            hits += (predicted == y).sum().item()
    return hits / split


for epoch in range(10):
    train_one_epoch()
print("test accuracy", test())
