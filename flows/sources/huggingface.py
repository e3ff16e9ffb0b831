"""Hugging Face as several sources know it: its host with its pace, and the hosts that its files are handed out by.

The official list of the latter is https://huggingface.co/.well-known/meta.json (lfsDomains and cdnDomains).
"""

from ..network.pace import Pace

HOST = "huggingface.co"
PACE = Pace(100, 300)  # the site allows its pages so often
FILE_HOSTS = ("cas-bridge.xethub.hf.co", "cdn-lfs*.hf.co", "*.aws.cdn.hf.co", "*.gcp.cdn.hf.co")
