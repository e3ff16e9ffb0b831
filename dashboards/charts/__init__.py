"""One module a chart: what it asks of the marts, and how it draws the answer (CONTRIBUTING has the recipe).

A module holds SUBTITLES (measure -> words), QUERY, TABLE (column -> heading), HEIGHT, and either
`chart(rows)` for one picture or `panels(rows)` for small ones by key. MEASURES and EVENTS are optional.
"""
