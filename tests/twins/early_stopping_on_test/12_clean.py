import torch


def run(args, model, optimizer, data):
    best_test = 0.0
    best_val = 0.0
    for epoch in range(1, args.epochs + 1):
        model.train()
        optimizer.zero_grad()
        loss = torch.nn.functional.nll_loss(model(data.x)[data.train_mask], data.y[data.train_mask])
        loss.backward()
        optimizer.step()
        model.eval()
        pred = model(data.x).argmax(dim=1)
        val_acc = (pred[data.val_mask] == data.y[data.val_mask]).float().mean().item()
        test_acc = (pred[data.test_mask] == data.y[data.test_mask]).float().mean().item()
        if val_acc > best_val:
            best_val, best_test = val_acc, test_acc
            torch.save(model.state_dict(), "best.pt")
    return best_test
