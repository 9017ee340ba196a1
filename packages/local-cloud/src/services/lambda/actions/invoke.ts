import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { parseInput } from '../../http.ts';
import { ServiceError } from '../../service.ts';
import type { ServiceOutput } from '../../service.ts';
import { INPUT_CODES } from '../context.ts';
import type { LambdaAction } from '../context.ts';

const Input = z.strictObject({
  FunctionName: z.string(),
  Qualifier: z.string().optional(),
  InvocationType: z.enum(['RequestResponse', 'Event', 'DryRun']).default('RequestResponse'),
  /** The tail of the log is not returned. It is in the function's log file. */
  LogType: z.enum(['None']).optional(),
  Payload: z
    .union([z.string(), z.instanceof(Uint8Array).transform((bytes) => Buffer.from(bytes).toString('utf8'))])
    .default(''),
});

/** `Payload` of the output is JSON text. */
export const invoke: LambdaAction = async ({ functions, asyncInvocations }, input): Promise<ServiceOutput> => {
  const { FunctionName, Qualifier, InvocationType, Payload } = parseInput(Input, input, INPUT_CODES);
  const target = functions.find(FunctionName, Qualifier);
  const payload = Payload === '' ? '{}' : Payload;
  checkJson(payload);
  switch (InvocationType) {
    case 'DryRun':
      return { StatusCode: 204 };
    case 'Event':
      asyncInvocations.add({ functionArn: target.arn, payload, requestId: randomUUID() });
      return { StatusCode: 202, Payload: '' };
    case 'RequestResponse': {
      const result = await target.function.invoke(payload, target.arn);
      const failed = result.failed && { FunctionError: 'Unhandled' };
      return { StatusCode: 200, Payload: result.payload, ExecutedVersion: '$LATEST', ...failed };
    }
  }
};

function checkJson(payload: string): void {
  try {
    JSON.parse(payload);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ServiceError('InvalidRequestContentException', `Could not parse request body into json: ${reason}`);
  }
}
