import { randomBytes } from 'node:crypto';
import { systemClock, type Clock } from '../../asl/clock.ts';
import type { Host } from '../../asl/frame.ts';
import { Timers } from '../../asl/timers.ts';
import { TaskTokens } from '../../asl/tokens.ts';
import type { EmittedEvent } from '../events/event-rules.ts';
import { handleJson, type JsonProtocol } from '../http.ts';
import { ServiceError, type CallService, type Service, type ServiceInput, type ServiceOutput } from '../service.ts';
import { createStateMachine, provisionStateMachine } from './actions/create-state-machine.ts';
import { describeExecution, listExecutions, stopExecution } from './actions/executions.ts';
import { getExecutionHistory } from './actions/get-execution-history.ts';
import { describeMapRun, listMapRuns } from './actions/map-runs.ts';
import { startExecution } from './actions/start-execution.ts';
import { deleteStateMachine, describeStateMachine, listStateMachines } from './actions/state-machines.ts';
import { sendTaskFailure, sendTaskHeartbeat, sendTaskSuccess } from './actions/task-tokens.ts';
import { updateStateMachine } from './actions/update-state-machine.ts';
import { Arns } from './arns.ts';
import type { Action, Context } from './context.ts';
import { Executions } from './executions.ts';
import { callTask } from './integrations/call-task.ts';
import { runMapRun } from './map-run/run.ts';
import { Pace, type StartRate } from './pace.ts';
import { StateMachines } from './state-machines.ts';
import { Store } from './store.ts';

export interface StepFunctionsOptions {
  /** Folder for executions, so that they resume after a crash. Without it they exist in memory only. */
  readonly dataDir?: string | undefined;
  /** Calls the other local services. */
  readonly call: CallService;
  /** Interrupted executions resume when this resolves: when the services that they call are available. */
  readonly ready?: Promise<unknown>;
  readonly account: string;
  readonly region: string;
  /** Receives the events of executions that have ended. @default nobody */
  readonly emit?: ((event: EmittedEvent) => void) | undefined;
  /** Time and timers: the system clock, or a manual clock in tests. */
  readonly clock?: Clock;
  /** Random numbers from 0 (inclusive) to 1 (exclusive), for jitter and `$random()`. */
  readonly random?: () => number;
  /**
   * Start rate of Standard children of Distributed Maps.
   * @default 100 per second after a burst of 100; AWS publishes no figure, and users report about 100 per second
   */
  readonly childStartRate?: StartRate;
}

const DEFAULT_START_RATE: StartRate = { perSecond: 100, burst: 100 };

/** AWS keeps ended executions for 90 days. */
const RETENTION_MS = 90 * 24 * 3600 * 1000;

const ACTIONS: Readonly<Record<string, Action>> = {
  CreateStateMachine: createStateMachine,
  DeleteStateMachine: deleteStateMachine,
  DescribeExecution: describeExecution,
  DescribeMapRun: describeMapRun,
  DescribeStateMachine: describeStateMachine,
  GetExecutionHistory: getExecutionHistory,
  ListExecutions: listExecutions,
  ListMapRuns: listMapRuns,
  ListStateMachines: listStateMachines,
  SendTaskFailure: sendTaskFailure,
  SendTaskHeartbeat: sendTaskHeartbeat,
  SendTaskSuccess: sendTaskSuccess,
  StartExecution: startExecution,
  StopExecution: stopExecution,
  UpdateStateMachine: updateStateMachine,
};

/** In-process, `CreateStateMachine` updates an existing machine, as provisioning a template requires. */
const IN_PROCESS: typeof ACTIONS = { ...ACTIONS, CreateStateMachine: provisionStateMachine };

/** The local Step Functions, and what other parts of the cloud ask it. */
export interface StepFunctions extends Service {
  /** The ARN of the state machine of a task token; undefined for one that was not issued here. */
  machineOf(token: string): string | undefined;
}

/** The local Step Functions. SPECIFICATION.md lists what it supports. */
export function createStepFunctions(options: StepFunctionsOptions): StepFunctions {
  const { context, close } = open(options);

  async function run(actions: typeof ACTIONS, action: string, input: ServiceInput): Promise<ServiceOutput> {
    const operation = Object.hasOwn(actions, action) ? actions[action] : undefined;
    if (operation === undefined) {
      throw new ServiceError(
        'UnknownOperationException',
        `The local Step Functions does not support the action ${action}.`,
      );
    }
    return operation(context, input);
  }

  const protocol: JsonProtocol = {
    version: '1.0',
    // A definition of 1 MiB with every character escaped in JSON.
    bodyLimit: 8 * 1024 * 1024,
    errorType: (code) => `com.amazonaws.swf.service.v2.model#${code}`,
    run: (action, input) => run(ACTIONS, action, input),
  };

  return {
    name: 'states',
    invoke: (action, input) => run(IN_PROCESS, action, input),
    handle: (request, response, caller, authorize) => handleJson(protocol, request, response, caller, authorize),
    machineOf: (token) => context.tokens.machineOf(token),
    close,
  };
}

/** Opens the store and resumes the executions that were running when it was last used. */
function open(options: StepFunctionsOptions): { readonly context: Context; readonly close: () => Promise<void> } {
  const { call, region, account, clock = systemClock, random = Math.random } = options;
  const store = new Store(options.dataDir);
  const timers = new Timers(clock);
  const tokens = new TaskTokens(tokenKey(store), clock);
  const arns = new Arns(region, account);
  const pace = new Pace(options.childStartRate ?? DEFAULT_START_RATE, () => clock.now());
  const machines = new StateMachines(store, { now: () => clock.now(), random });
  const host: Host = {
    clock,
    timers,
    tokens,
    region,
    random,
    callTask: (task) => callTask(call, executions, task),
    runMap: (state, frame) => runMapRun(services, state, frame),
  };
  const executions: Executions = new Executions(store, machines, host, options.emit);
  const services = { store, executions, call, arns, pace, now: () => clock.now() };
  executions.deleteBefore(clock.now() - RETENTION_MS);
  executions.restore();
  let closed = false;
  void Promise.resolve(options.ready).then(() => {
    if (!closed) executions.resumeAll();
  });
  const close = async (): Promise<void> => {
    closed = true;
    timers.stop();
    store.close();
  };
  return { context: { store, machines, executions, tokens, arns, clock }, close };
}

/** Returns the key that signs task tokens. It is stored, because tokens outlive a restart. */
function tokenKey(store: Store): Buffer {
  const stored = store.get<{ readonly value: Uint8Array }>("SELECT value FROM meta WHERE name = 'token-key'");
  if (stored !== undefined) return Buffer.from(stored.value);
  const key = randomBytes(32);
  store.write("INSERT INTO meta VALUES ('token-key', ?)", [key]);
  return key;
}
