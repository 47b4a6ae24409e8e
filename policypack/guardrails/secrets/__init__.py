"""Where credentials stand in resources, and what they look like."""
