"""Names of frameworks within sentences lead to the pages of the frameworks."""

import re
from collections.abc import Callable, Sequence

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from .tables import Row


def linker(frameworks: Sequence[Row]) -> Callable[[Context, str], Markup]:
    """A template filter that links the names of frameworks with a page; the rest of the text is escaped."""
    files = {str(escape(row["label"])): f"framework/{row['framework']}.html" for row in frameworks}
    # The longer name first: PyTorch Lightning is not PyTorch.
    names = "|".join(re.escape(name) for name in sorted(files, key=len, reverse=True))
    known = re.compile(rf"(?<![\w-])({names})(?![\w-])") if names else None

    @pass_context
    def linked(context: Context, text: str) -> Markup:
        page = context["page"]

        def link(found: re.Match[str]) -> str:
            file = files[found[1]]
            return found[1] if file == page["file"] else f'<a href="{page["root"]}{file}">{found[1]}</a>'

        words = str(escape(text))
        return Markup(known.sub(link, words) if known else words)

    return linked
