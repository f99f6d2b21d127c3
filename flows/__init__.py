"""The order of steps: one flow a file, one line a step, and the command that runs them. No classes, no computation.

Workers import a flow by its module, so the environment every process of ours needs is set here, before MLflow or litellm
is imported.
"""

from flows.environment import set_defaults

set_defaults()
