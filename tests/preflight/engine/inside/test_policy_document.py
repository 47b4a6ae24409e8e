"""getPolicyDocument, against the texts that the provider's own tests and documentation pin.

Expected texts marked "provider test" come from `policy_document_data_source_test.go` of
hashicorp/terraform-provider-aws, those marked "provider docs" from its `website/docs/d/iam_policy_document`. Both
predate the release in which an empty Sid stopped being printed; `"Sid": ""` is left out here for that reason.
`source_json` and `override_json` of old examples are given as the lists that replaced them.
"""

from __future__ import annotations

import json
import zlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from preflight.engine.inside.misspellings import Problem, as_meant
from preflight.engine.inside.policy_document import PolicyDocumentError, render

Args = dict[str, Any]


def text_of(args: Args) -> str:
    result, problems = render(args)
    assert problems == []
    return str(result["json"])


def allow(actions: str, sid: str | None = None, **more: Any) -> Args:
    statement: Args = {"actions": [actions], "resources": ["*"], **more}
    return statement if sid is None else {"sid": sid, **statement}


def document(*statements: Args, **more: Any) -> str:
    return text_of({"statements": list(statements), **more})


def pretty(*statements: Args, version: str = "2012-10-17") -> str:
    """The printed form of a document whose statements are spelled out, elements in the order given."""
    return json.dumps({"Version": version, "Statement": list(statements)}, indent=2).replace("&", "\\u0026")


def printed(action: str, effect: str = "Allow", sid: str | None = None, resource: Any = "*") -> Args:
    statement = {"Effect": effect, "Action": action, "Resource": resource}
    return statement if sid is None else {"Sid": sid, **statement}


# provider test: TestAccAWSDataSourceIAMPolicyDocument_basic
BASIC_ARGS: Args = {
    "policyId": "policy_id",
    "statements": [
        {
            "sid": "1",
            "actions": ["s3:ListAllMyBuckets", "s3:GetBucketLocation"],
            "resources": ["arn:aws:s3:::*"],
        },
        {
            "actions": ["s3:ListBucket"],
            "resources": ["arn:aws:s3:::foo"],
            "conditions": [
                {
                    "test": "StringLike",
                    "variable": "s3:prefix",
                    "values": ["home/", "", "home/&{aws:username}/"],
                }
            ],
            "notPrincipals": [{"type": "AWS", "identifiers": ["arn:blahblah:example"]}],
        },
        {
            "actions": ["s3:*"],
            "resources": [
                "arn:aws:s3:::foo/home/&{aws:username}",
                "arn:aws:s3:::foo/home/&{aws:username}/*",
            ],
            "principals": [{"type": "AWS", "identifiers": ["arn:blahblah:example"]}],
        },
        {"effect": "Deny", "notActions": ["s3:*"], "notResources": ["arn:aws:s3:::*"]},
        {
            "effect": "Allow",
            "actions": ["kinesis:*"],
            "principals": [{"type": "AWS", "identifiers": ["*"]}],
        },
        {
            "effect": "Allow",
            "actions": ["firehose:*"],
            "principals": [{"type": "*", "identifiers": ["*"]}],
        },
    ],
}
BASIC_JSON = """{
  "Version": "2012-10-17",
  "Id": "policy_id",
  "Statement": [
    {
      "Sid": "1",
      "Effect": "Allow",
      "Action": [
        "s3:ListAllMyBuckets",
        "s3:GetBucketLocation"
      ],
      "Resource": "arn:aws:s3:::*"
    },
    {
      "Effect": "Allow",
      "Action": "s3:ListBucket",
      "Resource": "arn:aws:s3:::foo",
      "NotPrincipal": {
        "AWS": "arn:blahblah:example"
      },
      "Condition": {
        "StringLike": {
          "s3:prefix": [
            "home/",
            "",
            "home/${aws:username}/"
          ]
        }
      }
    },
    {
      "Effect": "Allow",
      "Action": "s3:*",
      "Resource": [
        "arn:aws:s3:::foo/home/${aws:username}/*",
        "arn:aws:s3:::foo/home/${aws:username}"
      ],
      "Principal": {
        "AWS": "arn:blahblah:example"
      }
    },
    {
      "Effect": "Deny",
      "NotAction": "s3:*",
      "NotResource": "arn:aws:s3:::*"
    },
    {
      "Effect": "Allow",
      "Action": "kinesis:*",
      "Principal": {
        "AWS": "*"
      }
    },
    {
      "Effect": "Allow",
      "Action": "firehose:*",
      "Principal": "*"
    }
  ]
}"""


