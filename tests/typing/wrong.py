"""Mistakes that type checkers must report, each on a line marked WRONG. Never run."""

# pyright: reportUnnecessaryComparison=error

import aculab_wrappers
from aculab_wrappers import Call, OutboundClient, csharp, java, php, python

client = OutboundClient("1-2-0", "user", "service", "password")
client.start("441908273800")  # WRONG
client.strat(Call("x"))  # WRONG
client.wait("id")  # WRONG
Call(441908273800)  # WRONG
Call("x", "y", "token")  # WRONG
Call("x").tokn  # WRONG
Call("x").to = "y"  # WRONG
aculab_wrappers.OutboundClint  # WRONG
[invocation] = client.start(Call("x"))
if invocation.status == "COMPLETE":  # WRONG
    print("never")
if invocation.status != "completed":  # WRONG
    print("always")
while invocation.status == "QEUED":  # WRONG
    [invocation] = client.status(invocation)
aculab_wrappers.OutboundCall  # WRONG
aculab_wrappers.OutboundCalls  # WRONG

service = csharp.OutboundRESTAPIService("1-2-0", "user", "service", "password")
csharp.OutboundRESTAPIService("1-2-0", "user", "service")  # WRONG
service.start(csharp.OutboundCall("x"))  # WRONG
service.Start("x")  # WRONG
service.UpdateStatus(False)  # WRONG
csharp.OutboundCall("x").Tokne = "t"  # WRONG
csharp.List[csharp.OutboundCall](3).Add("x")  # WRONG
calls = csharp.List[csharp.OutboundCall](3)
calls(0)  # WRONG

java_service = java.OutboundRESTAPIService("1-2-0", "user", "service", "password")
java_service.Start(java.OutboundCall("x"))  # WRONG
java_service.start(csharp.OutboundCall("x"))  # WRONG
java.OutboundCall("x").token = "t"  # WRONG

php_service = php.OutboundService("1-2-0", "user", "service", "password")
php_service.startInstance("x")  # WRONG
len(php_service.startInstance(php.OutboundInstanceConfiguration("x")))  # WRONG
php_service.setErrorCallback("print")  # WRONG

python.invoke_outbound_service("1-2-0", "user", "service", "password", ["x"])  # WRONG
python.OutboundCalls("x").addCall("y")  # WRONG
