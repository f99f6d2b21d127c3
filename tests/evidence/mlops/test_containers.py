"""Dockerfiles and Compose files under every usual name."""

import pytest

from tasks.evidence.mlops.containers import find_compose_files, find_dockerfiles


@pytest.mark.parametrize(
    "name",
    [
        "Dockerfile",
        "docker/Dockerfile",
        "Dockerfile.gpu",
        "train.Dockerfile",
        "api.dockerfile",
        "Containerfile",
        "Dockerfile-dev",
        "dockerfile",
    ],
)
def test_dockerfile_is_known_by_name(repository, name):
    assert [d.file for d in find_dockerfiles(repository({name: "FROM python:3.11\n"}))] == [name]


@pytest.mark.parametrize("name", [".dockerignore", "Dockerfile.md", "docs/dockerfile.py", "Dockerfile.j2", "notes-on-docker.txt"])
def test_other_files_with_docker_in_the_name_are_none(repository, name):
    assert find_dockerfiles(repository({name: "FROM python:3.11\n"})) == ()


def test_bases_leave_stages_out_and_resolve_arguments(repository):
    text = "ARG V=3.11\nFROM python:${V}-slim AS build\nRUN x\nFROM build AS test\nFROM ghcr.io:443/a/b@sha256:0abc\nCOPY --from=build /a /a\nUSER app\n"
    (file,) = find_dockerfiles(repository({"Dockerfile": text}))
    assert [(b.image, b.tag, b.digest) for b in file.bases] == [("python", "3.11-slim", False), ("ghcr.io:443/a/b", None, True)]
    assert (file.user, file.user_place.line) == ("app", 7)


def test_user_of_an_earlier_stage_does_not_count(repository):
    (file,) = find_dockerfiles(repository({"Dockerfile": "FROM a:1 AS b\nUSER app\nFROM c:2\n"}))
    assert file.user is None


@pytest.mark.parametrize(
    "name",
    ["docker-compose.yml", "compose.yaml", "docker-compose.prod.yml", "airflow/docker-compose-airflow.yml", "docker/local-stack.yml"],
)
def test_compose_file_is_known_by_name_or_services(repository, name):
    (file,) = find_compose_files(repository({name: "services:\n  db:\n    image: postgres:15\n  app:\n    build: .\n"}))
    assert (file.services, [(i.image, i.tag, i.place.line) for i in file.images]) == (("db", "app"), [("postgres", "15", 3)])


@pytest.mark.parametrize(
    "text", ["- a\n", "services: [a, b]\n", "services:\n  a: 3\n", "a: &a\n  services: *a\n", "services:\n  x:\n    image: [1]\n"]
)
def test_hostile_compose_file_is_no_exception(repository, text):
    assert all(f.images == () for f in find_compose_files(repository({"docker-compose.yml": text})))
