"""The options of the plugin."""

import pytest


def test_the_time_limit_is_an_option(project):
    project.write("mkdocs.yml", project.CONFIG.replace("literate", "literate: {time_limit: 1}"))
    project.write("docs/index.md", "```python\nwhile True: pass\n```\n")

    status, log = project.build()

    assert status == 1
    assert "docs/index.md:1: the page ran longer than 1 s, and this block was running" in log


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("time_limit: 0", "'time_limit': must be at least 0.1, got 0"),
        ("memory_limit: -1", "'memory_limit': must be at least 0, got -1"),
        ("workers: 0", "'workers': must be at least 1, got 0"),
        ("cache: perhaps", "'cache': Expected type: <class 'bool'> but received: <class 'str'>"),
    ],
)
def test_an_option_that_makes_no_sense_stops_the_build(project, option, message):
    project.write("mkdocs.yml", project.CONFIG.replace("literate", f"literate: {{{option}}}"))
    status, log = project.build()

    assert status == 1
    assert message in log


def test_a_memory_limit_of_nothing_is_none(project):
    project.write("mkdocs.yml", project.CONFIG.replace("literate", "literate: {memory_limit: 0}"))
    limits = "import resource\nprint(resource.getrlimit(resource.RLIMIT_AS)[0])"
    project.write("docs/index.md", f"```python\n{limits}\n```\n")
    project.build()

    assert "<code>-1\n</code>" in project.html()
