"""What a step means in Java."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from .typed import called, member_values, tagged

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from types import ModuleType

    from .driver import Order

_MEMBERS: Final = ("isFinished", "getStatus", "getApplicationInstanceId", "getReturnText")


class JavaSession:
    """One case with the Java face. Java has no named arguments."""

    def __init__(self, face: ModuleType, order: Order) -> None:
        self._face = face
        self._parts = order["service"]
        self._call: Any = None
        self._started: Any = None

    def perform(self, action: Mapping[str, Any]) -> dict[str, Any]:
        """Do one step."""
        done: dict[str, Any] = getattr(self, f"_{action['do']}")(action)
        return done

    def heard(self) -> dict[str, Any]:
        """Nothing: this dialect has no callback."""
        return {}

    @cached_property
    def _service(self) -> Any:
        parts = self._parts
        return self._face.OutboundRESTAPIService(
            parts["cloud_id"], parts["username"], parts["service_name"], parts["service_password"]
        )

    def _start(self, action: Mapping[str, Any]) -> dict[str, Any]:
        if "call" in action:
            argument = self._made(action["call"])
        elif "calls" in action:
            argument = self._face.ArrayList[self._face.OutboundCall](len(action["calls"]))
            for call in action["calls"]:
                argument.add(self._made(call))
        else:
            argument = action["raw"]
        self._started = self._service.start(argument)
        return {"returns": _invocations(self._started)}

    def _made(self, call: Mapping[str, str]) -> Any:
        arguments = {name: call[name] for name in ("to", "from") if name in call}
        self._call = made = called(self._face.OutboundCall, arguments, named=False)
        if "token" in call:
            made.setToken(call["token"])
        if "outbound_parameters" in call:
            made.setOutboundParameters(call["outbound_parameters"])
        return made

    def _status(self, action: Mapping[str, Any]) -> dict[str, Any]:
        given = (action["raw"],) if "raw" in action else ()
        return {"returns": _invocations(self._service.updateStatus(*given))}

    def _finished(self, _action: Mapping[str, Any]) -> dict[str, Any]:
        return {"returns": tagged(self._service.isFinished())}

    def _look(self, _action: Mapping[str, Any]) -> dict[str, Any]:
        return {"returns": _invocations(self._started)}

    def _list(self, action: Mapping[str, Any]) -> dict[str, Any]:
        given = [action[name] for name in ("capacity", "copy") if name in action]
        made = self._face.ArrayList(*given)
        added = [made.add(item) for item in action["items"]]
        items = [made.get(index) for index in range(made.size())]
        return {"returns": {"size": made.size(), "items": items, "added": added}}

    def _show(self, action: Mapping[str, Any]) -> dict[str, Any]:
        shown = {"service": self._service, "call": self._call, "result": self._started}
        return {"returns": repr(shown[action["of"]])}


def _invocations(found: Iterable[object]) -> list[Any]:
    return [member_values(invocation, _MEMBERS) for invocation in found]
