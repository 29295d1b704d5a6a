"""Anchors: beside each heading of an article a link to its passage, to be seen, reached by keyboard and copied."""

import re

_HEADING = re.compile(r'<h([2-6]) id="([^"]*)">(.*?)</h\1>', re.DOTALL)


def with_anchors(html: str) -> str:
    """Put a link to itself at the end of every heading that has an anchor; it is called what its heading says.

    :param html: safe HTML, as :func:`kb.markdown.render` makes it.
    """
    return _HEADING.sub(r'<h\1 id="\2"><span id="\2--title">\3</span> <a class="anchor" href="#\2" aria-labelledby="\2--title"></a></h\1>', html)
