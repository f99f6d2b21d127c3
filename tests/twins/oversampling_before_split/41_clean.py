import pandas as pd
import torch
from imblearn.over_sampling import RandomOverSampler
from sklearn.model_selection import train_test_split
from transformers import AutoModelForSequenceClassification, AutoTokenizer, Trainer, TrainingArguments

tweets = pd.read_csv("tweets.csv")
ros = RandomOverSampler(random_state=0)
train_df, test_df = train_test_split(tweets, test_size=0.2, random_state=0)
texts, train_y = ros.fit_resample(train_df[["text"]], train_df["label"])
train_x, test_x, test_y = texts["text"], test_df["text"], test_df["label"]
tokenizer = AutoTokenizer.from_pretrained("bert-base-uncased")


class Tweets(torch.utils.data.Dataset):
    def __init__(self, texts, labels):
        self.encodings = tokenizer(list(texts), truncation=True, padding=True)
        self.labels = list(labels)

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, i):
        return {**{k: torch.tensor(v[i]) for k, v in self.encodings.items()}, "labels": torch.tensor(self.labels[i])}


model = AutoModelForSequenceClassification.from_pretrained("bert-base-uncased")
trainer = Trainer(model=model, args=TrainingArguments("out"), train_dataset=Tweets(train_x, train_y), eval_dataset=Tweets(test_x, test_y))
trainer.train()
print(trainer.evaluate())
