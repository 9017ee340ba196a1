import type { z } from 'zod';
import type { Program } from '../ports/sandbox.ts';
import { defineTool, type Tool } from './define-agent.ts';

export interface UntrustedToolOptions<Input> {
  readonly name: string;
  readonly description: string;
  readonly input: z.ZodType<Input>;
  /** The code to run for an input, with all it may see. Called in the worker: it runs nothing of it. */
  readonly program: (input: Input) => Program;
}

/**
 * Defines a tool that runs code nobody vouches for, such as the model's own: in the sandbox of its pool, never in the
 * worker. What the code returns is the result as JSON; what it throws, and the limits it meets, are told to the model.
 */
export function defineUntrustedTool<Input>({ program, ...options }: UntrustedToolOptions<Input>): Tool {
  const tool = defineTool<Input>({
    ...options,
    async run(input, { sandbox, signal }) {
      if (sandbox === undefined) throw new Error(`The tool ${options.name} has no sandbox to run in.`);
      const outcome = await sandbox.run(program(input), signal);
      if (!outcome.ok) throw new Error(outcome.problem);
      return JSON.stringify(outcome.output);
    },
  });
  return { ...tool, untrusted: true };
}
