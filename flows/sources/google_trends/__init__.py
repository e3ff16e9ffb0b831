"""Google Trends: what pytrends pulls, and files that people download."""
