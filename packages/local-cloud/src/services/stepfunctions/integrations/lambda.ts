import { StateError } from '../../../asl/errors.ts';
import { isObject, type Json } from '../../../asl/json.ts';
import type { Caller, CallService } from '../../service.ts';
import { callFailure } from './errors.ts';
import { withText } from './json.ts';

/** `lambda:invoke`: returns `{ ExecutedVersion, Payload, StatusCode }` with the payload parsed. */
export async function invokeFunction(
  call: CallService,
  input: Readonly<Record<string, Json>>,
  caller: Caller,
): Promise<Json> {
  const request = withText(input, 'Payload');
  let answer;
  try {
    answer = await call('lambda', 'Invoke', request, caller);
  } catch (error) {
    throw callFailure(error, 'Lambda', 'AWSLambdaException');
  }
  const payload = parsePayload(answer['Payload']);
  if (answer['FunctionError'] !== undefined) throw functionFailure(payload);
  return { ExecutedVersion: '$LATEST', Payload: payload, StatusCode: Number(answer['StatusCode'] ?? 200) };
}

/** A function's ARN as the Resource: the payload is the state's input, and the result is the function's response. */
export async function runFunction(call: CallService, functionArn: string, input: Json, caller: Caller): Promise<Json> {
  const answer = await invokeFunction(call, { FunctionName: functionArn, Payload: input }, caller);
  return isObject(answer) ? (answer['Payload'] ?? null) : null;
}

function parsePayload(payload: unknown): Json {
  const text = payload instanceof Uint8Array ? Buffer.from(payload).toString('utf8') : payload;
  if (typeof text !== 'string' || text === '') return null;
  return JSON.parse(text) as Json;
}

/** Uses the function's error type. A crash or timeout without an error type is `Lambda.Unknown`. */
function functionFailure(payload: Json): StateError {
  const type = isObject(payload) ? payload['errorType'] : undefined;
  return new StateError(typeof type === 'string' ? type : 'Lambda.Unknown', JSON.stringify(payload));
}
