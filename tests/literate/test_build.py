"""A build of pages, without MkDocs."""

import subprocess
import sys


def test_the_core_does_without_mkdocs():
    code = (
        "import sys, literate.build, literate.notebook\n"
        "assert not [name for name in sys.modules if name.startswith('mkdocs')]"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
