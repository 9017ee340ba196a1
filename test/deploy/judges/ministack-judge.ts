import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import { CreateFunctionCommand, GetFunctionConfigurationCommand, InvokeCommand } from '@aws-sdk/client-lambda';
import { buildSync } from 'esbuild';
import { z } from 'zod';
import type { Clients } from '../clients.ts';
import { need } from '../document.ts';
import type { Cloud } from '../cloud.ts';
import { nameOfResource, type DeployedResource } from '../stack-resources.ts';
import { probeCalls } from './calls.ts';
import type { ProbeCall, Subjects } from './calls.ts';
import { isDenied } from './verdicts.ts';
import type { Verdicts } from './verdicts.ts';

export interface Deployed {
  readonly cloud: Cloud;
  readonly clients: Clients;
  /** Outputs of the documents system and of the platform. */
  readonly outputs: Readonly<Record<string, string>>;
  /** Outputs of the task API's stack. */
  readonly api: Readonly<Record<string, string>>;
  readonly resources: readonly DeployedResource[];
}

/** Judges the calls for every role, including the state machine's and the schedule's, with IAM's policy simulation. */
export async function judgeByPolicies({ clients, outputs, resources }: Deployed): Promise<Verdicts> {
  const calls = probeCalls(subjectsOf(outputs, resources));
  const verdicts = new Map<string, Map<string, boolean>>();
  for (const resource of ofType(resources, 'AWS::IAM::Role')) {
    const role = `arn:aws:iam::000000000000:role/${resource.PhysicalResourceId}`;
    const ofRole = new Map<string, boolean>();
    for (const { label, iam } of calls) ofRole.set(label, await simulate(clients, role, ...iam));
    verdicts.set(nameOfResource(resource), ofRole);
  }
  return verdicts;
}

/** Whether a role's own policies allow an action on a resource. */
async function simulate({ iam }: Clients, PolicySourceArn: string, action: string, resource: string): Promise<boolean> {
  const asked = { PolicySourceArn, ActionNames: [action], ResourceArns: [resource] };
  const { EvaluationResults = [] } = await iam.send(new SimulatePrincipalPolicyCommand(asked));
  return EvaluationResults[0]?.EvalDecision === 'allowed';
}

/** Judges the calls by making them: a probe function makes them under the role of each function. */
export async function judgeByCalls(deployed: Deployed, folder: string, python: string): Promise<Verdicts> {
  const { clients, outputs, resources } = deployed;
  const calls = probeCalls(subjectsOf(outputs, resources));
  const code = zipOfProbe(folder, python);
  const verdicts = new Map<string, Map<string, boolean>>();
  for (const { PhysicalResourceId } of ofType(resources, 'AWS::Lambda::Function')) {
    const configuration = await clients.lambda.send(
      new GetFunctionConfigurationCommand({ FunctionName: PhysicalResourceId }),
    );
    const Role = configuration.Role ?? '';
    const FunctionName = `probe-${verdicts.size}`;
    const probe = { FunctionName, Role, Handler: 'index.handler', Timeout: 60, MemorySize: 512 };
    await clients.lambda.send(new CreateFunctionCommand({ ...probe, Runtime: 'nodejs24.x', Code: { ZipFile: code } }));
    verdicts.set(nameOfRole(resources, Role), await verdictsOf(clients, FunctionName, calls));
  }
  return verdicts;
}

async function verdictsOf(clients: Clients, FunctionName: string, calls: readonly ProbeCall[]) {
  const invoked = await clients.lambda.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify({ calls }) }));
  const text = invoked.Payload?.transformToString() ?? '';
  if (invoked.FunctionError !== undefined) throw new Error(`The probe failed: ${text.slice(0, 1_000)}`);
  const answers = answersSchema.parse(JSON.parse(text));
  return new Map(answers.map((answer) => [answer.label, !isDenied(answer)]));
}

const answersSchema = z.array(z.looseObject({ label: z.string() }));

/** Bundles the probe into a zip file for Lambda. Uses Python, which MiniStack needs anyway, because Node.js has no zip. */
function zipOfProbe(folder: string, python: string): Uint8Array {
  mkdirSync(folder, { recursive: true });
  const outfile = join(folder, 'index.mjs');
  buildSync({
    entryPoints: [join(import.meta.dirname, 'probe.handler.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    banner: { js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);" },
    minify: true,
    logLevel: 'warning',
  });
  const zip = join(folder, 'probe.zip');
  const { status, stderr } = spawnSync(python, ['-m', 'zipfile', '-c', zip, outfile], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`Could not zip the probe: ${stderr}`);
  return readFileSync(zip);
}

function ofType(resources: readonly DeployedResource[], type: string): readonly DeployedResource[] {
  return resources.filter(({ ResourceType }) => ResourceType === type);
}

function nameOfRole(resources: readonly DeployedResource[], roleArn: string): string {
  const role = ofType(resources, 'AWS::IAM::Role').find(({ PhysicalResourceId }) =>
    roleArn.endsWith(`/${PhysicalResourceId}`),
  );
  if (role === undefined) throw new Error(`No stack has the role ${roleArn}.`);
  return nameOfResource(role);
}

function subjectsOf(outputs: Readonly<Record<string, string>>, resources: readonly DeployedResource[]): Subjects {
  const physical = (type: string, prefix: string): string => {
    const found = ofType(resources, type).find(({ LogicalResourceId }) => LogicalResourceId.startsWith(prefix));
    if (found === undefined) throw new Error(`No stack has a ${type} with a logical id that starts with ${prefix}.`);
    return found.PhysicalResourceId;
  };
  return {
    table: need(outputs, 'StateTable'),
    bucket: need(outputs, 'UploadBucket'),
    queues: {
      intake: physical('AWS::SQS::Queue', 'IntakeQueue'),
      high: need(outputs, 'HighQueueUrl'),
      default: need(outputs, 'DefaultQueueUrl'),
      deadLetters: need(outputs, 'DeadLetterQueueUrl'),
    },
    secret: physical('AWS::SecretsManager::Secret', 'Model'),
    machine: need(outputs, 'StateMachineArn'),
    // MiniStack judges the call for every resource.
    taskToken: 'none',
    topic: need(outputs, 'ReportTopicArn'),
    aggregator: `arn:aws:lambda:us-east-1:000000000000:function:${physical('AWS::Lambda::Function', 'FanOutAggregator')}`,
  };
}
