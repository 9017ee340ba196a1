import { createHash } from 'node:crypto';
import { ANALYST, STRATEGIST } from '../agents/names.ts';
import { reportedClaimsSchema } from '../claims/claim.ts';
import type { Memory } from '../memory/dynamodb-memory.ts';
import type { Answered, NightPorts } from '../night/ports.ts';
import { reportedMovesSchema } from '../strategy/move.ts';
import { runTask, type TaskRunner } from './run-task.ts';

/** Output tokens of one call, as the agents define them. */
const MAX_OUTPUT = { analyst: 3_000, strategist: 2_000 };

export interface NightPlace {
  readonly runner: TaskRunner;
  readonly memory: Memory;
  readonly collect: NightPorts['collect'];
  readonly now: () => number;
}

/** The ports of a night whose agents run as tasks of a fleet. */
export const nightPorts = ({ runner, memory, collect, now }: NightPlace): NightPorts => ({
  now,
  collect,
  digest: (text) => createHash('sha256').update(text).digest('hex'),
  analyse: async (input, signal) => {
    const order = { ...ANALYST, agent: ANALYST.name, input, maxOutputTokens: MAX_OUTPUT.analyst };
    return mapped(await runTask(runner, order, signal), (output) => reportedClaimsSchema.parse(output).claims);
  },
  judge: async (input, signal) => {
    const order = { ...STRATEGIST, agent: STRATEGIST.name, input, maxOutputTokens: MAX_OUTPUT.strategist };
    return mapped(await runTask(runner, order, signal), (output) => reportedMovesSchema.parse(output).moves);
  },
  recall: (company, night) => memory.recall(company, night),
  remember: (company, row) => memory.remember(company, row),
});

const mapped = <Output>(answered: Answered<unknown>, parse: (output: unknown) => Output): Answered<Output> =>
  answered.state === 'answered' ? { ...answered, output: parse(answered.output) } : answered;
