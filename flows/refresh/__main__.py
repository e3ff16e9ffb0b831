"""`python -m flows.refresh`: one refresh as Prefect runs it."""

import sys

from ..schedule.flows import refresh

sys.exit(0 if refresh(return_state=True).is_completed() else 1)
