"""Hugging Face as several sources know it: its host, and those that its files are handed out by.

The official list of the latter is https://huggingface.co/.well-known/meta.json (lfsDomains and cdnDomains).
"""

HOST = "huggingface.co"
FILE_HOSTS = ("cas-bridge.xethub.hf.co", "cdn-lfs*.hf.co", "*.aws.cdn.hf.co", "*.gcp.cdn.hf.co")
