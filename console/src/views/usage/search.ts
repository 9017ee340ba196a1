import { usageQuerySchema } from '#core/api/usage/messages.ts';

const { from, to, agent } = usageQuerySchema.shape;

/** What the URL of the view may name: the query of `GET /usage`. */
export const SEARCH = { from: from.unwrap(), to: to.unwrap(), agent: agent.unwrap() };
