"""One module a chart: what it asks of the marts, and how it draws the answer.

A module holds SUBTITLES (measure -> words), HEIGHT, NOTE, QUERY, TABLE (column -> heading) and `chart(rows)`, which
draws the rows of QUERY whose `is_drawn` is true. It may hold MEASURES (choices of the reader), EVENTS and BREAKS
(queries for annotations) and PANEL_BY (a column: one small picture for each of its values). Words that hold numbers
come from marts.figure_words.
"""
