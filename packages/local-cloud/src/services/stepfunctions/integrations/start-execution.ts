import { createHash } from 'node:crypto';
import { ERRORS, StateError } from '../../../asl/errors.ts';
import type { TaskCall } from '../../../asl/task-call.ts';
import { isObject, type Json } from '../../../asl/json.ts';
import { asServiceError } from '../../http.ts';
import type { Caller, CallService } from '../../service.ts';
import { nameOf } from '../arns.ts';
import type { Executions } from '../executions.ts';
import type { ExecutionRow } from '../records.ts';
import { callFailure } from './errors.ts';
import { asJson, recase, withText } from './json.ts';
import type { Pattern } from './resource.ts';

/** `states:startExecution`: returns immediately, or with the ended execution for `.sync` and `.sync:2`. */
export async function startExecution(
  call: CallService,
  executions: Executions,
  task: TaskCall,
  pattern: Pattern,
  caller: Caller,
): Promise<Json> {
  const input = isObject(task.arguments) ? task.arguments : {};
  // The default name comes from the call's id, so that repeating the call after a crash starts no second execution.
  const named = { Name: createHash('sha256').update(task.id).digest('hex').slice(0, 36), ...input };
  const started = await start(call, recase(withText(named, 'Input'), 'toLowerCase'), caller);
  if (!pattern.startsWith('sync')) return asJson(recase(started, 'toUpperCase'));
  const arn = String(started['executionArn']);
  const unlisten = task.cancellation.listen(() => executions.open(arn)?.end({ status: 'ABORTED' }));
  await executions.ended(arn);
  unlisten();
  return result(executions.get(arn), pattern);
}

async function start(call: CallService, input: Readonly<Record<string, unknown>>, caller: Caller) {
  try {
    return await call('states', 'StartExecution', input, caller);
  } catch (error) {
    throw callFailure(asServiceError(error), 'StepFunctions', 'AWSStepFunctionsException');
  }
}

function result(row: ExecutionRow, pattern: Pattern): Json {
  // `.sync:2` returns input and output as JSON, `.sync` as text.
  const read = (text: string): Json => (pattern === 'sync:2' ? (JSON.parse(text) as Json) : text);
  const described = {
    ...(row.cause === null ? {} : { Cause: row.cause }),
    ...(row.error === null ? {} : { Error: row.error }),
    ExecutionArn: row.arn,
    Input: read(row.input),
    InputDetails: { Included: true },
    Name: nameOf(row.arn),
    ...(row.output === null ? {} : { Output: read(row.output), OutputDetails: { Included: true } }),
    StartDate: row.started,
    StateMachineArn: row.machine,
    Status: row.status,
    StopDate: row.stopped ?? row.started,
  };
  if (row.status === 'SUCCEEDED') return described;
  throw new StateError(ERRORS.taskFailed, JSON.stringify(described));
}
