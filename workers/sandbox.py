"""The worker type `docker-sandbox`."""
