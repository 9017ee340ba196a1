import { readFileSync } from 'node:fs';
import { SendTaskFailureCommand, SendTaskSuccessCommand } from '@aws-sdk/client-sfn';
import { FailureError } from '#core/failures/failure.ts';
import type { TaskOutcome } from '#core/ports/notifier.ts';
import type { Artifacts } from '#core/ports/artifacts.ts';
import { beginPipeline, type StageToBegin } from '#core/runs/begin-pipeline.ts';
import type { Run } from '#core/runs/run.ts';
import { workMessageSchema, type ItemMessage } from '#core/tasks/work-message.ts';
import { ServiceError, type ServiceInput, type ServiceOutput } from '@agent-fleet/local-cloud';
import { Fakes, startStepFunctions } from '@agent-fleet/local-cloud/testing/stepfunctions';
import { manualClock } from '../support/fakes/manual-clock.ts';

export const PIPELINE = readFileSync('state-machines/pipeline.asl.json', 'utf8');

const arn = (name: string): string => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;

/** Two stages, a barrier, and one stage after it. The second stage ends halfway. */
const SUBSTITUTIONS: Readonly<Record<string, string>> = {
  Bucket: 'bucket',
  BeginArn: arn('begin'),
  JoinArn: arn('join'),
  AggregatorArn: arn('aggregate'),
  Agents: '50',
  Stages:
    "[{'n': 0, 'part': 0, 'agent': 'a', 'queue': 'http://sqs/a', 'usd': 1, 'by': 1}, {'n': 1, 'part': 0, 'agent': 'b', 'queue': 'http://sqs/b', 'usd': 2, 'by': 0.5}, {'n': 2, 'part': 1, 'agent': 'c', 'queue': 'http://sqs/c', 'usd': 1, 'by': 1}]",
};

/** The placeholders that CloudFormation substitutes. */
export const placeholders = (): readonly string[] =>
  [...new Set([...PIPELINE.matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => name))].toSorted();

export const substituted = Object.keys(SUBSTITUTIONS).toSorted();

const definition = (): object =>
  JSON.parse(PIPELINE.replaceAll(/\$\{(\w+)\}/g, (_, name: string) => SUBSTITUTIONS[name] ?? '')) as object;

export interface World {
  /** The items of the run. */
  readonly items: readonly object[];
  /** Text in their place. */
  readonly text?: string;
  /** What is put in their place when the run has begun. @default nothing */
  readonly replacedBy?: readonly object[];
  /** What the barrier writes. @default no items */
  readonly joined?: readonly object[];
  readonly cancelled?: boolean;
  readonly onRegistered?: (run: Run) => void;
  /** The first calls of the function that begins the run fail with this error. */
  readonly beginFails?: { readonly times: number; readonly errorType: string };
  /** Another run has the name. */
  readonly taken?: boolean;
  /** The end of a key that is deleted once the items are copied. */
  readonly lost?: string;
  readonly deadlineSeconds?: number;
  readonly answer?: (message: ItemMessage, queue: string) => TaskOutcome | Promise<TaskOutcome>;
}

export const succeed = ({ item }: ItemMessage, queue: string): TaskOutcome => ({
  id: `${item.id}/end`,
  taskId: `${queue.at(-1)} of ${item.id}`,
  status: 'succeeded',
});

interface Ended {
  readonly run: { readonly id: string };
  readonly maps: readonly { readonly items: unknown; readonly results: { readonly Key: string } | null }[];
  readonly problem: { readonly error: string; readonly cause: string } | null;
}