def test_basic_document() -> None:
    assert text_of(BASIC_ARGS) == BASIC_JSON


def test_result_holds_both_texts_the_hash_and_the_arguments_with_defaults() -> None:
    result, _ = render({"policyId": "p", "overrideJson": "", "statements": [{"actions": ["a:B", "a:B"]}]})
    assert result == {
        "json": pretty({"Effect": "Allow", "Action": "a:B"}).replace('",\n  "S', '",\n  "Id": "p",\n  "S', 1),
        "minifiedJson": '{"Version":"2012-10-17","Id":"p","Statement":[{"Effect":"Allow","Action":"a:B"}]}',
        "id": str(zlib.crc32(str(result["json"]).encode())),
        "version": "2012-10-17",
        "policyId": "p",
        "overrideJson": "",
        "statements": [{"effect": "Allow", "actions": ["a:B"]}],
    }


def root(account: str, partition: str = "aws") -> str:
    return f"arn:{partition}:iam::{account * 12}:root"


# provider tests: statementPrincipalIdentifiers_stringAndSlice, _multiplePrincipals, _multiplePrincipalsGov. The order
# is that of the hash codes of the principal blocks, so these also pin the hash.
@pytest.mark.parametrize(
    ("partition", "blocks", "expected"),
    [
        pytest.param("aws", ["1", "23"], "132", id="string and slice"),
        pytest.param("aws", ["12", "3", "4"], "3421", id="multiple principals"),
        pytest.param("aws-us-gov", ["12", "3", "4"], "3214", id="multiple principals in another partition"),
    ],
)
def test_principals_of_one_type_join_in_set_order(partition: str, blocks: list[str], expected: str) -> None:
    principals = [{"type": "AWS", "identifiers": [root(a, partition) for a in block]} for block in blocks]
    statement = json.loads(document(allow("*", principals=principals)))["Statement"][0]
    assert statement["Principal"] == {"AWS": [root(a, partition) for a in expected]}


@pytest.mark.parametrize(
    ("principals", "expected"),
    [
        pytest.param([("*", ["*"])], "*", id="star is bare"),
        pytest.param([("AWS", ["*"])], {"AWS": "*"}, id="AWS star stays an object"),
        pytest.param(
            [("*", ["*"]), ("Service", ["x"])], {"*": "*", "Service": "x"}, id="star beside another is not bare"
        ),
        pytest.param([("*", ["*", "*"])], "*", id="identifiers are a set"),
        pytest.param([("AWS", ["a", "c", "b"])], {"AWS": ["c", "b", "a"]}, id="descending"),
        pytest.param([("AWS", [])], {"AWS": []}, id="no identifiers"),
        pytest.param([("AWS", ["&{aws:x}"])], {"AWS": "${aws:x}"}, id="variable"),
        pytest.param([], None, id="none"),
        # provider docs: Assume-Role Policy with Multiple Principals
        pytest.param(
            [
                ("Service", ["firehose.amazonaws.com"]),
                ("AWS", ["arn:aws:iam::111111111111:role/r"]),
                ("Federated", ["arn:aws:iam::111111111111:saml-provider/p", "cognito-identity.amazonaws.com"]),
            ],
            {
                "AWS": "arn:aws:iam::111111111111:role/r",
                "Federated": ["cognito-identity.amazonaws.com", "arn:aws:iam::111111111111:saml-provider/p"],
                "Service": "firehose.amazonaws.com",
            },
            id="several types",
        ),
    ],
)
@pytest.mark.parametrize("name", ["principals", "notPrincipals"])
def test_principals(name: str, principals: list[tuple[str, list[str]]], expected: object) -> None:
    given_principals = [{"type": kind, "identifiers": ids} for kind, ids in principals]
    statement = json.loads(document({name: given_principals}))["Statement"][0]
    element = {"principals": "Principal", "notPrincipals": "NotPrincipal"}[name]
    assert statement.get(element) == expected
    if isinstance(expected, dict):
        assert list(statement[element]) == sorted(expected)


