import { ArnFormat, Stack } from 'aws-cdk-lib';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { GET_TASK, type GetTaskEnv } from '#functions/get-task/env.ts';
import { OPERATE_FLEET, type OperateFleetEnv } from '#functions/operate-fleet/env.ts';
import { READ_FLEET, WITHOUT_KEY, type ReadFleetEnv } from '#functions/read-fleet/env.ts';
import { LOGGING_FUNCTIONS, READ_TELEMETRY, type ReadTelemetryEnv } from '#functions/read-telemetry/env.ts';
import { SUBMIT_TASK, type SubmitTaskEnv } from '#functions/submit-task/env.ts';
import type { WaitTaskEnv } from '#functions/wait-task/env.ts';
import { explainStar } from '../explain.ts';
import { FleetStack } from '../fleet-stack.ts';
import type { Platform } from '../platform.ts';
import { granting, withBoth, type Wire } from '../wiring.ts';
import { BulkActions } from './bulk-actions.ts';
import { FleetFunction } from './fleet-function.ts';
import { loggingFunctions, readingLogs } from './fleet-logs.ts';
import { readingMonitoring } from './fleet-monitoring.ts';
import { lookingAtPools, sendingToPools } from './pool-queues.ts';
import { showingReports } from './run-reports.ts';
import { arnsElsewhere } from './state-machine.ts';

/** A function behind the API and the routes it serves. */
export interface ApiFunction {
  readonly fn: FleetFunction;
  readonly routes: readonly string[];
  /** Those of its routes that need no key. @default none */
  readonly open?: readonly string[];
}

/** In a fleet of three regions, a request is answered wherever it arrives. */
const REACH = 'everywhere';

/** Seconds. API Gateway waits 29 for an integration. */
const TIME_LIMIT = 29;

/** The functions of the task API, each with the permissions that its routes need. */
export function apiFunctions(scope: Construct, platform: Platform): readonly ApiFunction[] {
  const { state } = platform;
  const [sending, looking] = [sendingToPools(scope, platform, REACH), lookingAtPools(scope, platform)];
  const make = making(scope, platform);
  const { config } = FleetStack.of(scope);
  const operating = {
    STATE_TABLE: state.operating(REACH),
    QUEUE_PREFIX: withBoth(sending, looking),
    BULK_QUEUE_URL: new BulkActions(scope, 'BulkActions', { platform, pools: sending }).sending(),
  };
  const operate = make<OperateFleetEnv>('Operate', 'operate-fleet', 'Operates tasks, runs and pools', operating);
  stopExecutions(operate, platform);
  const wait = makeWait(scope, platform);
  return [
    {
      fn: make<SubmitTaskEnv>('Submit', 'submit-task', 'Accepts tasks', {
        STATE_TABLE: state.submitting(REACH),
        QUEUE_PREFIX: sending,
        SESSION_MINUTES: String(config.sessionMinutes),
        SESSION_TOKENS: String(config.sessionTokens),
        PRIVATE_CALLBACKS: String(config.privateCallbacks),
        INPUT_BUCKET: platform.inputs.uploading(),
        WORKFLOWS: startingPipelines(scope, platform),
      }),
      routes: SUBMIT_TASK,
    },
    {
      fn: make<GetTaskEnv>('Get', 'get-task', 'Reads and waits for tasks', {
        STATE_TABLE: state.readingTasks(REACH),
        WAIT_FUNCTION: granting('lambda:InvokeFunction', wait.live.functionArn, wait.live.functionName),
      }),
      routes: GET_TASK,
    },
    {
      fn: make<ReadFleetEnv>('Read', 'read-fleet', 'Lists tasks, runs, sessions, pools and usage', {
        STATE_TABLE: state.listing(REACH),
        QUEUE_PREFIX: looking,
        REPORTS: showingReports(scope, platform),
      }),
      routes: READ_FLEET,
      open: WITHOUT_KEY,
    },
    telemetry(scope, platform, make),
    { fn: operate, routes: OPERATE_FLEET },
  ];
}

