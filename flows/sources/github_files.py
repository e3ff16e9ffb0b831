"""Files of GitHub's repositories as several sources know them: their host, and how often it may be asked."""

from ..network.pace import Pace

HOST = "raw.githubusercontent.com"
PACE = Pace(10, 5)  # two a second, ten at once: the survey asks for six files there
