"""A simulation of the provider's JSON API, for trying things without an account, money or a real message.

The provider has no sandbox of its own. :mod:`.database` holds the state, :mod:`.provider` answers requests by the
rules of the contract, :mod:`.transport` puts it in place of the network and :mod:`.http` serves it on loopback.
:mod:`.magic_numbers` lists the numbers that bring about what cannot be produced otherwise.

Nothing here imports the client: the two meet on the wire alone.
"""
