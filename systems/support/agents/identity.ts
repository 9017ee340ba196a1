/** The agent that answers customers. */
export const SUPPORT = {
  name: 'support-agent',
  /** Part of every task id. Increase it with every change of prompt, schema, tools or checks that changes answers. */
  version: '2',
  tier: 'fast',
} as const;
