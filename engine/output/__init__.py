"""Files of results and pages, each written completely or not at all."""
