"""The licence by its own sentences, then by metadata, then by the README."""

import pytest

from tasks.evidence.mlops.licence import find_licences

MIT = "Permission is hereby granted, free of charge, to any person obtaining a copy of this software … in all copies or substantial portions of it"
BSD = "Redistribution and use …\n1. Redistributions of source code must retain the above copyright notice"
GPL3 = "GNU GENERAL PUBLIC LICENSE\nVersion 3, 29 June 2007"


def spdx(snapshot):
    found = find_licences(snapshot)
    return (found[0].spdx, found[0].source) if found else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (MIT, "MIT"),
        (f"Some other title\n\n{MIT}", "MIT"),
        (BSD, "BSD-2-Clause"),
        (f"{BSD}\nNeither the name … may be used to endorse or promote products", "BSD-3-Clause"),
        ("Apache License\n   Version 2.0, January 2004", "Apache-2.0"),
        (GPL3, "GPL-3.0"),
        ("GNU AFFERO GENERAL PUBLIC LICENSE\nVersion 3", "AGPL-3.0"),
        ("GNU LESSER GENERAL PUBLIC LICENSE\nVersion 3", "LGPL-3.0"),
        ("Mozilla Public License Version 2.0", "MPL-2.0"),
        ("Attribution 4.0 International", "CC-BY-4.0"),
        ("Attribution-NonCommercial-ShareAlike 4.0 International", "CC-BY-NC-SA-4.0"),
        ("CC0 1.0 Universal", "CC0-1.0"),
        ("This is free and unencumbered software released into the public domain.", "Unlicense"),
        ("SPDX-License-Identifier: Apache-2.0", "Apache-2.0"),
        ("The MIT License", "MIT"),
        ("You may use this under http://creativecommons.org/licenses/by-nc-nd/4.0 and its successors. " * 40, "CC-BY-NC-ND-4.0"),
        ("All rights reserved. Do not copy anything from this company. " * 40, "other"),
    ],
)
def test_licence_file_is_known_by_its_sentences(repository, text, expected):
    assert spdx(repository({"LICENSE": text})) == (expected, "file")


@pytest.mark.parametrize("name", ["LICENSE.txt", "LICENCE", "License.md", "COPYING", "UNLICENSE", "LICENSE-MIT", "LICENSE.rst"])
def test_file_is_found_under_its_usual_names(repository, name):
    assert spdx(repository({name: MIT})) == ("MIT", "file")


def test_licence_of_a_part_is_not_the_repository_s(repository):
    assert spdx(repository({"third_party/LICENSE": MIT, "examples/a/LICENSE": GPL3})) is None


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("pyproject.toml", '[project]\nname = "a"\nlicense = "Apache-2.0"\n', "Apache-2.0"),
        ("pyproject.toml", '[project]\nlicense = {text = "MIT"}\n', "MIT"),
        ("pyproject.toml", '[tool.poetry]\nlicense = "BSD-3-Clause"\n', "BSD-3-Clause"),
        ("pyproject.toml", '[project]\nclassifiers = ["License :: OSI Approved :: MIT License"]\n', "MIT"),
        ("setup.py", 'from setuptools import setup\nsetup(name="a", license="GPLv3")\n', "GPL-3.0"),
        ("setup.cfg", "[metadata]\nlicense = MIT\n", "MIT"),
        ("DESCRIPTION", "Package: a\nLicense: MIT + file LICENSE\n", "MIT"),
    ],
)
def test_metadata_names_the_licence(repository, name, text, expected):
    assert spdx(repository({name: text})) == (expected, "metadata")


def test_year_and_holder_file_of_r_leaves_it_to_the_metadata(repository):
    files = {"LICENSE": "YEAR: 2020\nCOPYRIGHT HOLDER: me\n", "DESCRIPTION": "Package: a\nLicense: MIT + file LICENSE\n"}
    assert spdx(repository(files)) == ("MIT", "metadata")


@pytest.mark.parametrize(
    "text",
    [
        "# A\n\n## License\n\nMIT\n",
        "This project is licensed under the MIT License.",
        "---\nlicense: mit\n---\n# Model\n",
        "License\n=======\nMIT\n",
    ],
)
def test_readme_names_the_licence_when_nothing_else_does(repository, text):
    assert spdx(repository({"README.md": text})) == ("MIT", "readme")


def test_a_data_licence_of_the_readme_is_known(repository):
    text = "## License\n\nUnder the Open Data Commons [Public Domain Dedication and License][pddl].\n"
    assert spdx(repository({"README.md": text})) == ("PDDL-1.0", "readme")


def test_word_in_prose_is_no_licence(repository):
    assert spdx(repository({"README.md": "A course at MIT about licensing. Written for GPL fans.\n"})) is None


@pytest.mark.parametrize("text", ["license = [1", "[project]\nlicense = 3\n", "project = 1\n", "[project]\nclassifiers = {a = 1}\n"])
def test_broken_metadata_is_no_licence(repository, text):
    assert spdx(repository({"pyproject.toml": text})) is None