def test_condition_keys_of_one_test_are_joined() -> None:
    # provider docs: Multiple Condition Keys
    conditions = [
        {"test": "ForAnyValue:StringEquals", "variable": "kms:EncryptionContext:service", "values": ["pi"]},
        {"test": "ForAnyValue:StringEquals", "variable": "kms:EncryptionContext:aws:pi:service", "values": ["rds"]},
    ]
    statement = {"actions": ["kms:Decrypt", "kms:GenerateDataKey"], "resources": ["*"], "conditions": conditions}
    assert document(statement) == pretty(
        {
            "Effect": "Allow",
            "Action": ["kms:GenerateDataKey", "kms:Decrypt"],
            "Resource": "*",
            "Condition": {
                "ForAnyValue:StringEquals": {
                    "kms:EncryptionContext:aws:pi:service": "rds",
                    "kms:EncryptionContext:service": "pi",
                }
            },
        }
    )


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        pytest.param([("T", "v", ["b", "a", "b"])], {"T": {"v": ["b", "a", "b"]}}, id="values keep order and repeats"),
        pytest.param([("T", "v", [])], {"T": {"v": []}}, id="no values"),
        pytest.param([("T", "v", [True, 3600.0, 0.5])], {"T": {"v": ["true", "3600", "0.5"]}}, id="scalars"),
        pytest.param([("T", "v", ["a"]), ("T", "v", ["a"])], {"T": {"v": "a"}}, id="blocks are a set"),
        pytest.param([("U", "v", ["a"]), ("T", "w", ["&{x}"])], {"T": {"w": "${x}"}, "U": {"v": "a"}}, id="tests"),
    ],
)
def test_conditions(conditions: list[tuple[str, str, list[object]]], expected: object) -> None:
    blocks = [{"test": t, "variable": v, "values": values} for t, v, values in conditions]
    assert json.loads(document({"conditions": blocks}))["Statement"][0]["Condition"] == expected


def test_values_of_one_test_and_variable_are_joined() -> None:
    blocks = [{"test": "T", "variable": "v", "values": values} for values in (["a", "b"], ["c"])]
    joined = json.loads(document({"conditions": blocks}))["Statement"][0]["Condition"]["T"]["v"]
    assert joined in (["a", "b", "c"], ["c", "a", "b"])
    assert json.loads(document({"conditions": blocks[::-1]}))["Statement"][0]["Condition"]["T"]["v"] == joined


