import logging.config

from aculab_wrappers import Call, OutboundClient

logging.config.dictConfig(
    {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "plain": {"format": "%(name)s %(message)s"}
        },
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "formatter": "plain",
            }
        },
        "loggers": {
            "aculab_wrappers": {
                "handlers": ["console"],
                "level": "INFO",
                "propagate": False,
            }
        },
    }
)
client = OutboundClient.from_env()
client.start(Call("sip:bob@acompany.com"))
