import pytest

from tasks.evidence.training.split import read_splits


@pytest.mark.parametrize(
    "code",
    [
        "from sklearn.model_selection import train_test_split\na, b = train_test_split(x)\n",
        "from torch.utils.data import random_split\na, b = random_split(d, [8, 2])\n",
        "import keras\nmodel.fit(x, y, validation_split=0.2)\n",
        "import pandas as pd\ntrain = df[:800]\ntest = df[800:]\n",
        "import tensorflow_datasets as tfds\nd = tfds.load('mnist', split='test')\n",
        "from torchvision.datasets import MNIST\nd = MNIST('.', train=False)\n",
        "from keras.datasets import mnist\n(a, b), (c, d) = mnist.load_data()\n",
        "import sklearn, pandas as pd\ntest_df = pd.read_csv('test.csv')\n",
        "import pandas as pd\ntrain_train = train[train['date'] < begin]\n",
        "from datasets import load_dataset\nd = load_dataset('glue')\nself.a = d['train']\nself.b = d['validation']\n",
        "import sklearn\nX_test, y_test = load_mnist('data', kind='t10k')\n",
        "import random\na_train = open(x, 'w')\na_test = open(y, 'w')\nout = a_train if random.random() > 0.2 else a_test\n",
    ],
)
def test_a_split_is_seen(snapshot, code):
    splits, folds = read_splits(snapshot(train_py=code))
    assert splits
    assert not folds


@pytest.mark.parametrize(
    "code",
    [
        "from sklearn.linear_model import Ridge\nRidge().fit(x, y)\n",
        "from langchain.text_splitter import RecursiveCharacterTextSplitter\nRecursiveCharacterTextSplitter().split_documents(d)\n",
        "name, ext = path.split('.')\n",
        "test = results[0]\n",
        "import sklearn\nmax_val = read_setting('x')\n",
        "import pandas as pd\nmean_val = df.loc[idxs]['x'].mean()\n",
        "train = open('train.txt')\ntest = open('test.txt')\n",
    ],
)
def test_what_only_sounds_like_a_split_is_none(snapshot, code):
    assert read_splits(snapshot(train_py=code)) == ((), ())


@pytest.mark.parametrize(
    "code",
    [
        "from sklearn.model_selection import cross_val_score\ncross_val_score(m, x, y)\n",
        "from sklearn.model_selection import GridSearchCV\nGridSearchCV(m, {}).fit(x, y)\n",
        "from sklearn.linear_model import LogisticRegressionCV\nLogisticRegressionCV().fit(x, y)\n",
        "import lightgbm as lgb\nlgb.cv({}, d)\n",
    ],
)
def test_cross_validation_is_seen_also_inside_a_search(snapshot, code):
    assert read_splits(snapshot(train_py=code))[1]


def test_a_split_says_whether_it_is_seeded(snapshot):
    code = "from sklearn.model_selection import train_test_split\na, b = train_test_split(x, random_state=1)\nc, d = train_test_split(x)\n"
    splits, _ = read_splits(snapshot(train_py=code))
    assert [(s.place.line, s.seeded, s.shuffled) for s in splits] == [(2, True, True), (3, False, True)]


def test_r_splits_and_folds_are_seen(snapshot):
    splits, folds = read_splits(snapshot(**{"a.R": "s <- initial_split(d)\nf <- vfold_cv(d)\n# initial_split(x)\n"}))
    assert [(s.place.file, s.place.line) for s in splits] == [("a.R", 1)]
    assert [p.line for p in folds] == [2]


def test_ratios_of_a_recipe_are_a_split(snapshot):
    splits, _ = read_splits(snapshot(**{"recipe.yaml": "steps:\n  split:\n    split_ratios: [0.75, 0.125, 0.125]\n"}))
    assert [s.place.line for s in splits] == [3]
