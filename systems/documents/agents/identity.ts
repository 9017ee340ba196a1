/** The agent's name and version. They are apart from the agent, so that code that only names it does not load the PDF reader. */
export const ANALYST = {
  name: 'contract-analyst',
  /** Part of every task id. Raise it with every change to prompt, schema or checks that changes answers. */
  version: '1',
  tier: 'balanced',
} as const;
