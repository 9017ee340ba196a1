import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { outcomeSchema, programSchema } from '#core/ports/sandbox.ts';
import type { Sandbox, SandboxOutcome } from '#core/ports/sandbox.ts';
import { startOf } from '#core/text/text.ts';
import { lambda } from '../lambda/client.ts';

export interface LambdaSandboxOptions {
  /** Name of the function built from functions/run-code. */
  readonly functionName: string;
  /** @default the process's shared client */
  readonly client?: LambdaClient;
}

/**
 * Runs programs in a separate function, which has neither network nor permissions. A crash of the function is an outcome
 * of the program; a function that cannot be invoked throws. A call whose response is lost is repeated, because a program
 * has no side effects.
 */
export function lambdaSandbox({ functionName, client = lambda() }: LambdaSandboxOptions): Sandbox {
  return {
    async run(given, signal) {
      const program = programSchema.parse(given);
      const command = new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(program) });
      const answer = await client.send(command, signal === undefined ? {} : { abortSignal: signal });
      const text = answer.Payload?.transformToString() ?? '';
      if (answer.FunctionError === undefined) return outcomeSchema.parse(JSON.parse(text));
      return { ok: false, problem: `The sandbox failed: ${startOf(text, 1_000)}` } satisfies SandboxOutcome;
    },
  };
}
