import torch
from torch.utils.data import DataLoader

from data import get_datasets
from model import UNet


def validate(model, loader, device):
    model.eval()
    total = 0.0
    with torch.no_grad():
        for x, y in loader:
            total += torch.nn.functional.mse_loss(model(x.to(device)), y.to(device)).item()
    return total / len(loader)


def main(epochs=50, patience=5):
    device = "cuda" if torch.cuda.is_available() else "cpu"
    train_set, val_set, test_set = get_datasets("data/")
    train_loader = DataLoader(train_set, batch_size=8, shuffle=True)
    val_loader = DataLoader(val_set, batch_size=8)
    test_loader = DataLoader(test_set, batch_size=8)
    model = UNet().to(device)
    optimizer = torch.optim.AdamW(model.parameters())
    best_loss, waited = float("inf"), 0
    for epoch in range(epochs):
        model.train()
        for x, y in train_loader:
            optimizer.zero_grad()
            torch.nn.functional.mse_loss(model(x.to(device)), y.to(device)).backward()
            optimizer.step()
        loss = validate(model, val_loader, device)
        if loss < best_loss:
            best_loss, waited = loss, 0
            torch.save(model.state_dict(), "checkpoints/best.pt")
        else:
            waited += 1
            if waited >= patience:
                break
    model.load_state_dict(torch.load("checkpoints/best.pt"))
    print("test loss", validate(model, test_loader, device))


if __name__ == "__main__":
    main()
