/** The agent's name, as `fleet agents` lists it, from what rules call it: `price-move`. */
export const agentNameOf = (analyst: string): string => `market-${analyst}`;
