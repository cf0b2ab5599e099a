import logging

from aculab_wrappers import Call, OutboundClient

handler = logging.StreamHandler()
handler.setFormatter(
    logging.Formatter("%(levelname)s %(message)s")
)
logger = logging.getLogger("aculab_wrappers")
logger.addHandler(handler)
logger.setLevel(logging.DEBUG)

client = OutboundClient.from_env()
client.status(client.start(Call("sip:bob@acompany.com")))
