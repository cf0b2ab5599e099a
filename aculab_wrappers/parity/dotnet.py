"""What a step means in C# and VB."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from .typed import called, member_values, tagged

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from types import ModuleType

    from .driver import Order

_MEMBERS: Final = (
    "ApplicationInstanceId",
    "Finished",
    "Status",
    "ReturnText",
    "ReturnCode",
    "ApplicationStatusEta",
)


class DotNetSession:
    """One case with the C# or the VB face."""

    def __init__(self, face: ModuleType, order: Order) -> None:
        self._face = face
        self._named = order["arguments"] == "named"
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
        names = {
            "serviceName": parts["service_name"],
            "servicePassword": parts["service_password"],
        }
        if parts["constructor"] == "account":
            names = {"account": self._account, **names}
        else:
            names = {"connection": parts["cloud_id"], "username": parts["username"], **names}
        return called(self._face.OutboundRESTAPIService, names, self._named)

    @cached_property
    def _account(self) -> Any:
        names = {"connection": self._parts["cloud_id"], "username": self._parts["username"]}
        return called(self._face.WebServiceWrappers.PlatformAccount, names, self._named)

    def _start(self, action: Mapping[str, Any]) -> dict[str, Any]:
        if "call" in action:
            arguments = {"call": self._made(action["call"])}
        elif "calls" in action:
            calls = self._face.List[self._face.OutboundCall](len(action["calls"]))
            for call in action["calls"]:
                calls.Add(self._made(call))
            arguments = {"calls": calls}
        else:
            arguments = {"calls": action["raw"]}
        self._started = called(self._service.Start, arguments, self._named)
        return {"returns": _invocations(self._started)}

    def _made(self, call: Mapping[str, str]) -> Any:
        names = {"to": call["to"]}
        if "from" in call:
            names["from_"] = call["from"]
        self._call = made = called(self._face.OutboundCall, names, self._named)
        if "token" in call:
            made.Token = call["token"]
        if "outbound_parameters" in call:
            made.OutboundParameters = call["outbound_parameters"]
        return made

    def _status(self, action: Mapping[str, Any]) -> dict[str, Any]:
        if "raw" in action:
            return {"returns": tagged(self._service.UpdateStatus(action["raw"]))}
        if action.get("form") == "tuple":
            invocations, finished = self._service.UpdateStatus()
            return {"returns": [_invocations(invocations), tagged(finished)]}
        box = self._new_box()
        invocations = called(self._service.UpdateStatus, {"finished": box}, self._named)
        return {"returns": _invocations(invocations), "out": {"finished": tagged(box.Value)}}

    def _new_box(self, *value: bool) -> Any:
        # VB's name for it is another one.
        kind = self._face.ByRef if hasattr(self._face, "ByRef") else self._face.Ref[bool]
        return kind(*value)

    def _finished(self, _action: Mapping[str, Any]) -> dict[str, Any]:
        return {"returns": tagged(self._service.Finished)}

    def _look(self, _action: Mapping[str, Any]) -> dict[str, Any]:
        return {"returns": _invocations(self._started)}

    def _list(self, action: Mapping[str, Any]) -> dict[str, Any]:
        made = self._face.List(*(action[name] for name in ("capacity", "copy") if name in action))
        for item in action["items"]:
            made.Add(item)
        return {"returns": {"Count": made.Count, "items": list(made)}}

    def _box(self, action: Mapping[str, Any]) -> dict[str, Any]:
        box = self._new_box(*([action["value"]] if "value" in action else []))
        return {"returns": {"Value": box.Value, "truth": bool(box), "shown": repr(box)}}

    def _show(self, action: Mapping[str, Any]) -> dict[str, Any]:
        shown = {"call": self._call, "result": self._started}
        if action["of"] in shown:
            return {"returns": repr(shown[action["of"]])}
        return {"returns": repr(self._account if action["of"] == "account" else self._service)}

    def _read(self, action: Mapping[str, Any]) -> dict[str, Any]:
        call = self._made(action["call"])
        members = {"Token": call.Token, "OutboundParameters": call.OutboundParameters}
        return {"returns": tagged(members)}


def _invocations(found: Iterable[object]) -> list[Any]:
    return [member_values(invocation, _MEMBERS) for invocation in found]
