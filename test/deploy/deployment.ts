import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import {
  GetAliasCommand,
  GetFunctionConfigurationCommand,
  ListEventSourceMappingsCommand,
  ListFunctionsCommand,
} from '@aws-sdk/client-lambda';
import { ListStateMachinesCommand } from '@aws-sdk/client-sfn';
import { ListQueuesCommand } from '@aws-sdk/client-sqs';
import { readAssembly } from '@agent-fleet/local-cloud';
import type { SimulatedClaude } from '@agent-fleet/simulated-claude';
import { changedPermissions } from '#lib/diff/access-of-template.ts';
import { cloudFormation, deployedTemplates, stacksOf } from '#lib/diff/deployed-templates.ts';
import { lostData } from '#lib/diff/lost-data.ts';
import { readTemplates } from '#lib/diff/read-templates.ts';
import type { Cdk } from './cdk.ts';
import { clientsFor } from './clients.ts';
import type { Clients } from './clients.ts';
import { need } from './document.ts';
import type { Findings } from './findings.ts';
import type { Deployed } from './judges/ministack-judge.ts';
import { has } from './needs.ts';
import type { Cloud } from './cloud.ts';
import { nameOfResource, resourcesOf, type DeployedResource } from './stack-resources.ts';

const PREFIX = 'fleet-dev';
/** The second deployment changes the worker's variables, and with them its version and alias, and its mapping. */
export const CHANGED_AGENTS = 20;

export interface Assemblies {
  readonly asIs: string;
  /** The next release: other variables, and the next version of the assistant. */
  readonly changed: string;
  /** The next release with another state table. */
  readonly replaced: string;
}

export interface Context {
  readonly findings: Findings;
  readonly signal: AbortSignal;
  readonly folder: string;
  readonly programs: string;
  readonly cdk: Cdk;
  readonly claude: SimulatedClaude;
  readonly assemblies: Assemblies;
}

/** Deploys the first assembly and checks that all its resources exist. */
export async function firstDeployment(context: Context, cloud: Cloud): Promise<Deployed> {
  const { assemblies, findings } = context;
  const deployed = await deploy(context, cloud, assemblies.asIs);
  const { stacks } = readAssembly(assemblies.asIs);
  const { resources } = deployed;
  const complete = new Set(
    resources.filter(({ ResourceStatus }) => ResourceStatus.endsWith('_COMPLETE')).map(nameOfResource),
  );
  const expected = stacks.flatMap(({ name, template }) =>
    Object.keys(template.Resources ?? {}).map((id) => `${name}/${id}`),
  );
  const missing = expected.filter((id) => !complete.has(id));
  const types = new Set(resources.map(({ ResourceType }) => ResourceType)).size;
  const whole = `all ${expected.length} resources of ${stacks.length} templates exist, of ${types} types`;
  const detail = missing.length === 0 ? whole : `missing: ${missing.join(', ')}`;
  findings.expect('stacks as synthesized', missing.length === 0 && stacks.length > 0, detail);
  await compareWithDeployed(context, deployed);
  return deployed;
}

/** `check:diff` finds nothing between an assembly and its deployed stacks, and the changes of the next one. */
async function compareWithDeployed({ assemblies, findings }: Context, { clients }: Deployed): Promise<void> {
  const read = cloudFormation(() => clients.cloudformation);
  const before = await deployedTemplates(stacksOf(assemblies.asIs), read);
  const same = [...readTemplates(assemblies.asIs)].flatMap(([stack, template]) => [
    ...changedPermissions(stack, before.get(stack), template).widened,
    ...lostData(stack, before.get(stack) ?? template, template),
  ]);
  const lost = [...before].flatMap(([stack, template]) =>
    lostData(stack, template, readTemplates(assemblies.replaced).get(stack)),
  );
  findings.expect(
    'check:diff',
    before.size > 0 && same.length === 0 && lost.length > 0,
    `${same.length} findings for the ${before.size} deployed stacks; with another table: ${lost.join('; ')}`,
  );
}