SOURCE = document(allow("ec2:*"), allow("s3:*", "SidToOverride"))
NARROW = {"resources": ["arn:aws:s3:::somebucket", "arn:aws:s3:::somebucket/*"]}
NARROW_PRINTED = ["arn:aws:s3:::somebucket/*", "arn:aws:s3:::somebucket"]
# provider test: sourceList; provider docs: the merging examples
POLICY_A = document({"sid": "", "actions": ["foo:ActionOne"]}, {"sid": "overrideSid", "actions": ["bar:ActionOne"]})
POLICY_B = document({"sid": "validSid", "effect": "Deny", "actions": ["foo:ActionTwo"]})
POLICY_C = document({"sid": "overrideSid", "effect": "Deny", "actions": ["bar:ActionOne"]})


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        pytest.param(
            {
                "sourcePolicyDocuments": [SOURCE],
                "statements": [{"sid": "SidToOverride", "actions": ["s3:*"], **NARROW}],
            },
            pretty(printed("ec2:*"), printed("s3:*", sid="SidToOverride", resource=NARROW_PRINTED)),
            id="provider docs: a statement replaces one of the source document",
        ),
        pytest.param(
            {
                "overridePolicyDocuments": [document(allow("s3:*", "SidToOverride"))],
                "statements": [allow("ec2:*"), {"sid": "SidToOverride", "actions": ["s3:*"], **NARROW}],
            },
            pretty(printed("ec2:*"), printed("s3:*", sid="SidToOverride")),
            id="provider docs: the override document replaces a statement",
        ),
        pytest.param(
            {
                "sourcePolicyDocuments": [document(allow("ec2:DescribeAccountAttributes", "OverridePlaceholder"))],
                "overridePolicyDocuments": [document(allow("s3:GetObject", "OverridePlaceholder"))],
            },
            pretty(printed("s3:GetObject", sid="OverridePlaceholder")),
            id="provider docs: both source and override documents",
        ),
        pytest.param(
            {
                "sourcePolicyDocuments": [
                    document(allow("ec2:*"), allow("s3:*", "UniqueSidOne")),
                    document(allow("iam:*", "UniqueSidTwo"), allow("lambda:*")),
                ]
            },
            pretty(
                printed("ec2:*"),
                printed("s3:*", sid="UniqueSidOne"),
                printed("iam:*", sid="UniqueSidTwo"),
                printed("lambda:*"),
            ),
            id="provider docs: merging source documents",
        ),
        pytest.param(
            {
                "overridePolicyDocuments": [
                    document(allow("s3:*", "OverridePlaceHolderOne")),
                    document(allow("ec2:*"), allow("iam:*", "OverridePlaceHolderTwo")),
                    document(allow("logs:*", "OverridePlaceHolderOne", effect="Deny")),
                ],
                "statements": [allow("*", "OverridePlaceHolderTwo", effect="Deny")],
            },
            pretty(
                printed("iam:*", sid="OverridePlaceHolderTwo"),
                printed("logs:*", "Deny", sid="OverridePlaceHolderOne"),
                printed("ec2:*"),
            ),
            id="provider docs: merging override documents",
        ),
        pytest.param(
            {"overridePolicyDocuments": [POLICY_A, POLICY_B, POLICY_C]},
            pretty(
                {"Effect": "Allow", "Action": "foo:ActionOne"},
                {"Sid": "overrideSid", "Effect": "Deny", "Action": "bar:ActionOne"},
                {"Sid": "validSid", "Effect": "Deny", "Action": "foo:ActionTwo"},
            ),
            id="provider test: overrideList",
        ),
        pytest.param(
            {"statements": [allow("a:A", ""), allow("a:B", "")]},
            pretty(printed("a:A"), printed("a:B")),
            id="provider test: duplicate blank Sid",
        ),
        pytest.param(
            {"version": "2008-10-17", "statements": [allow("ec2:*")]},
            pretty(printed("ec2:*"), version="2008-10-17"),
            id="provider test: version 2008-10-17",
        ),
        pytest.param(
            {"version": "2008-10-17", "overridePolicyDocuments": [document(allow("ec2:*"))]},
            pretty(printed("ec2:*")),
            id="a document raises the version",
        ),
        pytest.param({}, '{\n  "Version": "2012-10-17"\n}', id="nothing at all"),
        pytest.param(
            {"sourcePolicyDocuments": [None, "null", "{}"], "statements": None},
            '{\n  "Version": "2012-10-17"\n}',
            id="empty documents",
        ),
    ],
)
def test_merging(args: Args, expected: str) -> None:
    assert text_of(args) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param({"Action": ["b", "a", "b"]}, {"Action": ["b", "a", "b"]}, id="lists stay as they are"),
        pytest.param({"action": "a", "SID": "s"}, {"Sid": "s", "Action": "a"}, id="names in any case"),
        pytest.param({"Effect": "allow", "Sid": "a b"}, {"Sid": "a b", "Effect": "allow"}, id="not validated"),
        pytest.param({"Comment": "c", "Action": None}, {}, id="unknown and null elements are dropped"),
        pytest.param({"Resource": "&{x}"}, {"Resource": "&{x}"}, id="variables are not replaced"),
        pytest.param({"Principal": "*"}, {"Principal": "*"}, id="bare wildcard principal"),
        pytest.param({"Principal": {"*": ["*"]}}, {"Principal": "*"}, id="wildcard principal in an object"),
        pytest.param(
            {"Principal": {"S": ["a", "b"], "A": ["x"]}}, {"Principal": {"A": ["x"], "S": ["b", "a"]}}, id="principals"
        ),
        pytest.param({"Condition": {"B": {"k": True}}}, {"Condition": {"B": {"k": "true"}}}, id="boolean condition"),
        pytest.param({"Condition": {"S": {"k": ["x"]}}}, {"Condition": {"S": {"k": "x"}}}, id="single condition value"),
        pytest.param({"Condition": {"N": {"k": 3600}}}, {}, id="number condition is lost, as in the provider"),
    ],
)
def test_source_statements(source: Args, expected: Args) -> None:
    assert text_of({"sourcePolicyDocuments": [json.dumps({"Statement": [source]})]}) == pretty(expected)


