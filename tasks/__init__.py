"""What the flows do: `<flow>.py` modules hold the Prefect steps of one flow, the packages below hold everything else.

Imports go one way: steps, then agents, adapters and rendering, then rules, then evidence, then errors. import-linter
checks it, exhaustively: a module without a room fails.
"""
