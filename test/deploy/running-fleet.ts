import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import type { TaskView } from '#client/types.ts';
import { assistant } from '#systems/assistant/agents/assistant.ts';
import { accessApi, clientOf } from './api-access.ts';
import type { Cloud } from './cloud.ts';
import { checkUpdated, type Context } from './deployment.ts';
import { need } from './document.ts';
import type { Deployed } from './judges/ministack-judge.ts';
import { CommandError } from './process.ts';
import { nameOfResource } from './stack-resources.ts';
import { endsOf, statusesOf, Traffic } from './traffic.ts';
import { until } from './until.ts';

/** Unfinished turns, at most, of the session that goes on while the fleet is rolled back. */
const TURNS = 24;
/** A parked task is checked again after 30 seconds, and at the latest after two and a half minutes. */
const PATIENCE_SECONDS = 240;

/**
 * Deploys the next release while tasks are submitted and run: other code, other variables and the next version of an
 * agent. Every accepted task must end well, by one model call.
 */
export async function updateRunningFleet(context: Context, cloud: Cloud, before: Deployed): Promise<Deployed> {
  const { findings, signal } = context;
  const SecretId = need(before.outputs, 'ModelSecret');
  await before.clients.secrets.send(new PutSecretValueCommand({ SecretId, SecretString: 'simulated' }));
  const client = clientOf(await accessApi(before, 'running'));
  const traffic = new Traffic(client, signal);
  const after = await checkUpdated(context, cloud, before);
  const ids = await traffic.stop();
  const [last] = [await client.submit({ agent: assistant.name, instruction: 'What is 6 times 7?' })];
  const tasks = await endsOf(client, [...ids, last.id], PATIENCE_SECONDS, signal);
  const versions = new Set(tasks.map(({ agentVersion }) => agentVersion));
  findings.expect(
    'update over a running fleet',
    tasks.every(({ status }) => status === 'succeeded') && versions.size === 2,
    `${tasks.length} tasks submitted meanwhile: ${statusesOf(tasks)}; versions ${[...versions].join(' and ')}`,
  );
  expectNoRepeatedCall(context, [...ids, last.id]);
  return after;
}

/**
 * Returns to the release before in the middle of a session, then deploys the next one again. Tasks of the version that
 * the old workers do not know must wait for it, and end well when it is back.
 */
export async function rollBack(context: Context, cloud: Cloud, deployed: Deployed): Promise<void> {
  const { findings, signal, cdk, assemblies } = context;
  const client = clientOf(await accessApi(deployed, 'rollback'));
  // Workers return to the release before earlier than the API does. The turns that the API accepts in between must wait.
  const session = new Traffic(client, signal, { sessionId: 'rollback', maxUnfinished: TURNS });
  await until('the session to begin', 60, signal, async () => (await session.hasBegun()) || undefined);
  const traffic = new Traffic(client, signal);
  await cdk.deploy(assemblies.asIs, cloud);
  const beside = await traffic.stop();
  const talk = await session.stop();
  const waiting = await until('a task of the newer version to wait', 120, signal, async () => {
    const tasks: TaskView[] = [];
    for (const id of talk) tasks.push(await client.get(id));
    const waits = tasks.some(({ status, waitsFor }) => status === 'parked' && waitsFor?.detail === 'agent-version');
    return waits || tasks.every(({ finishedAt }) => finishedAt !== undefined) ? tasks : undefined;
  });
  const ids = [...talk, ...beside];
  findings.expect(
    'rollback',
    waiting.some(({ waitsFor }) => waitsFor?.detail === 'agent-version') &&
      waiting.every(({ status }) => status !== 'failed'),
    `${talk.length} turns of a session: ${statusesOf(waiting)}`,
  );
  await cdk.deploy(assemblies.changed, cloud);
  const tasks = await endsOf(client, ids, PATIENCE_SECONDS, signal);
  findings.expect(
    'forward again',
    tasks.every(({ status }) => status === 'succeeded'),
    `${tasks.length} tasks from before, during and after the rollback: ${statusesOf(tasks)}`,
  );
  expectNoRepeatedCall(context, ids);
}

/** From the simulated Claude's ledger. */
function expectNoRepeatedCall({ findings, folder }: Context, ids: readonly string[]): void {
  const lines = readFileSync(join(folder, 'claude-ledger.jsonl'), 'utf8').trim().split('\n');
  const steps = lines
    .map((line) => (JSON.parse(line) as { stepId: string | null }).stepId ?? '')
    .filter((step) => ids.includes(step.slice(0, step.lastIndexOf('/'))));
  const repeated = steps.length - new Set(steps).size;
  findings.expect(
    'model calls',
    repeated === 0 && steps.length >= ids.length,
    `${steps.length} for ${ids.length} tasks, ${repeated} repeated`,
  );
}

/** Every function's live version must name the new table. MiniStack permits what CloudFormation refuses. */
async function expectAllFollow({ findings }: Context, { clients, resources, outputs }: Deployed): Promise<void> {
  const functions = resources.filter(({ ResourceType }) => ResourceType === 'AWS::Lambda::Function');
  const old = need(outputs, 'StateTable');
  const stale: string[] = [];
  for (const each of functions) {
    const live = { FunctionName: each.PhysicalResourceId, Qualifier: 'live' };
    const { Environment } = await clients.lambda.send(new GetFunctionConfigurationCommand(live));
    if (Object.values(Environment?.Variables ?? {}).includes(old)) stale.push(nameOfResource(each));
  }
  const detail = `not refused by MiniStack; ${functions.length - stale.length} of ${functions.length} functions left the old table`;
  findings.expect('replaced table', stale.length === 0, stale.length === 0 ? detail : `${detail}: ${stale.join(', ')}`);
}

/**
 * Tries to replace the state table. Either CloudFormation refuses, since other stacks import it, and the fleet works on;
 * or every function follows.
 */
export async function replaceTable(context: Context, cloud: Cloud, deployed: Deployed): Promise<void> {
  const { findings, cdk, assemblies, signal } = context;
  const refusal = await cdk.deploy(assemblies.replaced, cloud).then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof CommandError) return error.output;
      throw error;
    },
  );
  if (refusal === undefined) return expectAllFollow(context, deployed);
  const imported = /export .* (?:in use|used) by/i.exec(refusal)?.[0];
  findings.expect('replaced table', imported !== undefined, `refused: ${imported ?? refusal.trim().slice(-300)}`);
  const client = clientOf(await accessApi(deployed, 'replaced'));
  const { id } = await client.submit({ agent: assistant.name, instruction: 'What is 8 times 8?' });
  const tasks = await endsOf(client, [id], 60, signal);
  findings.expect('fleet after the refusal', tasks[0]?.status === 'succeeded', statusesOf(tasks));
}
