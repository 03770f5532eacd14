"""What can be said of names and arguments without running anything."""