def test_text_is_escaped_as_by_go() -> None:
    statement = {"actions": ["<&{a}>"], "resources": ['é\u2028"\\\n\b\x01/\x7f\ud800']}
    assert '"Action": "\\u003c\\u0026{a}\\u003e"' in document(statement)
    assert '"Resource": "é\\u2028\\"\\\\\\n\\b\\u0001/\x7f\ufffd"' in document(statement)


def test_resources_are_sorted_before_variables_are_replaced() -> None:
    # "%" sorts between "$" and "&", so the two orders differ.
    assert json.loads(document({"resources": ["%", "&{x}"]}))["Statement"][0]["Resource"] == ["${x}", "%"]


def old(**statement: Any) -> Args:
    return {"version": "2008-10-17", "statements": [statement]}


def source(statement: object) -> Args:
    return {"sourcePolicyDocuments": [json.dumps({"Statement": [statement]})]}


SOME_PRINCIPAL = [{"type": "AWS", "identifiers": ["&{aws:username}"]}]
SOME_CONDITION = [{"test": "StringLike", "variable": "s3:prefix", "values": ["home/", "home/&{aws:username}/"]}]


@pytest.mark.parametrize(
    ("args", "message"),
    [
        # provider tests: duplicateSid, sourceListConflicting, version20081017
        pytest.param({"statements": [allow("a", "1"), allow("b", "1")]}, "repeats the Sid", id="Sid twice"),
        pytest.param({"sourcePolicyDocuments": [POLICY_A, POLICY_B, POLICY_C]}, "repeats the Sid", id="Sid in sources"),
        pytest.param(old(conditions=SOME_CONDITION), "conditions.values holds &{", id="old condition"),
        pytest.param(old(principals=SOME_PRINCIPAL), "principals.identifiers holds &{", id="old principal"),
        pytest.param(old(notPrincipals=SOME_PRINCIPAL), "not_principals.identifiers holds", id="old not principal"),
        pytest.param(old(resources=["&{x}"]), "statements[0].resources holds &{", id="old resource"),
        pytest.param(old(notResources=["a", "&{x}"]), "not_resources holds &{", id="old not resource"),
        pytest.param({"version": "2012"}, "version must be", id="version"),
        pytest.param({"statements": [{"effect": "allow"}]}, "statements[0].effect must be", id="effect case"),
        pytest.param({"statements": [{"sid": "a b"}]}, "statements[0].sid", id="Sid with a blank"),
        pytest.param({"sourceJson": "{}"}, "use source_policy_documents", id="sourceJson"),
        pytest.param({"overrideJson": "{}"}, "use override_policy_documents", id="overrideJson"),
        pytest.param({"statements": [{"principals": [{"type": "AWS"}]}]}, "identifiers is required", id="identifiers"),
        pytest.param({"statements": [{"conditions": [{"test": "T", "values": []}]}]}, "variable is", id="variable"),
        pytest.param({"statements": {}}, "statements must be a list", id="statements object"),
        pytest.param({"statements": [None]}, "statements[0] must be an object", id="null statement"),
        pytest.param({"statements": [{"actions": "s3:*"}]}, "actions must be a list", id="actions text"),
        pytest.param({"statements": [{"actions": [None]}]}, "actions[0] must be text", id="null action"),
        pytest.param({"statements": [{"actions": [10**400]}]}, "actions[0] must be text", id="huge number"),
        pytest.param({"statements": [{"actions": [float("nan")]}]}, "actions[0] must be text", id="not a number"),
        pytest.param({"statements": [{"actions": [object()]}]}, "actions[0] must be text", id="object"),
        pytest.param({"statements": [{"principals": {"AWS": "*"}}]}, "principals must be a list", id="IAM principal"),
        pytest.param({"sourcePolicyDocuments": "{}"}, "source_policy_documents must be a list", id="documents text"),
        pytest.param({"sourcePolicyDocuments": [{}]}, "source_policy_documents[0] must be text", id="document object"),
        pytest.param({"overridePolicyDocuments": [""]}, "[0] is not valid JSON", id="empty text"),
        pytest.param({"overridePolicyDocuments": ["NaN"]}, "[0] is not valid JSON", id="NaN"),
        pytest.param({"overridePolicyDocuments": ["[" * 200_000]}, "[0] is not valid JSON", id="deep"),
        pytest.param({"overridePolicyDocuments": ["[]"]}, "[0] must be an object", id="list document"),
        pytest.param({"overridePolicyDocuments": ['{"Statement": {}}']}, "Statement must be a list", id="one object"),
        pytest.param({"overridePolicyDocuments": ['{"Version": 1}']}, "Version must be text", id="version number"),
        pytest.param(source(None), "must be an object", id="source null statement"),
        pytest.param(source({"Action": [1]}), "Action must be text or a list", id="source action"),
        pytest.param(source({"Principal": None}), "Principal must be", id="source null principal"),
        pytest.param(source({"Principal": {"AWS": 1}}), "identifiers must be", id="source identifiers"),
        pytest.param(source({"Condition": []}), "Condition must be", id="source condition"),
        pytest.param(source({"Condition": {"T": {"k": [1]}}}), "must hold texts only", id="source condition values"),
    ],
)
def test_refused(args: Args, message: str) -> None:
    with pytest.raises(PolicyDocumentError) as refusal:
        render(args)
    assert message in str(refusal.value)


