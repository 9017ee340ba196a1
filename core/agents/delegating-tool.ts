import { z } from 'zod';
import type { DelegationRequest } from './delegates.ts';
import type { Tool, ToolContext, ToolOptions } from './define-agent.ts';

export interface DelegatingToolOptions<Input, Services> extends Omit<ToolOptions<Input, Services>, 'run'> {
  /**
   * Returns the tasks to delegate. It must not have effects, and must return the same tasks for the same input, because
   * it is called again after a crash. What it throws is returned to the model.
   * @param services what its agent's worker binds with `withServices`
   */
  plan(input: Input, context: ToolContext, services: Services): DelegationRequest | Promise<DelegationRequest>;
}

/**
 * Defines a tool whose code decides which tasks the agent delegates, such as one for each changed file. The model reads
 * the same result as that of the tool `delegate`, which its agent does not get: else the model could delegate other tasks.
 */
export function defineDelegatingTool<Input, Services = void>(
  options: DelegatingToolOptions<Input, Services>,
): Tool<Services> {
  return {
    name: options.name,
    description: options.description,
    inputSchema: z.toJSONSchema(options.input),
    run: () => Promise.reject(new Error(`The agent of the tool ${options.name} has no delegates.`)),
    plan: async (value, context, services): Promise<DelegationRequest> =>
      options.plan(options.input.parse(value), context, services),
  };
}
