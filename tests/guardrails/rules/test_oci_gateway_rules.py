from rule_tables import ANYTHING, Case, R, table

from policypack.guardrails.model import Resource
from policypack.guardrails.rules.least_privilege.oci_function_behind_open_gateway import RULE
from policypack.guardrails.values import UNKNOWN

DEPLOYMENT = "oci:ApiGateway/deployment:Deployment"
GATEWAY = "oci:ApiGateway/gateway:Gateway"
FUNCTION = {"type": "ORACLE_FUNCTIONS_BACKEND", "functionId": "ocid1.fnfunc.oc1..a"}
HTTP = {"type": "HTTP_BACKEND", "url": "https://speech.example.com"}
TOKEN = {"authentication": {"type": "JWT_AUTHENTICATION", "issuers": ["https://login.example.com"]}}
ANONYMOUS_TOO = {"authentication": {"type": "JWT_AUTHENTICATION", "isAnonymousAccessAllowed": True}}


def route(backend: object = FUNCTION, authorization: object = None) -> dict[str, object]:
    policies = {} if authorization is None else {"requestPolicies": {"authorization": {"type": authorization}}}
    return {"path": "/speech", "methods": ["POST"], "backend": backend, **policies}


def deployment(*routes: object, policies: object = None, **properties: object) -> Resource:
    specification: dict[str, object] = {"routes": list(routes)}
    if policies is not None:
        specification["requestPolicies"] = policies
    return R(DEPLOYMENT, specification=specification, pathPrefix="/v1", **properties)


def routing(*backends: object) -> dict[str, object]:
    return {"type": "DYNAMIC_ROUTING_BACKEND", "routingBackends": [{"backend": each} for each in backends]}


def servers(*details: object) -> dict[str, object]:
    return {"dynamicAuthentication": {"authenticationServers": [{"authenticationServerDetail": d} for d in details]}}


def gateway(endpoint: object) -> list[Resource]:
    behind = R(
        DEPLOYMENT,
        deps={"gatewayId": [f"{GATEWAY}::g"]},
        specification={"routes": [route()]},
        gatewayId=UNKNOWN,
    )
    return [R(GATEWAY, "g", endpointType=endpoint, subnetId="ocid1.subnet.oc1..a"), behind]


FIRST = "specification.routes[0]"
OPEN = [("violation", FIRST, "medium")]
HIDDEN = [("undecided", FIRST, "medium")]

test_oci_function_behind_open_gateway = table(
    RULE,
    [
        Case("fail", "no-policies", deployment(route()), OPEN),
        Case("fail", "cors-alone", deployment(route(), policies={"cors": {"allowedOrigins": ["*"]}}), OPEN),
        Case("fail", "anonymous-route", deployment(route(authorization="ANONYMOUS"), policies=ANONYMOUS_TOO), OPEN),
        Case(
            "fail",
            "anonymous-route-of-two-ways",
            deployment(route(authorization="ANONYMOUS"), policies=servers(TOKEN, {"isAnonymousAccessAllowed": True})),
            OPEN,
        ),
        Case("fail", "policies-that-are-empty", deployment(route(), policies={"authentication": {}, "usagePlans": {"tokenLocations": []}}), OPEN),
        Case("fail", "second-backend", deployment(route(routing(HTTP, FUNCTION))), OPEN),
        Case("fail", "one-of-two-routes", deployment(route(HTTP), route()), [("violation", "specification.routes[1]")]),
        Case("fail", "seen-beside-an-unknown-route", deployment(route(), route(UNKNOWN)), [*OPEN, ("undecided", "specification.routes[1]", "medium")]),
        Case("fail", "certificate-not-required", deployment(route(), policies={"mutualTls": {"isVerifiedCertificateRequired": False}}), OPEN),
        Case("fail", "public-gateway", gateway("PUBLIC"), OPEN),
        Case("fail", "private-gateway", gateway("PRIVATE"), [("violation", FIRST, "low")]),
        Case("fail", "gateway-not-known", gateway(UNKNOWN), OPEN),
        Case("pass", "token", deployment(route(), policies=TOKEN)),
        Case("pass", "token-and-only-some-may-be-anonymous", deployment(route(), route(authorization="AUTHENTICATION_ONLY"), route(authorization="ANY_OF"), policies=ANONYMOUS_TOO)),
        Case("pass", "two-ways-to-sign-in", deployment(route(), policies=servers(TOKEN["authentication"]))),
        Case("undecided", "unknown-specification", R(DEPLOYMENT, specification=UNKNOWN), [("undecided", "specification")]),
        Case("undecided", "unknown-routes", R(DEPLOYMENT, specification={"routes": UNKNOWN}), [("undecided", "specification")]),
        Case("undecided", "unknown-policies", deployment(route(), policies=UNKNOWN), HIDDEN),
        Case("undecided", "unknown-backend", deployment(route({"type": ANYTHING})), HIDDEN),
        Case("undecided", "may-allow-anonymous", deployment(route(authorization="ANONYMOUS"), policies={"authentication": {"isAnonymousAccessAllowed": UNKNOWN}}), HIDDEN),
        Case("undecided", "may-be-anonymous", deployment(route(authorization=UNKNOWN), policies=ANONYMOUS_TOO), HIDDEN),
        Case("not-applicable", "http", deployment(route(HTTP), route({"type": "STOCK_RESPONSE_BACKEND"}))),
        Case("boundary", "client-certificate", deployment(route(), policies={"mutualTls": {"isVerifiedCertificateRequired": True}})),
        Case("boundary", "subscribers-token", deployment(route(), policies={"usagePlans": {"tokenLocations": ["request.headers[x-token]"]}})),
        Case("boundary", "refused-by-the-service", deployment(route(authorization="ANONYMOUS"), policies=TOKEN)),
        Case("boundary", "token-whatever-the-routes", R(DEPLOYMENT, specification={"routes": UNKNOWN, "requestPolicies": TOKEN})),
    ],
)  # fmt: skip