def test_arguments_that_are_no_object_are_refused() -> None:
    with pytest.raises(PolicyDocumentError):
        render([])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        pytest.param({"Statement": []}, [("Statement", "statements")], id="Statement"),
        pytest.param({"Version": "x", "Id": "x"}, [("Version", "version"), ("Id", "policy_id")], id="Version and Id"),
        pytest.param(
            {"source_policy_document": []}, [("source_policy_document", "source_policy_documents")], id="singular"
        ),
        pytest.param({"qqq": 1}, [("qqq", None)], id="like nothing"),
        pytest.param({"q" * 10**6: 1}, [("q" * 64, None)], id="long name is cut"),
        *(
            pytest.param({"statements": [{}, {wrong: 1}]}, [(f"statements[1].{wrong}", right)], id=wrong)
            for wrong, right in {
                "Effect": "effect",
                "Sid": "sid",
                "Action": "actions",
                "actionss": "actions",
                "NotAction": "not_actions",
                "not_action": "not_actions",
                "Resource": "resources",
                "NotResource": "not_resources",
                "Principal": "principals",
                "NotPrincipal": "not_principals",
                "Condition": "conditions",
            }.items()
        ),
    ],
)
def test_unknown_arguments(args: Args, expected: list[tuple[str, str | None]]) -> None:
    _, problems = as_meant(args)
    assert problems == [Problem(path, path.rpartition(".")[2], suggestion) for path, suggestion in expected]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        pytest.param(
            {"statements": [{"Effect": "Deny", "Action": "s3:*", "Resource": ["a"]}]},
            {"statements": [{"effect": "Deny", "actions": ["s3:*"], "resources": ["a"]}]},
            id="elements of the policy language",
        ),
        pytest.param(
            {"statements": [{"actions": ["s3:*"], "Principal": {"AWS": ["a", "b"], "Service": "c"}}]},
            {
                "statements": [
                    {
                        "actions": ["s3:*"],
                        "principals": [
                            {"type": "AWS", "identifiers": ["a", "b"]},
                            {"type": "Service", "identifiers": ["c"]},
                        ],
                    }
                ]
            },
            id="principals as an object",
        ),
        pytest.param(
            {"statements": [{"actions": ["s3:*"], "Principal": "*"}]},
            {"statements": [{"actions": ["s3:*"], "principals": [{"type": "*", "identifiers": ["*"]}]}]},
            id="principal star",
        ),
        pytest.param(
            {"statements": [{"actions": ["s3:*"], "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}}]},
            {
                "statements": [
                    {
                        "actions": ["s3:*"],
                        "conditions": [{"test": "StringEquals", "variable": "aws:PrincipalOrgID", "values": ["o-1"]}],
                    }
                ]
            },
            id="condition as an object",
        ),
        pytest.param(
            {"Statement": {"Action": "s3:*"}},
            {"statements": [{"actions": ["s3:*"]}]},
            id="one statement, both misspelt",
        ),
        pytest.param(
            {"statements": [{"effect": "Deny", "Effect": "Allow", "actions": ["s3:*"]}]},
            {"statements": [{"effect": "Deny", "actions": ["s3:*"]}]},
            id="the right name wins",
        ),
    ],
)
def test_a_misspelt_argument_counts_as_the_one_that_was_meant(written: Args, meant: Args) -> None:
    result, problems = render(written)
    assert problems
    assert result["json"] == render(meant)[0]["json"]


def test_unknown_arguments_in_principals_and_conditions() -> None:
    statement = {
        "notPrincipals": [{"type": "AWS", "identifiers": [], "Identifier": []}],
        "conditions": [{"test": "T", "variable": "v", "values": [], "operator": "T", "Value": "x"}],
    }
    _, problems = render({"statements": [statement]})
    assert problems == [
        Problem("statements[0].not_principals[0].Identifier", "Identifier", "identifiers"),
        Problem("statements[0].conditions[0].operator", "operator", "test"),
        Problem("statements[0].conditions[0].Value", "Value", "values"),
    ]


def test_a_refusal_carries_the_unknown_arguments() -> None:
    with pytest.raises(PolicyDocumentError) as refusal:
        render({"statements": [{"principals": [{"AWS": "*"}]}]})
    assert refusal.value.problems == [Problem("statements[0].principals[0].AWS", "AWS", "type")]


def test_number_of_problems_is_bounded() -> None:
    _, problems = render({f"x{i}": 0 for i in range(10_000)})
    assert len(problems) == 100


TEXT = st.text(max_size=8)
TEXTS = st.lists(TEXT, max_size=3)
PRINCIPALS = st.lists(
    # One block a type: blocks of one type join in hash order, which a second reading sorts.
    st.fixed_dictionaries({"type": st.sampled_from(["AWS", "Service", "*"]), "identifiers": TEXTS}),
    max_size=2,
    unique_by=lambda principal: principal["type"],
)
CONDITIONS = st.lists(st.fixed_dictionaries({"test": TEXT, "variable": TEXT, "values": TEXTS}), max_size=3)
STATEMENTS = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "sid": st.from_regex(r"[a-z0-9]{0,6}", fullmatch=True),
            "effect": st.sampled_from(["Allow", "Deny"]),
            "actions": TEXTS,
            "notActions": TEXTS,
            "resources": TEXTS,
            "notResources": TEXTS,
            "principals": PRINCIPALS,
            "notPrincipals": PRINCIPALS,
            "conditions": CONDITIONS,
        },
    ),
    max_size=4,
    unique_by=lambda statement: statement.get("sid") or object(),
)


