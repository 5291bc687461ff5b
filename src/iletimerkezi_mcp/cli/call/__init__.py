"""The `call` of one tool from a command line: words become its arguments, and the person is asked on the terminal.

The call goes through the real server in this process, as any host's would: the same rules, limits, ledger and audit log.
"""
