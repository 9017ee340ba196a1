import { z } from 'zod';
import type { TaskOutcome } from '../../../asl/frame-state.ts';
import type { Json } from '../../../asl/json.ts';
import { LIMITS } from '../../../asl/limits.ts';
import type { Delivery } from '../../../asl/tokens.ts';
import { read, type Action, type Context } from '../context.ts';
import { invalidOutput, invalidToken, taskTimedOut } from '../errors.ts';

const taskToken = z.string().min(1).max(2048);

/** Throws AWS's error for a token that is not open; otherwise waits until the result is on disk. */
async function settle({ store }: Context, answer: Delivery) {
  if (answer === 'invalid') throw invalidToken('Invalid token');
  if (answer === 'timed-out') throw taskTimedOut();
  await store.commit();
  return {};
}

const success = z.strictObject({ taskToken, output: z.string() });

export const sendTaskSuccess: Action = (context, request) => {
  const { taskToken, output } = read(success, request);
  if (Buffer.byteLength(output) > LIMITS.payloadBytes) throw invalidOutput('Output is larger than 262144 bytes');
  return settle(context, context.tokens.answer(taskToken, { output: parse(output) }));
};

function parse(output: string): Json {
  try {
    return JSON.parse(output) as Json;
  } catch (error) {
    throw invalidOutput(String(error));
  }
}

const failure = z.strictObject({
  taskToken,
  error: z.string().max(256).optional(),
  cause: z.string().max(32_768).optional(),
});

export const sendTaskFailure: Action = (context, request) => {
  const { taskToken, error, cause } = read(failure, request);
  const outcome: TaskOutcome = { error, cause };
  return settle(context, context.tokens.answer(taskToken, outcome));
};

const heartbeat = z.strictObject({ taskToken });

export const sendTaskHeartbeat: Action = (context, request) =>
  settle(context, context.tokens.heartbeat(read(heartbeat, request).taskToken));
