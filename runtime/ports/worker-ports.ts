import { homesHere } from '#adapters/aws/regions.ts';
import { dynamodbEscalationStore } from '#adapters/dynamodb/escalation-store.ts';
import { dynamodbDaySpend } from '#adapters/dynamodb/day-spend.ts';
import { dynamodbGovernorStore } from '#adapters/dynamodb/governor-store.ts';
import { dynamodbLimits } from '#adapters/dynamodb/limits.ts';
import { dynamodbRunStore } from '#adapters/dynamodb/run-store.ts';
import { dynamodbTaskStore } from '#adapters/dynamodb/task-store.ts';
import { dynamodbUsageStore } from '#adapters/dynamodb/usage-store.ts';
import { dynamodbPoolStore } from '#adapters/dynamodb/pool-store.ts';
import { dynamodbPermitStore } from '#adapters/dynamodb/permit-store.ts';
import { dynamodbSessionStore } from '#adapters/dynamodb/session-store.ts';
import { nodeIds } from '#adapters/node/ids.ts';
import { s3Artifacts } from '#adapters/s3/artifacts.ts';
import { s3AuditTrail } from '#adapters/s3/audit-trail.ts';
import { stepFunctionsNotifier } from '#adapters/stepfunctions/notifier.ts';
import { systemClock } from '#adapters/node/clock.ts';
import { limitsInSteps } from '#core/pools/steps.ts';
import { Governor } from '#core/governor/governor.ts';
import type { Agent } from '#core/agents/define-agent.ts';
import type { Sandbox } from '#core/ports/sandbox.ts';
import type { WorkerPorts } from '#core/worker/ports.ts';
import type { RunAgentEnv } from '#functions/run-agent/env.ts';
import { callbackQueue } from './callback-queue.ts';
import { catalogueFrom } from './catalogue.ts';
import { modelOf, noModel } from './model.ts';
import { positionsInSources } from '../observability/source-positions.ts';
import { reportEvent } from '../observability/telemetry.ts';
import { spans } from '../observability/tracing.ts';
import { sessionPolicyOf } from './session-policy.ts';
import { poolQueues } from './task-queue.ts';

/** `lambdaSandbox`. Only handlers that need it pass it, so that other bundles do not include its SDK. */
export type MakeSandbox = (options: { readonly functionName: string }) => Sandbox;

/** The worker's ports on AWS, created once per execution environment. */
export function workerPorts(env: RunAgentEnv, agent: Agent, makeSandbox?: MakeSandbox): WorkerPorts {
  const clock = systemClock();
  const ids = nodeIds();
  const pools = dynamodbPoolStore({ table: env.STATE_TABLE });
  return {
    store: dynamodbTaskStore({ table: env.STATE_TABLE, readsTogether: true }),
    sessions: dynamodbSessionStore({ table: env.STATE_TABLE }),
    sessionPolicy: sessionPolicyOf(env),
    queue: poolQueues(env, agent.name),
    model: needsModel(agent) ? modelOf(env) : noModel(agent.name),
    artifacts: s3Artifacts(),
    notifier: stepFunctionsNotifier(),
    callbacks: callbackQueue(env),
    audit: s3AuditTrail({ bucket: env.AUDIT_BUCKET }),
    clock,
    ids,
    homes: homesHere(),
    inputs: env.INPUT_BUCKET,
    copies:
      env.COPY_BUCKET === undefined ? undefined : { bucket: env.COPY_BUCKET, digest: (bytes) => ids.digest(bytes) },
    report: reportEvent,
    tracer: spans,
    inSources: positionsInSources(import.meta.url),
    catalogue: catalogueFrom(env.MODEL_OVERRIDES),
    escalations: dynamodbEscalationStore({ table: env.STATE_TABLE }),
    pools,
    runs: dynamodbRunStore({ table: env.STATE_TABLE }),
    permits: dynamodbPermitStore({ table: env.STATE_TABLE }),
    governor: new Governor({ store: dynamodbGovernorStore({ table: env.STATE_TABLE }), clock, ids }),
    limits: limitsInSteps(dynamodbLimits({ table: env.STATE_TABLE }), { pools, clock }),
    daySpend: dynamodbDaySpend({ table: env.STATE_TABLE }),
    usage: dynamodbUsageStore({ table: env.STATE_TABLE }),
    sandbox: sandboxOf(env, agent, makeSandbox),
  };
}

const needsModel = (agent: Agent): boolean => [agent, ...agent.earlier].some(({ model }) => model !== 'none');

/** Throws when an untrusted tool has no sandbox, so that it fails at cold start instead of at the tool's first call. */
function sandboxOf(env: RunAgentEnv, agent: Agent, make: MakeSandbox | undefined): Sandbox | undefined {
  const functionName = env.SANDBOX_FUNCTION;
  if (make !== undefined && functionName !== undefined) return make({ functionName });
  const tool = agent.tools.find(({ untrusted }) => untrusted);
  if (tool === undefined) return undefined;
  throw new Error(
    `The tool ${tool.name} of ${agent.name} needs a sandbox. Pass \`sandbox\` to its AgentPool and \`makeSandbox: lambdaSandbox\` to its agentHandler.`,
  );
}
