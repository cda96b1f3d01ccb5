"""The options of the plugin."""

import pytest

from literate.result import Limits
from literate.site.options import AtLeast, LiterateConfig


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


def load(**options):
    """Return the options of a configuration, and what is wrong with them."""
    config = LiterateConfig()
    config.load_dict(options)
    failed, warnings = config.validate()
    assert warnings == []
    return config, {name: str(error) for name, error in failed}


def test_every_option_has_a_value_by_default():
    config, failed = load()

    assert failed == {}
    assert dict(config) == {
        "time_limit": 120,
        "memory_limit": 4096,
        "cache": True,
        "notebooks": False,
        "record": "tests/published",
        "library": "",
        "workers": None,
    }
    assert config.limits() == Limits(120, 4096)


def test_limits_are_those_of_the_configuration_and_no_memory_is_any_amount():
    assert load(time_limit=0.5, memory_limit=100)[0].limits() == Limits(0.5, 100)
    assert load(memory_limit=0)[0].limits() == Limits(120, None)


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("time_limit", 0.05, "must be at least 0.1, got 0.05"),
        ("memory_limit", -1, "must be at least 0, got -1"),
        ("workers", 0, "must be at least 1, got 0"),
        ("workers", "two", "Expected type: <class 'int'> but received: <class 'str'>"),
        ("cache", "yes", "Expected type: <class 'bool'> but received: <class 'str'>"),
    ],
)
def test_a_value_that_an_option_does_not_take_is_named(option, value, message):
    assert load(**{option: value})[1] == {option: message}


@pytest.mark.parametrize("value", [1, 1.5])
def test_the_least_value_is_one_that_an_option_takes(value):
    option = AtLeast(1, (int, float))

    assert option.validate(value) == value
