"""One module a chart: how a picture is drawn, once for every page that shows it.

A module holds `chart()`, a specification without figures: its data sets have names (rows, events, breaks), and what
changes from page to page are parameters. `shapes.py` writes them all into one script; a page brings the rows of a mart
and the values of the parameters. `dashboards/fields.py` names the columns that a page has to bring.
"""
