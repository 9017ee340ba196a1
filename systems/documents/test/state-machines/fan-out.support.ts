import { readFileSync } from 'node:fs';
import { SendTaskFailureCommand, SendTaskSuccessCommand } from '@aws-sdk/client-sfn';
import type { TaskOutcome } from '#core/ports/notifier.ts';
import { beginRun } from '#core/runs/begin-run.ts';
import type { Run } from '#core/runs/run.ts';
import type { Artifacts } from '#core/ports/artifacts.ts';
import type { TaskStore } from '#core/ports/task-store.ts';
import { MANIFEST, manifestKey } from '#core/uploads/upload.ts';
import { inMemoryTaskStore } from '#test/support/fakes/in-memory-task-store.ts';
import { manualClock } from '#test/support/fakes/manual-clock.ts';
import { workMessageSchema } from '#core/tasks/work-message.ts';
import type { ObjectMessage } from '#core/tasks/work-message.ts';
import { ServiceError, type ServiceInput, type ServiceOutput } from '@agent-fleet/local-cloud';
import { Fakes, startStepFunctions } from '@agent-fleet/local-cloud/testing/stepfunctions';

export const FAN_OUT = readFileSync('state-machines/fan-out.asl.json', 'utf8');

const SUBSTITUTIONS: Readonly<Record<string, string>> = {
  Bucket: 'bucket',
  QueueUrl: 'http://sqs/default',
  TopicArn: 'arn:aws:sns:us-east-1:000000000000:reports',
  BeginArn: 'arn:aws:lambda:us-east-1:000000000000:function:begin',
  AggregatorArn: 'arn:aws:lambda:us-east-1:000000000000:function:aggregate',
  Agents: '50',
  Tenant: 'default',
  TaskTimeoutSeconds: '23400',
};

/** The placeholders that CloudFormation substitutes. */
export const placeholders = (): readonly string[] =>
  [...new Set([...FAN_OUT.matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => name))].toSorted();

export const definition = (): object =>
  JSON.parse(FAN_OUT.replaceAll(/\$\{(\w+)\}/g, (_, name: string) => SUBSTITUTIONS[name] ?? '')) as object;

type Handler = (input: ServiceInput) => ServiceOutput | Promise<ServiceOutput>;

export interface World {
  /** Objects by key. */
  readonly objects: Map<string, string>;
  /** Whether the run was cancelled before it begins. @default false */
  readonly cancelled?: boolean;
  /** Objects that are put after the manifest, before the run lists the upload. @default none */
  readonly put?: readonly (readonly [key: string, body: string])[];
  /** Objects that are put after the run has listed the upload, before its map begins. @default none */
  readonly afterwards?: readonly (readonly [key: string, body: string])[];
  /** Returns the outcome of a task. @default success */
  readonly answer?: (message: ObjectMessage) => TaskOutcome | Promise<TaskOutcome>;
  /** Tasks of earlier runs. @default none */
  readonly store?: Pick<TaskStore, 'finishedInRun'>;
  /** Fakes that replace the default ones, by `service:Action`. */
  readonly handlers?: Readonly<Record<string, Handler>>;
}

export const succeed = ({ object }: ObjectMessage): TaskOutcome => ({
  id: `${object.key}/end`,
  taskId: `task of ${object.key}`,
  status: 'succeeded',
});

export const TOTALS = {
  documents: 2,
  succeeded: 2,
  failed: 0,
  usd: 1_234.5,
  reports: { html: 'runs/run/report.html' },
};