/** Makes functions of the API, which have what the API itself asks of them. */
function making(scope: Construct, { pools }: Platform) {
  const files = { 'agents.json': JSON.stringify(pools.map(({ agent }) => agent)) };
  return <Env extends object>(
    id: string,
    folder: string,
    description: string,
    environment: FunctionEnvironment<Env>,
    beside: Readonly<Record<string, string>> = {},
  ): FleetFunction<Env> =>
    new FleetFunction<Env>(scope, id, {
      entry: `functions/${folder}/handler.ts`,
      service: folder,
      description,
      timeLimit: TIME_LIMIT,
      memory: 1_024,
      files: { ...files, ...beside },
      environment,
    });
}

/** Explains what the fleet does. Of the API, it alone may read logs, traces, metrics, alarms and the audit trail. */
function telemetry(scope: Construct, platform: Platform, make: ReturnType<typeof making>): ApiFunction {
  const environment = {
    STATE_TABLE: platform.state.explaining(REACH),
    LOG_GROUPS: readingLogs(scope),
    SERVICE_PREFIX: readingMonitoring(scope),
    AUDIT_BUCKET: platform.audit.verifying(scope),
  };
  const files = { [LOGGING_FUNCTIONS]: JSON.stringify(loggingFunctions(scope, platform)) };
  const about = 'Reads logs, traces, metrics, alarms and audit entries, and explains tasks';
  const fn = make<ReadTelemetryEnv>('Telemetry', 'read-telemetry', about, environment, files);
  // Explained for each traced function: X-Ray knows no single traces.
  Grant.addToPrincipal({ grantee: fn, actions: ['xray:BatchGetTraces'], resourceArns: ['*'] });
  return { fn, routes: READ_TELEMETRY };
}

/** Cancelling a run stops its execution. Executions have names of their own. */
function stopExecutions(operate: FleetFunction<OperateFleetEnv>, { workflows }: Platform): void {
  const stack = FleetStack.of(operate);
  for (const workflow of workflows) {
    const owner = Stack.of(workflow);
    stack.addStackDependency(owner);
    // Exported explicitly, so that the name of the import is known here and can be explained.
    const stateMachineName = owner.exportValue(workflow.stateMachineName);
    const executions = stack.formatArn({
      service: 'states',
      resource: 'execution',
      resourceName: `${stateMachineName}:*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    const resourceArns = [executions, ...arnsElsewhere(workflow, 'execution', ':*')];
    Grant.addToPrincipal({ grantee: operate, actions: ['states:StopExecution'], resourceArns });
    for (const arn of resourceArns)
      explainStar(operate, arn, 'The name of an execution is the id of its run. The rest of its ARN is fixed.');
  }
}

/** The pipelines as JSON, for the function that starts their runs. */
function startingPipelines(scope: Construct, { pipelines }: Platform): Wire {
  const stack = FleetStack.of(scope);
  const listed = pipelines.map(({ workflow: name, stateMachine, agents }) => {
    const owner = Stack.of(stateMachine);
    stack.addStackDependency(owner);
    const resourceName = owner.exportValue(stateMachine.stateMachineName);
    const arnFormat = ArnFormat.COLON_RESOURCE_NAME;
    const stateMachineArn = stack.formatArn({ service: 'states', resource: 'stateMachine', resourceName, arnFormat });
    return { name, agents, stateMachineArn };
  });
  return {
    value: JSON.stringify(listed),
    grantTo: (grantee) => {
      for (const { stateMachineArn } of listed)
        Grant.addToPrincipal({ grantee, actions: ['states:StartExecution'], resourceArns: [stateMachineArn] });
    },
  };
}

type FunctionEnvironment<Env> = ConstructorParameters<typeof FleetFunction<Env & object>>[2]['environment'];

/** Each waiting client occupies an execution. A function of its own keeps them from using up everybody else's. */
function makeWait(scope: Construct, { state }: Platform): FleetFunction<WaitTaskEnv> {
  const { waitingReads } = FleetStack.of(scope).config;
  return new FleetFunction<WaitTaskEnv>(scope, 'Wait', {
    entry: 'functions/wait-task/handler.ts',
    service: 'wait-task',
    description: 'Waits for the end of tasks',
    timeLimit: TIME_LIMIT,
    memory: 256,
    reservedConcurrency: waitingReads,
    environment: { STATE_TABLE: state.readingTasks(REACH) },
  });
}
