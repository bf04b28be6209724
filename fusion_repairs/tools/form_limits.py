"""How many forms a link and an address may send, unless settings say otherwise."""

PER_LINK, PER_ADDRESS, MINUTES = 20, 120, 10
