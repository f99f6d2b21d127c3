from __future__ import annotations


def files(found) -> list[str]:
    return [e.file for e in found]


def test_lua_is_trained_by_the_file_with_the_optimizer(entries):
    model = "require 'nn'\nfunction layer:updateGradInput(x)\n  return self.net:backward(x, g)\nend\n"
    train = (
        "require 'torch'\nrequire 'optim'\nfor i = 1, 10 do\n  optim.rmsprop(feval, params, state)\nend\nlocal val_loss = eval_split(2)\n"
    )
    found = entries({"train.lua": train, "LSTM.lua": model, "sample.lua": "require 'torch'\nlocal m = torch.load(opt.model)\n"})
    assert [(e.file, e.command) for e in found.train] == [("train.lua", "th train.lua")]
    assert files(found.eval)[0] == "train.lua"
    assert files(found.serve) == ["sample.lua"]


def test_a_targets_pipeline_comes_before_the_functions_it_sources(entries):
    functions = "library(keras)\ntrain_model <- function(x) {\n  model %>% fit(x, y)\n}\n"
    targets = "library(targets)\nsource('functions.R')\nlist(tar_target(m, train_model(d)))\n"
    found = entries({"_targets.R": targets, "functions.R": functions}).train
    assert (found[0].file, found[0].command) == ("_targets.R", "Rscript -e 'targets::tar_make()'")


def test_an_r_script_that_sources_the_fit_is_the_entry(entries):
    functions = "fit_model <- function(d) {\n  caret::train(y ~ ., data = d)\n}\n"
    found = entries({"run.R": "source('R/functions.R')\nfit_model(read.csv('d.csv'))\n", "R/functions.R": functions}).train
    assert found[0].file == "run.R" and found[0].command == "Rscript run.R"


def test_a_julia_file_that_calls_its_own_training_is_run(entries):
    code = "using Flux\nfunction train()\n  Flux.train!(loss, ps, data, opt)\nend\n"
    called = entries({"a.jl": code + "train()\n"}).train[0]
    assert (called.file, called.command) == ("a.jl", "julia a.jl")


def test_a_julia_file_that_only_defines_training_is_less_sure(entries, tmp_path):
    code = "using Flux\nfunction train()\n  Flux.train!(loss, ps, data, opt)\nend\n"
    found = {e.file: e.confidence for e in entries({"a.jl": code + "train()\n", "b.jl": code}).train}
    assert found["b.jl"] < found["a.jl"]


def test_files_that_include_each_other_end(entries):
    fit = "optim.sgd(f, p)\n"
    assert entries({"a.lua": "require 'nn'\nrequire 'b'\n" + fit, "b.lua": "require 'a'\nrequire 'nn'\n"}).train[0].file == "a.lua"


def test_an_rmd_trains_as_a_notebook(entries):
    (entry,) = entries({"lesson.Rmd": "```{r}\nlibrary(caret)\nm <- train(y ~ ., data = d)\n```\n"}).train
    assert entry.command == "Rscript -e 'rmarkdown::render(\"lesson.Rmd\")'"


def test_command_line_training_in_a_shell_script_is_an_entry(entries):
    (entry,) = entries({"scripts/fit.sh": "rasa train --data data\n"}).train
    assert (entry.file, entry.command) == ("scripts/fit.sh", "bash scripts/fit.sh")
