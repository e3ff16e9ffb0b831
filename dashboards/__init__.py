"""From the marts of a warehouse to static pages."""
