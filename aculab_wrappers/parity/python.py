"""What a step means in Python."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from .typed import called, tagged

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import ModuleType

    from .driver import Order

_PARTS: Final = {
    "target": "cloud_id",
    "username": "username",
    "service_name": "service_name",
    "service_password": "service_password",
}
_CALL: Final = {
    "call_to": "to",
    "call_from": "from",
    "token": "token",
    "outbound_parameters": "outbound_parameters",
}


class PythonSession:
    """One case with the Python face, which has a function and no service object."""

    def __init__(self, face: ModuleType, order: Order) -> None:
        self._face = face
        self._named = order["arguments"] == "named"
        self._parts = order["service"]
        self._calls: Any = None
        self._ids: Any = None

    def perform(self, action: Mapping[str, Any]) -> dict[str, Any]:
        """Do one step."""
        done: dict[str, Any] = getattr(self, f"_{action['do']}")(action)
        return done

    def heard(self) -> dict[str, Any]:
        """Nothing: this dialect has no callback."""
        return {}

    def _start(self, action: Mapping[str, Any]) -> dict[str, Any]:
        arguments = {name: self._parts[part] for name, part in _PARTS.items()}
        if "raw" in action:
            arguments["outbound_calls"] = action["raw"]
        else:
            given = [action["call"]] if "call" in action else action["calls"]
            arguments["outbound_calls"] = self._made(given)
        self._ids = called(self._face.invoke_outbound_service, arguments, self._named)
        return {"returns": tagged(self._ids)}

    def _made(self, calls: Sequence[Mapping[str, str]]) -> Any:
        """The constructor takes the first call, `add_call` the others."""
        if not calls:
            return None  # the page has no way to make an OutboundCalls of none
        self._calls = made = self._pass(self._face.OutboundCalls, calls[0])
        for call in calls[1:]:
            self._pass(made.add_call, call)
        return made

    def _pass(self, function: Any, call: Mapping[str, str]) -> Any:
        arguments = {name: call.get(key) for name, key in _CALL.items()}
        if self._named:
            arguments = {name: text for name, text in arguments.items() if text is not None}
        return called(function, arguments, self._named)

    def _get_calls(self, action: Mapping[str, Any]) -> dict[str, Any]:
        return {"returns": tagged(self._made(action["calls"]).get_calls())}

    def _show(self, action: Mapping[str, Any]) -> dict[str, Any]:
        return {"returns": repr({"call": self._calls, "result": self._ids}[action["of"]])}
