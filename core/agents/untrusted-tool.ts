import type { z } from 'zod';
import type { Program } from '../ports/sandbox.ts';
import { defineTool, type Tool } from './define-agent.ts';

export interface UntrustedToolOptions<Input> {
  readonly name: string;
  readonly description: string;
  readonly input: z.ZodType<Input>;
  /** Returns the code to run for an input, with the data it may read. Called in the worker, which does not run the code. */
  readonly program: (input: Input) => Program;
}

/**
 * Defines a tool that runs untrusted code, such as code written by the model. It runs in the pool's sandbox, never in the
 * worker. The code's return value is the result, as JSON. Errors and exceeded limits are reported to the model.
 */
export function defineUntrustedTool<Input>({ program, ...options }: UntrustedToolOptions<Input>): Tool {
  const tool = defineTool<Input>({
    ...options,
    async run(input, { sandbox, signal }) {
      if (sandbox === undefined) throw new Error(`The tool ${options.name} needs a sandbox, but its pool has none.`);
      const outcome = await sandbox.run(program(input), signal);
      if (!outcome.ok) throw new Error(outcome.problem);
      return JSON.stringify(outcome.output);
    },
  });
  return { ...tool, untrusted: true };
}
