"""What a step means in PHP."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from .typed import called, member_values, tagged

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import ModuleType

    from .driver import Order

_MEMBERS: Final = (
    "isFinished",
    "getStatus",
    "getStatusDetail",
    "getApplicationStatusETA",
    "getApplicationInstanceId",
)


class PhpSession:
    """One case with the PHP face."""

    def __init__(self, face: ModuleType, order: Order) -> None:
        self._face = face
        self._named = order["arguments"] == "named"
        self._parts = order["service"]
        self._callback: list[list[Any]] = []
        self._call: Any = None
        self._result: Any = None

    def perform(self, action: Mapping[str, Any]) -> dict[str, Any]:
        """Do one step."""
        self._callback.clear()
        done: dict[str, Any] = getattr(self, f"_{action['do']}")(action)
        return done

    def heard(self) -> dict[str, Any]:
        """What the error callback got."""
        return {"callback": [[tagged(code), tagged(body)] for code, body in self._callback]}

    @cached_property
    def _service(self) -> Any:
        parts = self._parts
        names = {
            "target": parts["cloud_id"],
            "user_name": parts["username"],
            "service_name": parts["service_name"],
            "service_password": parts["service_password"],
        }
        return called(self._face.OutboundService, names, self._named)

    def _start(self, action: Mapping[str, Any]) -> dict[str, Any]:
        if "call" in action:
            argument: Any = self._made(action["call"])
        elif "calls" in action:
            argument = [self._made(call) for call in action["calls"]]
        else:
            argument = action["raw"]
        names = {"instanceConfigurations": argument}
        self._result = called(self._service.startInstance, names, self._named)
        return {"returns": tagged(self._result), "outcome": self._outcome()}

    def _outcome(self) -> str | None:
        outcome = getattr(self._service.last_error, "outcome", None)
        return None if outcome is None else str(outcome.name)

    def _made(self, call: Mapping[str, str]) -> Any:
        names = {"to": call["to"]}
        if "from" in call:
            names["from_"] = call["from"]
        self._call = made = called(self._face.OutboundInstanceConfiguration, names, self._named)
        if "token" in call:
            called(made.setToken, {"token": call["token"]}, self._named)
        if "outbound_parameters" in call:
            parameters = {"outbound_parameters": call["outbound_parameters"]}
            called(made.setOutboundParameters, parameters, self._named)
        return made

    def _status(self, action: Mapping[str, Any]) -> dict[str, Any]:
        [given] = [action[name] for name in ("ids", "id", "raw") if name in action]
        came = called(self._service.getInstanceStatus, {"instanceIds": given}, self._named)
        self._result = came
        if isinstance(came, dict):
            came = {"$map": [[id_, member_values(item, _MEMBERS)] for id_, item in came.items()]}
        return {"returns": came, "outcome": self._outcome()}

    def _set_proxy(self, action: Mapping[str, Any]) -> dict[str, Any]:
        names = {"proxy_uri": action["uri"], "request_fulluri": action["request_fulluri"]}
        return {"returns": called(self._service.setProxy, names, self._named)}

    def _set_error_callback(self, action: Mapping[str, Any]) -> dict[str, Any]:
        def keep(code: object, body: object) -> None:
            self._callback.append([code, body])
            if action.get("raises"):
                raise RuntimeError("the callback raises, as the case wants")

        names = {"callback": action.get("raw", keep)}
        return {"returns": called(self._service.setErrorCallback, names, self._named)}

    def _show(self, action: Mapping[str, Any]) -> dict[str, Any]:
        shown = {"service": self._service, "call": self._call, "result": self._result}
        return {"returns": repr(shown[action["of"]])}
