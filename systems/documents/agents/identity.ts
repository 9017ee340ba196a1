/** The agent's name and version, in their own file so that code that only names the agent loads no PDF reader. */
export const ANALYST = {
  name: 'contract-analyst',
  /** Part of every task id. Raise it with every change to prompt, schema or checks that changes answers. */
  version: '2',
  tier: 'balanced',
} as const;
