import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { LIMITS } from '../../../asl/limits.ts';
import { checkName } from '../arns.ts';
import { read, seconds, type Action } from '../context.ts';
import { executionExists, invalidInput, machineDeleting } from '../errors.ts';

const input = z.strictObject({
  stateMachineArn: z.string(),
  name: z.string().optional(),
  input: z.string().default('{}'),
  traceHeader: z.string().optional(),
});

/**
 * Starts an execution. If an execution with the same name and input is running, returns that one. Any other repeated
 * name is rejected.
 */
export const startExecution: Action = async ({ machines, executions, arns, store }, request) => {
  const params = read(input, request);
  const machine = machines.get(params.stateMachineArn);
  if (machine.status === 'DELETING') throw machineDeleting(machine.arn);
  checkInput(params.input);
  const name = checkName(params.name ?? randomUUID());
  const arn = arns.execution(machine.name, name);
  const existing = params.name === undefined ? undefined : executions.find(arn);
  if (existing !== undefined && (existing.status !== 'RUNNING' || existing.input !== params.input)) {
    throw executionExists(arn);
  }
  const { flow, timeoutSeconds } = machines.machine(machine.revision);
  const { revision, role_arn } = machine;
  const start = { arn, name, machine: machine.arn, revision, role_arn, input: params.input };
  const { startedAt } =
    existing === undefined ? executions.start(start, flow, timeoutSeconds) : { startedAt: existing.started };
  await store.commit();
  return { executionArn: arn, startDate: seconds(startedAt) };
};

function checkInput(text: string): void {
  if (Buffer.byteLength(text) > LIMITS.payloadBytes) throw invalidInput('Input is larger than 262144 bytes');
  // Any JSON value is a valid input.
  try {
    JSON.parse(text);
  } catch (error) {
    throw invalidInput(String(error));
  }
}
