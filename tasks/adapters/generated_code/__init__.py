"""Code a language model wrote, run in sandbox containers that hold rows without a target and nothing else."""
