"""Code as users write it, which type checkers must accept. Never run."""

# pyright: strict

from datetime import datetime
from typing import Literal, assert_type

from web_services import OutboundCalls, invoke_outbound_service

from aculab_wrappers import (
    Call,
    Invocation,
    OutboundClient,
    Outcome,
    StartError,
    csharp,
    java,
    php,
    vb,
)
from aculab_wrappers._core.values import StatusWord
from aculab_wrappers.sandbox import Sandbox

client = OutboundClient("1-2-0", "user", "service", "password", transport=Sandbox())
assert_type(client.start(Call("x", token="t")), list[Invocation])
assert_type(client.start([Call("x"), Call("y")]), list[Invocation])
assert_type(client.status(["id", Invocation("id")]), list[Invocation])
[ended] = client.wait("id", timeout=5, on_update=print)
assert_type(ended.status, StatusWord)
if ended.status == "COMPLETED" or ended.status in ("CANCELLED", "COULDNOTRUN"):
    print(ended.status.title())
word: str = ended.status
match ended.status:
    case "QUEUED" | "RUNNING":
        print("not yet")
    case other:  # a word that the cloud added is one of these
        print(other)
assert_type(ended.application_status_eta, datetime | None)
assert_type(client.status("id")[0].return_code, int | None)
try:
    client.start(Call("x"))
except StartError as error:
    assert_type(error.outcome, Outcome)

service = csharp.OutboundRESTAPIService("1-2-0", "user", "service", "password")
csharp.OutboundRESTAPIService(csharp.PlatformAccount("1-2-0", "user"), "service", "password")
calls = csharp.List[csharp.OutboundCall](3)
calls.Add(csharp.OutboundCall("x", "y"))
calls[0].Token = "t"
finished = csharp.Ref[bool]()
assert_type(service.Start(calls), csharp.List[csharp.ServiceInvocation])
assert_type(service.Start(calls[0]), csharp.List[csharp.ServiceInvocation])
assert_type(service.UpdateStatus(finished), csharp.List[csharp.ServiceInvocation])
assert_type(service.UpdateStatus()[1], bool)
assert_type(service.Finished, bool)
assert_type(finished.Value, bool)
vb_service = vb.OutboundRESTAPIService("1-2-0", "user", "service", "password")
vb_calls = vb.List[vb.OutboundCall](3)
vb_calls(0).Token = "t"
assert_type(vb_service.Start(vb_calls)(0), vb.ServiceInvocation)
assert_type(vb_service.UpdateStatus(vb.ByRef(False)), vb.List[vb.ServiceInvocation])
assert_type(vb_service.UpdateStatus(), tuple[vb.List[vb.ServiceInvocation], bool])

java_calls = java.ArrayList[java.OutboundCall](3)
java_calls.add(java.OutboundCall("x"))
java_calls[0].setToken("t")
java_service = java.OutboundRESTAPIService("1-2-0", "user", "service", "password")
assert_type(java_service.start(java_calls), java.ArrayList[java.ServiceInvocation])
assert_type(java_service.updateStatus().get(0).getStatus(), java.ServiceStatus | java.OtherStatus)

php_service = php.OutboundService("1-2-0", "user", "service", "password")
ids = php_service.startInstance([php.OutboundInstanceConfiguration("x")])
assert_type(ids, list[str] | int | Literal[False])
php_service.setErrorCallback(print)

assert_type(
    invoke_outbound_service("1-2-0", "user", "service", "password", OutboundCalls("x")), list[str]
)
assert_type(OutboundCalls("x").get_calls(), list[dict[str, str]])
