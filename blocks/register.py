"""Register Axiom's block types with the Prefect API, and make the `axiom` blocks from the environment where they are missing.

python -m blocks.register
"""

from __future__ import annotations

from blocks.settings import BLOCK_NAME, AnalysisSettings, BuildSettings, ExecutionSettings, ModelCredentials


def register_blocks() -> list[str]:
    """Idempotent; returns the blocks that were made. What a user changed in the UI is left alone."""
    made = []
    for kind in (AnalysisSettings, ExecutionSettings, BuildSettings, ModelCredentials):
        kind.register_type_and_schema()
        try:
            kind.load(BLOCK_NAME)
        except ValueError:
            kind().save(BLOCK_NAME)
            made.append(f"{kind.get_block_type_slug()}/{BLOCK_NAME}")
    return made


if __name__ == "__main__":
    print("\n".join(register_blocks()) or "all blocks are there")
