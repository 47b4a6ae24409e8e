"""Actions that do no more than make something new.

AWS gives it its id, or the caller a name that nobody has yet, so that a policy cannot name it beforehand, and on
whatever resource they are allowed they change nothing that is there. AWS calls them `Write` like those that do.
"""

from __future__ import annotations

import re
from typing import Final

_CREATING: Final = re.compile(
    r"[\w-]+:Create(?!Or[A-Z])[A-Z]\w*"
    r"|[\w-]+:Register\w*(?:Definition|Image|Type)"
    r"|(?:ec2|elasticache|memorydb|rds|redshift):Copy\w+"
    r"|ec2:(?:AllocateAddress|AllocateHosts|RequestSpotFleet|RequestSpotInstances)"
    r"|servicequotas:RequestServiceQuotaIncrease|sms-voice:RequestPhoneNumber"
)
# What these make is a way into something that is there, or a part of it, and so a change to it.
_OF_WHAT_IS_THERE: Final = re.compile(
    r"[\w-]+:\w*(?:"
    # Sign-ins, and whoever may use them.
    r"Token\w*|Url|URL|AccessKey|ApiKey|LoginSession|UserProfile|User|Users|Admin|Moderator|IdentityProvider"
    r"|Members?|Membership|Entitlement|ResourcePolicy|ResourcePolicyStatement|FunctionUrlConfig|SessionMapping"
    # Entries of tables that decide where traffic goes, and copies of traffic and data.
    r"|Routes?|Entry|(?:Routing|Firewall|Filter|Gateway|MailFlow|Access|Analysis|Approval|Proxy)Rules?|Listeners"
    r"|LoadBalancerPolicy|StickinessPolicy|Association|TrafficMirrorSession|ExportTask"
    # New content, and what replaces content that is served.
    r"|Commit|Invalidation|InvalidationForDistributionTenant|Partition|ReplaceRootVolumeTask"
    r"|DelegateMacVolumeOwnershipTask|SystemIntegrityProtectionModificationTask|ThemeForStack"
    r")"
    r"|(?:elasticloadbalancing|vpc-lattice):CreateRule|elasticloadbalancing:CreateListener|ses:CreateReceiptRule"
    r"|route53:CreateTrafficPolicyInstance|transfer:CreateAccess|elasticfilesystem:CreateReplicationConfiguration"
    # What keeps findings from being seen.
    r"|guardduty:Create(?:Filter|IPSet)|securityhub:CreateAutomationRule|macie2:CreateFindingsFilter"
    r"|(?:amplify|codedeploy|greengrass|lightsail|m2|opsworks):\w+Deployment"
)


def only_creates(name: str) -> bool:
    """Whether an action, in AWS's own case, makes something new and changes nothing that is there."""
    return _CREATING.fullmatch(name) is not None and _OF_WHAT_IS_THERE.fullmatch(name) is None
