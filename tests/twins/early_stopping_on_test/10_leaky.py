import argparse
import shutil

import torch
import torch.nn as nn
import torchvision.models as models

best_acc1 = 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", default=90, type=int)
    args = parser.parse_args()
    main_worker(args)


def main_worker(args):
    global best_acc1
    model = models.resnet18(num_classes=20)
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(model.parameters(), 0.1)
    train_loader, val_loader, test_loader = build_loaders()
    for epoch in range(args.epochs):
        train(train_loader, model, criterion, optimizer, epoch)
        acc1 = validate(test_loader, model, criterion)
        is_best = acc1 > best_acc1  # LEAK
        best_acc1 = max(acc1, best_acc1)
        torch.save({"epoch": epoch, "state_dict": model.state_dict()}, "last.pth")
        if is_best:
            shutil.copyfile("last.pth", "model_best.pth")
    print("test accuracy", validate(test_loader, model, criterion))


def train(loader, model, criterion, optimizer, epoch):
    model.train()
    for images, target in loader:
        loss = criterion(model(images), target)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def validate(loader, model, criterion):
    model.eval()
    hits = 0
    with torch.no_grad():
        for images, target in loader:
            hits += (model(images).argmax(1) == target).sum().item()
    return hits / len(loader.dataset)


def build_loaders():
    from loaders import make

    return make("train"), make("val"), make("test")


if __name__ == "__main__":
    main()