async function allResources(clients: Clients, assembly: string): Promise<readonly DeployedResource[]> {
  const names = readAssembly(assembly).stacks.map(({ name }) => name);
  return resourcesOf(clients, names);
}

export async function deploy({ cdk }: Context, cloud: Cloud, assembly: string): Promise<Deployed> {
  const outputs = await cdk.deploy(assembly, cloud);
  const clients = clientsFor(cloud);
  return {
    cloud,
    clients,
    // Outputs with the same name have the same value.
    outputs: { ...outputs[`${PREFIX}-platform`], ...outputs[`${PREFIX}-documents`] },
    api: outputs[`${PREFIX}-api`] ?? {},
    resources: await allResources(clients, assembly),
  };
}

/** Deploys a change and checks that it reaches the running resources. */
export async function checkUpdated(context: Context, cloud: Cloud, before: Deployed): Promise<Deployed> {
  const { findings, claude, assemblies } = context;
  const versionBefore = await liveVersion(before.clients, workerOf(before));
  const deployed = await deploy(context, cloud, assemblies.changed);
  const { clients } = deployed;
  const FunctionName = workerOf(deployed);
  const version = await liveVersion(clients, FunctionName);
  findings.expect('alias', version !== versionBefore, `live: version ${versionBefore} → ${version}`);
  const live = new GetFunctionConfigurationCommand({ FunctionName, Qualifier: 'live' });
  const baseUrl = (await clients.lambda.send(live)).Environment?.Variables?.['ANTHROPIC_BASE_URL'];
  findings.expect('worker’s variables', baseUrl === claude.url, `the alias’s version has the base URL ${baseUrl}`);
  if (!has('documents', 'mappings', findings)) return deployed;
  const mapping = new ListEventSourceMappingsCommand({ FunctionName: `${FunctionName}:live` });
  const { EventSourceMappings: mappings = [] } = await clients.lambda.send(mapping);
  const concurrency = mappings
    .map(({ ScalingConfig }) => ScalingConfig?.MaximumConcurrency ?? 0)
    .toSorted((a, b) => a - b);
  // With five documents per worker, 20 agents are 4 workers. Each mapping gets at least 2.
  const detail = `maximum concurrency ${concurrency.join(', ')} for ${CHANGED_AGENTS} agents`;
  findings.expect(
    'mappings',
    concurrency.includes(CHANGED_AGENTS / 5) && concurrency.every((each) => each <= 4),
    detail,
  );
  return deployed;
}

/** The worker of documents, or of the assistant in a fleet without documents. */
function workerOf({ outputs, resources }: Deployed): string {
  const assistants = resources.find(({ LogicalResourceId }) => LogicalResourceId.startsWith('AssistantWorkerFunction'));
  return outputs['WorkerFunction'] ?? assistants?.PhysicalResourceId ?? need(outputs, 'WorkerFunction');
}

async function liveVersion({ lambda }: Clients, FunctionName: string): Promise<string | undefined> {
  return (await lambda.send(new GetAliasCommand({ FunctionName, Name: 'live' }))).FunctionVersion;
}

export async function destroy({ cdk, assemblies, findings }: Context, { cloud, clients }: Deployed): Promise<void> {
  await cdk.destroy(assemblies.changed, cloud);
  const [functions, machines, queues, tables] = await Promise.all([
    clients.lambda.send(new ListFunctionsCommand({})),
    clients.sfn.send(new ListStateMachinesCommand({})),
    clients.sqs.send(new ListQueuesCommand({})),
    clients.dynamodb.send(new ListTablesCommand({})),
  ]);
  const left = [
    ...(functions.Functions ?? []).map(({ FunctionName = '' }) => FunctionName),
    ...(machines.stateMachines ?? []).map(({ name = '' }) => name),
    ...(queues.QueueUrls ?? []),
    ...(tables.TableNames ?? []),
  ].filter((name) => name.includes(PREFIX));
  const detail =
    left.length === 0 ? 'no function, queue, table or state machine of the stacks is left' : left.join(', ');
  findings.expect('stacks are gone', left.length === 0, detail);
}