/** Runs the state machine with fakes. Retries do not wait, because the jitter is always zero. */
export async function runPipeline(world: World, input: object = {}) {
  const objects = new Map([['items.jsonl', world.text ?? lines(world.items)]]);
  const messages: { readonly message: ItemMessage; readonly queue: string }[] = [];
  const ended: Ended[] = [];
  let begins = 0;
  const functions: Record<string, (payload: never) => unknown> = {
    begin: async (payload: BeginPayload) => {
      const begun = await begin(world, objects, payload);
      for (const key of objects.keys()) if (world.lost && key.endsWith(world.lost)) objects.delete(key);
      if (world.replacedBy) objects.set('items.jsonl', lines(world.replacedBy));
      return begun;
    },
    join: () => {
      objects.set('joined.jsonl', lines(world.joined ?? []));
      return { items: { key: 'joined.jsonl' } };
    },
    aggregate: (payload: Ended) => {
      ended.push(payload);
      return { rows: payload.maps.length };
    },
  };
  const fakes: Fakes = new Fakes({
    ...bucketOf(objects),
    'sqs:SendMessage': ({ QueueUrl, MessageBody }) => {
      const message = workMessageSchema.parse(JSON.parse(String(MessageBody)));
      if (message.type !== 'item') throw new Error('The state machine must send item messages only.');
      const queue = String(QueueUrl);
      messages.push({ message, queue });
      const answer = (world.answer ?? succeed)(message, queue);
      void Promise.resolve(answer).then((outcome) => reply(message.taskToken, outcome));
      return { MessageId: 'm', MD5OfMessageBody: 'x' };
    },
    'lambda:Invoke': async ({ FunctionName, Payload }) => {
      const call = functions[String(FunctionName).split(':').at(-1) ?? ''];
      const { times = 0, errorType = '' } = world.beginFails ?? {};
      if (call === functions['begin'] && begins++ < times)
        return { StatusCode: 200, FunctionError: 'Unhandled', Payload: Buffer.from(JSON.stringify({ errorType })) };
      const result = await call?.(JSON.parse(String(Payload)) as never);
      return { StatusCode: 200, Payload: Buffer.from(JSON.stringify(result)) };
    },
  });
  const states = await startStepFunctions({ call: fakes.call, random: () => 0 });
  const reply = (taskToken: string, outcome: TaskOutcome) =>
    outcome.status === 'succeeded'
      ? states.client.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(outcome) }))
      : states.client.send(
          new SendTaskFailureCommand({ taskToken, error: `Task.${outcome.status}`, cause: JSON.stringify(outcome) }),
        );
  const machine = await states.create('pipeline', definition());
  const execution = await states.ended(
    await states.start(machine, { items: { key: 'items.jsonl' }, ...input }, 'night-1'),
  );
  const rows = (map: number): unknown[] => rowsOf(objects, ended.at(-1)?.maps[map]?.results?.Key);
  return { execution, messages, objects, ended: ended.at(-1), rows, begins };
}

export const lines = (items: readonly object[]): string => items.map((item) => JSON.stringify(item)).join('\n');

function rowsOf(objects: ReadonlyMap<string, string>, manifestKey = ''): unknown[] {
  const manifest = JSON.parse(objects.get(manifestKey) ?? '{"ResultFiles":{}}') as {
    ResultFiles: Record<string, { Key: string }[]>;
  };
  const files = Object.values(manifest.ResultFiles).flat();
  const children = files.flatMap(({ Key }) => JSON.parse(objects.get(Key) ?? '[]') as { Output: string }[]);
  if (children.some((c) => c.Output === undefined)) throw new Error(JSON.stringify(children));
  return children.flatMap(({ Output }) => JSON.parse(Output) as unknown[]);
}

interface BeginPayload {
  readonly runId: string;
  readonly execution: string;
  readonly startedAt: string;
  readonly input: unknown;
  readonly part: number;
  readonly items: { readonly key: string };
  readonly stages: readonly StageToBegin[];
}

/** The function that begins a run, over the world's objects. */
function begin(world: World, objects: Map<string, string>, payload: BeginPayload) {
  const { part, items, startedAt, ...beginning } = payload;
  const artifacts: Pick<Artifacts, 'get' | 'create'> = {
    async get({ key }) {
      const text = objects.get(key);
      if (text !== undefined) return Buffer.from(text);
      throw new FailureError({ kind: 'permanent', reason: `There is no object ${key}.` });
    },
    async create({ key }, text) {
      if (objects.has(key)) return false;
      objects.set(key, String(text));
      return true;
    },
  };
  const known = (run: Run): Run => (world.cancelled === true ? { ...run, cancelledAt: 1 } : run);
  const other = { id: 'night-1', tenant: 'default', createdAt: 0, size: 1, digest: 'x', execution: 'another' };
  const runs = {
    create: async (run: Run) => {
      world.onRegistered?.(run);
      return { created: true, run: known(run) };
    },
    get: async () => (world.taken === true ? other : null),
  };
  const settings = {
    workflow: 'companies',
    tenant: 'default',
    bucket: 'bucket',
    deadline: world.deadlineSeconds ?? 3_600,
    usd: [1, 2, 1],
  };
  return beginPipeline({ runs, artifacts, clock: manualClock(0) }, settings, {
    ...beginning,
    startedAt: Date.parse(startedAt),
    ...(part > 0 && { joined: items }),
  });
}

type Handler = (input: ServiceInput) => ServiceOutput | Promise<ServiceOutput>;

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
