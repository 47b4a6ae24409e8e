// Reads cases as JSON lines, writes the simulator's verdicts as JSON lines. The one argument is the folder that
// holds node_modules.
import { createInterface } from 'node:readline'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const load = createRequire(join(process.argv[2], 'package.json'))
const { runSimulation, anonymousPrincipal } = load('@cloud-copilot/iam-simulate')

const named = (policies) => (policies ?? []).map((policy, index) => ({ name: `p${index}`, policy }))
const levels = (groups) =>
  (groups ?? []).map((policies, index) => ({ orgIdentifier: `level${index}`, policies: named(policies) }))

async function answer({ policies, request }) {
  const result = await runSimulation(
    {
      request: {
        principal: request.principal === 'anonymous' ? anonymousPrincipal : request.principal,
        action: request.action,
        resource: { resource: request.resource, accountId: request.account },
        contextVariables: request.context,
      },
      identityPolicies: named(policies.identity),
      resourcePolicy: policies.resource,
      permissionBoundaryPolicies: policies.boundary && named(policies.boundary),
      sessionPolicy: policies.session,
      serviceControlPolicies: levels(policies.service_control),
      resourceControlPolicies: levels(policies.resource_control),
    },
    {},
  )
  if (result.resultType === 'error') return { verdict: 'Rejected', why: JSON.stringify(result.errors), ignored: [] }
  const one = result.resultType === 'single' ? result.result : result.results[0]
  return { verdict: result.overallResult, why: '', ignored: one?.ignoredContextKeys ?? [] }
}

for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await answer(JSON.parse(line))))
}
