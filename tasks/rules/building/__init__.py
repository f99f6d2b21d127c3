"""The rules of model building: what the objective asks, how to split, what leaks, how long, the critic, and whether to ship."""
