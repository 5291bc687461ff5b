"""Lists of recipients in files: reading them, and filling a text from their rows. Pure, but for the files themselves."""