/** Runs the state machine with fakes. Retries do not wait, because the jitter is always zero. */
export async function runFanOut(world: World, input: object = { uploadId: 'u', retry: 0 }) {
  const messages: ObjectMessage[] = [];
  const fakes: Fakes = new Fakes({
    ...bucketOf(world.objects),
    'sqs:SendMessage': ({ MessageBody }) => {
      const message = workMessageSchema.parse(JSON.parse(String(MessageBody)));
      if (message.type !== 'object') throw new Error('The state machine must send object messages only.');
      messages.push(message);
      void Promise.resolve((world.answer ?? succeed)(message)).then((outcome) => reply(message.taskToken, outcome));
      return { MessageId: 'm', MD5OfMessageBody: 'x' };
    },
    'sns:Publish': () => ({ MessageId: 'm' }),
    ...world.handlers,
    'lambda:Invoke': (call) =>
      isBegin(call) ? begin(world, call) : (world.handlers?.['lambda:Invoke'] ?? total)(call),
  });
  const states = await startStepFunctions({ call: fakes.call, random: () => 0 });
  const reply = (taskToken: string, outcome: TaskOutcome) =>
    outcome.status === 'succeeded'
      ? states.client.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(outcome) }))
      : states.client.send(
          new SendTaskFailureCommand({ taskToken, error: `Task.${outcome.status}`, cause: JSON.stringify(outcome) }),
        );
  const machine = await states.create('fan-out', definition());
  const execution = await states.ended(await states.start(machine, input, 'run'));
  const calls = (service: string, action: string) =>
    fakes.calls
      .filter((call) => call.service === service && call.action === action && !isBegin(call.input))
      .map((call) => call.input);
  return { execution, messages, calls, objects: world.objects };
}

const answered = (value: unknown): ServiceOutput => ({ StatusCode: 200, Payload: Buffer.from(JSON.stringify(value)) });
const total = (): ServiceOutput => answered(TOTALS);

const isBegin = ({ FunctionName }: ServiceInput): boolean => FunctionName === SUBSTITUTIONS['BeginArn'];

/** The function that begins a run, over the world's objects. */
async function begin(
  { objects, cancelled = false, put = [], afterwards = [], store = inMemoryTaskStore() }: World,
  { Payload }: ServiceInput,
): Promise<ServiceOutput> {
  const input = JSON.parse(String(Payload)) as { runId: string; uploadId: string; retry: number; execution: string };
  const text = objects.get(manifestKey(input.uploadId));
  const manifests = { read: async () => (text === undefined ? null : { text, etag: 'etag' }) };
  const artifacts = artifactsOf(objects, new Set(put.map(([key]) => key)));
  for (const [key, body] of put) objects.set(key, body);
  const create = async (run: Run) => ({ created: true, run: cancelled ? { ...run, cancelledAt: 1 } : run });
  const runs = { create, get: async () => null, mark: async () => null, async *list() {} };
  const begun = await beginRun(
    { runs, store, manifests, artifacts, bucket: 'bucket', clock: manualClock(0) },
    { ...input, tenant: 'default' },
  );
  for (const [key, body] of afterwards) objects.set(key, body);
  return answered(begun);
}

/** The function's view of the bucket. Objects of `late` were written after the manifest. */
function artifactsOf(objects: Map<string, string>, late: ReadonlySet<string>): Pick<Artifacts, 'list' | 'put'> {
  return {
    async put({ key }, bytes) {
      objects.set(key, String(bytes));
    },
    async *list(_bucket, prefix) {
      for (const [key, body] of objects) {
        const modifiedAt = late.has(key) ? 2_000 : 1_000;
        const etag = key.endsWith(`/${MANIFEST}`) ? 'etag' : 'abc';
        if (key.startsWith(prefix)) yield { key, size: body.length, etag, modifiedAt };
      }
    },
  };
}

function bucketOf(objects: Map<string, string>): Record<string, Handler> {
  return {
    's3:GetObject': ({ Key }) => {
      const body = objects.get(String(Key));
      if (body === undefined) throw new ServiceError('NoSuchKey', 'The specified key does not exist.', 404);
      return { Body: Buffer.from(body) };
    },
    's3:PutObject': ({ Key, Body }) => {
      objects.set(String(Key), Buffer.from(Body as Uint8Array).toString());
      return {};
    },
  };
}

/** Returns the objects of the upload `u`: the files and the upload manifest. */
export const upload = (files: readonly string[], manifest: string | null = '{}'): Map<string, string> =>
  new Map([
    ...files.map((file): [string, string] => [`uploads/u/${file}`, `content of ${file}`]),
    ...(manifest === null ? [] : [['uploads/u/_manifest.json', manifest] as const]),
  ]);
