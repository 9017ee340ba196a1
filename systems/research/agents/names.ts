/** The agents' names and versions, in their own file, so that a command that names an agent loads none. */
export const SCOUT = { name: 'research-scout', version: '1', tier: 'fast' } as const;
export const SEARCHER = { name: 'research-searcher', version: '1', tier: 'fast' } as const;
export const READER = { name: 'research-reader', version: '1', tier: 'fast' } as const;
export const ANALYST = { name: 'company-analyst', version: '1', tier: 'fast' } as const;
export const STRATEGIST = { name: 'research-strategist', version: '1', tier: 'balanced' } as const;
