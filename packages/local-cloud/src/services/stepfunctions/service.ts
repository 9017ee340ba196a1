import { randomBytes } from 'node:crypto';
import { systemClock, type Clock } from '../../asl/clock.ts';
import type { Host } from '../../asl/frame.ts';
import { Timers } from '../../asl/timers.ts';
import { TaskTokens } from '../../asl/tokens.ts';
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
  /** Where executions are kept, so that they go on after a crash; without it they live in memory. */
  readonly dataDir?: string | undefined;
  /** Reaches the other local services. */
  readonly call: CallService;
  /** Executions that a crash interrupted go on once this resolves: when the services they call are there. */
  readonly ready?: Promise<unknown>;
  readonly account: string;
  readonly region: string;
  /** Time and timers; the machine's own unless a test hands in one that it moves by hand. */
  readonly clock?: Clock;
  /** From 0 inclusive to 1 exclusive: jitter and `$random()`. */
  readonly random?: () => number;
  /**
   * How fast Standard children of Distributed Maps start.
   * @default 100 a second after a burst of 100; AWS publishes no figure, users report about 100 a second
   */
  readonly childStartRate?: StartRate;
}

const DEFAULT_START_RATE: StartRate = { perSecond: 100, burst: 100 };

/** AWS keeps ended executions for 90 days. */
const KEPT_MS = 90 * 24 * 3600 * 1000;

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

/** In-process, `CreateStateMachine` brings an existing machine to the given parts, as provisioning a template does. */
const IN_PROCESS: typeof ACTIONS = { ...ACTIONS, CreateStateMachine: provisionStateMachine };

/** Step Functions of the local cloud; see SPECIFICATION.md for what it honours. */
export function createStepFunctions(options: StepFunctionsOptions): Service {
  const { context, close } = open(options);

  async function run(actions: typeof ACTIONS, action: string, input: ServiceInput): Promise<ServiceOutput> {
    const operation = Object.hasOwn(actions, action) ? actions[action] : undefined;
    if (operation === undefined) {
      throw new ServiceError('UnknownOperationException', `The local Step Functions has no action ${action}.`);
    }
    return operation(context, input);
  }

  const protocol: JsonProtocol = {
    version: '1.0',
    // A definition of 1 MiB, all its characters escaped in JSON.
    bodyLimit: 8 * 1024 * 1024,
    errorType: (code) => `com.amazonaws.swf.service.v2.model#${code}`,
    run: (action, input) => run(ACTIONS, action, input),
  };

  return {
    name: 'states',
    invoke: (action, input) => run(IN_PROCESS, action, input),
    handle: (request, response, caller, authorize) => handleJson(protocol, request, response, caller, authorize),
    close,
  };
}

/** Opens the store, and goes on with whatever was running when it was last used. */
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
  const executions: Executions = new Executions(store, machines, host);
  const services = { store, executions, call, arns, pace, now: () => clock.now() };
  executions.forgetBefore(clock.now() - KEPT_MS);
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

/** The key that signs task tokens: kept, since tokens outlive a restart. */
function tokenKey(store: Store): Buffer {
  const kept = store.get<{ readonly value: Uint8Array }>("SELECT value FROM meta WHERE name = 'token-key'");
  if (kept !== undefined) return Buffer.from(kept.value);
  const key = randomBytes(32);
  store.write("INSERT INTO meta VALUES ('token-key', ?)", [key]);
  return key;
}
