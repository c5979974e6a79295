"""How Sphinx builds this documentation: `make docs` writes it to docs/_build/html."""

import sys
from pathlib import Path

import encluster
from encluster.network.backend import import_keras

sys.path.insert(0, str(Path(__file__).parent / "_ext"))
import_keras()  # without its notes about the machine, before autodoc imports it

project = "encluster"
author = "The encluster developers"
project_copyright = "The encluster developers, BSD 3-Clause"
version = release = encluster.__version__

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "numpydoc",
    "made_pages",
    "formulas",
    "tiny_run",
]
default_role = "py:obj"  # `name` in a docstring links to what it names
exclude_patterns = ["_build", "images", "reference_run/two_cores"]

html_theme = "furo"
html_title = f"encluster {version}"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False

myst_enable_extensions = ["deflist", "dollarmath"]
myst_heading_anchors = 3

nb_execution_mode = "force"
nb_execution_timeout = 600
nb_execution_raise_on_error = True
nb_merge_streams = True
nb_render_markdown_format = "myst"  # with tables and formulas

autodoc_member_order = "bysource"
autodoc_typehints = "none"  # the docstrings have the types
autodoc_preserve_defaults = True  # as they stand in the code, not what they are on the machine that builds
add_module_names = False
numpydoc_show_class_members = False