@settings(max_examples=100, deadline=None)
@given(STATEMENTS, STATEMENTS)
def test_laws_of_valid_documents(first: list[Args], second: list[Args]) -> None:
    text = text_of({"statements": first, "policyId": "p"})
    assert len(json.loads(text).get("Statement", [])) == len(first)
    assert text_of({"sourcePolicyDocuments": [text]}) == text
    assert json.loads(text) == json.loads(str(render({"statements": first, "policyId": "p"})[0]["minifiedJson"]))

    merged = json.loads(text_of({"statements": first, "overridePolicyDocuments": [document(*second)]}))
    sids = [{s["sid"] for s in part if s.get("sid")} for part in (first, second)]
    assert len(merged.get("Statement", [])) == len(first) + len(second) - len(sids[0] & sids[1])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
ANY_STATEMENT = st.dictionaries(
    st.sampled_from(["actions", "resources", "sid", "effect", "principals", "conditions", "Action"]), JSON, max_size=4
)
ANY_ARGS = st.dictionaries(
    st.sampled_from(["statements", "sourcePolicyDocuments", "overridePolicyDocuments", "policyId", "version", "x"]),
    JSON | st.lists(ANY_STATEMENT, max_size=2) | st.lists(JSON.map(json.dumps), max_size=2),
    max_size=4,
)


@settings(max_examples=100, deadline=None)
@given(ANY_ARGS)
def test_any_arguments_end_in_a_document_or_a_refusal(args: Args) -> None:
    try:
        result, _ = render(args)
    except PolicyDocumentError:
        return
    assert json.loads(str(result["json"])) == json.loads(str(result["minifiedJson"]))
