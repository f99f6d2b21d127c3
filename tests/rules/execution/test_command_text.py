import pytest

from tasks.rules.execution.command_text import closed, read_command


def argv(text):
    return read_command(text)[-1].argv


@pytest.mark.parametrize(
    "text",
    [
        "poetry run python train.py",
        "uv run --no-sync python train.py",
        "conda run -n env python train.py",
        "torchrun --nproc_per_node=4 train.py",
        "accelerate launch train.py",
        "nohup python train.py",
        "env A=1 python train.py",
    ],
)
def test_what_only_wraps_a_command_is_taken_off(text):
    assert argv(text) == ["python", "train.py"]


def test_folders_add_up_and_variables_are_kept_apart():
    typed = read_command("cd a && cd b; SEED=1 python 'my file.py' --x 'a b'")[-1]
    assert (typed.folder, typed.env, typed.argv) == ("a/b", {"SEED": "1"}, ["python", "my file.py", "--x", "a b"])


def test_words_left_open_go_with_their_option():
    assert closed(["--run-id", "$RUN_ID", "--data", "<path>", "--epochs", "3", "--out=/path/to/x"]) == ["--epochs", "3"]
    assert closed(["--dir", "[path", "to", "data", "here]", "-v"]) == ["-v"]


def test_an_open_quote_is_no_command():
    with pytest.raises(ValueError):
        read_command("python 'train.py")
