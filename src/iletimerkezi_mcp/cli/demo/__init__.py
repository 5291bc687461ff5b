"""The demo: stories that a host and its person play with the real server, in the sandbox."""
