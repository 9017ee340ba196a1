/** Who answers customers. */
export const SUPPORT = {
  name: 'support-agent',
  /** Part of every task id: raise it when answers would change, in prompt, schema, tools or checks. */
  version: '2',
  tier: 'fast',
} as const;
