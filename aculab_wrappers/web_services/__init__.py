"""The module that old code imports: `from web_services import invoke_outbound_service`.

Installed under that name at the top level, so code written for Aculab's own wrapper runs
unchanged. A `web_services.py` in the folder of your own program still comes first.
Source: Aculab Cloud, "Starting An Outbound Service", Python tab,
https://aculab.com/cloud/voice-and-fax-apis/rest-api/previous-releases/rest-api-version-1/starting-an-outbound-service
Evidence: documented.
"""

from aculab_wrappers.python import OutboundCalls, invoke_outbound_service

__all__ = ["OutboundCalls", "invoke_outbound_service"]
