/** Who analyses contracts: apart from the agent, so that what only names it needs no PDF reader. */
export const ANALYST = {
  name: 'contract-analyst',
  /** Part of every task id: raise it when answers would change, in prompt, schema or checks. */
  version: '1',
  tier: 'balanced',
} as const;
