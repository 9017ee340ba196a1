import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalCloud } from '../src/cloud.ts';
import type { CloudEvent, LocalCloud, LocalCloudOptions } from '../src/cloud.ts';

type Json = Readonly<Record<string, unknown>>;

/** A template and the code of its functions, from which a cloud assembly like CDK's is written. */
export interface Fixture {
  readonly resources: Json;
  readonly outputs?: Json;
  readonly rest?: Json;
  /** Policy statements of the role `FixtureRole`, which all functions use. */
  readonly grants?: readonly Json[];
  /** Code by function name: the text of `index.mjs`, or of `index.cjs` if it exports as CommonJS does. Its asset key is `<name>.zip`. */
  readonly code?: Readonly<Record<string, string>>;
}

/** The access key of the machine's own user in fixtures, for SDK clients. */
export const CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' };

/** Writes an assembly with one stack, by default `Fixture` of no region. Returns its folder. */
export function writeAssembly(
  root: string,
  { resources, outputs = {}, rest = {}, grants = [], code = {} }: Fixture,
  { stack = 'Fixture', region = 'unknown-region' }: { readonly stack?: string; readonly region?: string } = {},
): string {
  const directory = join(root, 'cdk.out');
  mkdirSync(directory, { recursive: true });
  const files: Record<string, unknown> = {};
  for (const [name, text] of Object.entries(code)) {
    mkdirSync(join(directory, `asset.${name}`), { recursive: true });
    writeFileSync(join(directory, `asset.${name}`, text.startsWith('exports.') ? 'index.cjs' : 'index.mjs'), text);
    files[name] = {
      source: { path: `asset.${name}`, packaging: 'zip' },
      destinations: { local: { bucketName: 'assets', objectKey: `${name}.zip` } },
    };
  }
  const artifacts = {
    [`${stack}.assets`]: { type: 'cdk:asset-manifest', properties: { file: 'Fixture.assets.json' } },
    [stack]: {
      type: 'aws:cloudformation:stack',
      environment: `aws://unknown-account/${region}`,
      properties: { templateFile: 'Fixture.template.json' },
    },
  };
  const template = { Resources: { FixtureRole: roleResource(grants), ...resources }, Outputs: outputs, ...rest };
  writeFileSync(join(directory, 'manifest.json'), JSON.stringify({ version: '48.0.0', artifacts }));
  writeFileSync(join(directory, 'Fixture.assets.json'), JSON.stringify({ version: '48.0.0', files }));
  writeFileSync(join(directory, 'Fixture.template.json'), JSON.stringify(template));
  return directory;
}

/** A role for functions, state machines and schedules with the given policy statements. */
export function roleResource(grants: readonly Json[]): Json {
  const Service = ['lambda.amazonaws.com', 'states.amazonaws.com', 'scheduler.amazonaws.com'];
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: { Statement: [{ Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' }] },
      Policies: [{ PolicyName: 'grants', PolicyDocument: { Statement: grants } }],
    },
  };
}

/** The permissions that an event source mapping needs on the function's role. */
export function pollGrant(queue: string): Json {
  return {
    Effect: 'Allow',
    Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
    Resource: { 'Fn::GetAtt': [queue, 'Arn'] },
  };
}

/** A function resource that runs the code with that name. */
export function functionResource(name: string, properties: Json = {}): Json {
  return {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Role: { 'Fn::GetAtt': ['FixtureRole', 'Arn'] },
      Code: { S3Bucket: 'assets', S3Key: `${name}.zip` },
      FunctionName: name,
      ...properties,
    },
  };
}

/** A running cloud with a fixture and its own data folder. */
export interface FixtureCloud extends LocalCloud, AsyncDisposable {
  readonly outputs: LocalCloud['outputs'];
  readonly dataDir: string;
  /** All events of the cloud so far. */
  readonly events: readonly CloudEvent[];
  /** Resolves with the first past or future event with this code for which `matches` returns true. */
  event<C extends CloudEvent['code']>(
    code: C,
    matches?: (event: Extract<CloudEvent, { code: C }>) => boolean,
  ): Promise<Extract<CloudEvent, { code: C }>>;
}

/** Starts a cloud on a free port. Disposing it closes the cloud and deletes the folder, unless a `root` was given. */
export async function startFixture(
  fixture: Fixture,
  options: Partial<LocalCloudOptions> & { readonly root?: string } = {},
): Promise<FixtureCloud> {
  const root = options.root ?? mkdtempSync(join(tmpdir(), 'fleet-cloud-'));
  const dataDir = join(root, 'data');
  const events: CloudEvent[] = [];
  const waiting = new Set<(event: CloudEvent) => void>();
  const onEvent = (event: CloudEvent): void => {
    events.push(event);
    for (const listener of waiting) listener(event);
  };
  const cloud = await startLocalCloud({
    assembly: writeAssembly(root, fixture),
    dataDir,
    port: 0,
    credentials: CREDENTIALS,
    onEvent,
    ...options,
  });
  const event: FixtureCloud['event'] = (code, matches = () => true) =>
    new Promise((resolve) => {
      const listener = (candidate: CloudEvent): void => {
        const found = candidate as Parameters<typeof matches>[0];
        if (candidate.code !== code || !matches(found)) return;
        waiting.delete(listener);
        resolve(found);
      };
      waiting.add(listener);
      for (const past of events) listener(past);
    });
  return {
    ...cloud,
    dataDir,
    events,
    event,
    [Symbol.asyncDispose]: async () => {
      await cloud.close();
      if (options.root === undefined) rmSync(root, { recursive: true, force: true });
    },
  };
}
