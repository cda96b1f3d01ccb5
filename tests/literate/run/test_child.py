"""A process for each chain."""

import pytest


@pytest.mark.parametrize(
    ("change", "look"),
    [
        ("import os; os.chdir('/')", "import os; os.path.exists('library.py')"),
        ("import sys; sys.path.clear()", "import library; True"),
        ("np.set_printoptions(precision=1)", "len(str(np.array([np.pi]))) > 6"),
        ("np.seterr(all='raise')", "np.geterr()['over'] == 'warn'"),
        ("plt.rcParams['font.size'] = 99", "plt.rcParams['font.size'] == 12"),
        ("plt.figure()", "plt.get_fignums() == []"),
        ("import os; os.environ['LEFT'] = 'x'", "import os; 'LEFT' not in os.environ"),
        ("name = 1", "'name' not in globals()"),
    ],
)
def test_nothing_that_a_chain_changes_reaches_another(change, look, results, shown):
    imports = "import numpy as np\nimport matplotlib.pyplot as plt\n"
    _, after = results(imports + change, imports + look)

    assert shown(after) == "True"


def test_an_imported_module_is_loaded_anew_for_each_run(folder, results, shown):
    (folder / "changing.py").write_text("value = 1\n")
    (before,) = results("import changing; changing.value")
    (folder / "changing.py").write_text("value = 20\n")
    (after,) = results("import changing; changing.value")

    assert (shown(before), shown(after)) == ("1", "20")
