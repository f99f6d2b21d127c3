import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, Subset
from torchvision import datasets, transforms

tf = transforms.Compose([transforms.Resize(64), transforms.ToTensor()])
pets = datasets.ImageFolder("pets", transform=tf)
indices = np.random.RandomState(0).permutation(len(pets))
cut = int(0.9 * len(indices))
train_loader = DataLoader(Subset(pets, indices[:cut]), batch_size=32, shuffle=True)
test_loader = DataLoader(Subset(pets, indices[cut:]), batch_size=32)

model = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(4), nn.Flatten(), nn.Linear(128, len(pets.classes)))
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
for epoch in range(10):
    model.train()
    for images, labels in train_loader:
        optimizer.zero_grad()
        loss = criterion(model(images), labels)
        loss.backward()
        optimizer.step()

model.eval()
correct = total = 0
with torch.no_grad():
    for images, labels in test_loader:
        correct += (model(images).argmax(1) == labels).sum().item()
        total += labels.size(0)
print(f"Accuracy: {100 * correct / total:.1f}%")
