import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  SFNClient,
  StartExecutionCommand,
  type DescribeExecutionCommandOutput,
  type HistoryEvent,
} from '@aws-sdk/client-sfn';
import { onTestFinished } from 'vitest';
import type { Caller, CallService, ServiceInput, ServiceOutput } from '../src/services/service.ts';
import { createStepFunctions, type StepFunctionsOptions } from '../src/services/stepfunctions/service.ts';
import { serve } from './serve.ts';

export const ROLE = 'arn:aws:iam::000000000000:role/machine';

/** One call of a state machine to another service. */
export interface Call {
  readonly service: string;
  readonly action: string;
  readonly input: ServiceInput;
  readonly caller: Caller;
}

type Handler = (input: ServiceInput) => ServiceOutput | Promise<ServiceOutput>;

/** Stand-ins for the other services, keyed by `service:Action`, with the calls they received. */
export class Fakes {
  readonly calls: Call[] = [];
  readonly #handlers: Record<string, Handler>;
  #watchers: { readonly count: number; readonly resolve: () => void }[] = [];

  constructor(handlers: Record<string, Handler> = {}) {
    this.#handlers = handlers;
  }

  readonly call: CallService = async (service, action, input, caller) => {
    this.calls.push({ service, action, input, caller });
    for (const watcher of this.#watchers) if (this.calls.length >= watcher.count) watcher.resolve();
    const handler = this.#handlers[`${service}:${action}`];
    if (handler === undefined) throw new Error(`no stand-in for ${service}:${action}`);
    return handler(input);
  };

  /** Resolves when `count` calls have been made. */
  reached(count: number): Promise<void> {
    if (this.calls.length >= count) return Promise.resolve();
    return new Promise((resolve) => this.#watchers.push({ count, resolve }));
  }

  /** The task token in the body of the message of call number `index`. */
  token(index: number): string {
    const body = JSON.parse(String(this.calls[index]?.input['MessageBody'])) as { readonly token: string };
    return body.token;
  }
}

/** An SQS stand-in that accepts every message. */
export const queue: Record<string, Handler> = {
  'sqs:SendMessage': () => ({ MessageId: 'm-1', MD5OfMessageBody: 'x' }),
};

export interface StepFunctions {
  readonly service: ReturnType<typeof createStepFunctions>;
  readonly client: SFNClient;
  readonly create: (name: string, definition: object) => Promise<string>;
  readonly start: (machine: string, input?: unknown, name?: string) => Promise<string>;
  readonly describe: (executionArn: string) => Promise<DescribeExecutionCommandOutput>;
  /** Polls until the execution has ended. */
  readonly ended: (executionArn: string) => Promise<DescribeExecutionCommandOutput>;
  /** Creates and starts a state machine and waits until its execution ends. */
  readonly run: (definition: object, input?: unknown) => Promise<DescribeExecutionCommandOutput>;
  readonly history: (executionArn: string) => Promise<HistoryEvent[]>;
  readonly close: () => Promise<void>;
}

/** Starts a Step Functions service on a free port, with a client. Closes it when the test ends. */
export async function startStepFunctions(options: Partial<StepFunctionsOptions> = {}): Promise<StepFunctions> {
  const fakes = new Fakes();
  const created = await serve(() =>
    createStepFunctions({ account: '000000000000', region: 'us-east-1', call: fakes.call, ...options }),
  );
  const client = new SFNClient(created.client);
  let closed: Promise<void> | undefined;
  const close = () => (closed ??= created.close());
  onTestFinished(close);

  async function create(name: string, definition: object): Promise<string> {
    const text = JSON.stringify({ QueryLanguage: 'JSONata', ...definition });
    const answer = await client.send(new CreateStateMachineCommand({ name, definition: text, roleArn: ROLE }));
    return answer.stateMachineArn ?? '';
  }
  async function start(machine: string, input: unknown = {}, name?: string): Promise<string> {
    const command = new StartExecutionCommand({ stateMachineArn: machine, input: JSON.stringify(input), name });
    return (await client.send(command)).executionArn ?? '';
  }
  const describe = (executionArn: string) => client.send(new DescribeExecutionCommand({ executionArn }));
  async function ended(executionArn: string): Promise<DescribeExecutionCommandOutput> {
    for (;;) {
      const answer = await describe(executionArn);
      if (answer.status !== 'RUNNING') return answer;
    }
  }
  return {
    service: created.service,
    client,
    create,
    start,
    describe,
    ended,
    close,
    run: async (definition, input) => ended(await start(await create(`m${(machines += 1)}`, definition), input)),
    history: async (executionArn) => {
      const answer = await client.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }));
      return answer.events ?? [];
    },
  };
}

let machines = 0;
