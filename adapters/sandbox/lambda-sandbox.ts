import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { outcomeSchema, programSchema } from '#core/ports/sandbox.ts';
import type { Sandbox, SandboxOutcome } from '#core/ports/sandbox.ts';
import { lambda } from '../lambda/client.ts';

export interface LambdaSandboxOptions {
  /** Name of the function made of functions/run-code. */
  readonly functionName: string;
  /** @default the process's own, from the AWS environment */
  readonly client?: LambdaClient;
}

/**
 * Runs programs in a function of their own, which has neither network nor rights. What takes the function down is the
 * program's fault and an outcome; a function that cannot be called throws. A call whose answer was lost is made again: a
 * program has nothing to do twice.
 */
export function lambdaSandbox({ functionName, client = lambda() }: LambdaSandboxOptions): Sandbox {
  return {
    async run(given, signal) {
      const program = programSchema.parse(given);
      const command = new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(program) });
      const answer = await client.send(command, signal === undefined ? {} : { abortSignal: signal });
      const text = answer.Payload?.transformToString() ?? '';
      if (answer.FunctionError === undefined) return outcomeSchema.parse(JSON.parse(text));
      return { ok: false, problem: `The sandbox broke off: ${text.slice(0, 1_000)}` } satisfies SandboxOutcome;
    },
  };
}
