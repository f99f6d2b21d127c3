"""Our Prefect worker type for untrusted commands. Nobody imports this room; Prefect finds it by its entry point."""
