import { z } from 'zod';
import type { Agent, ToolContext } from '#core/agents/define-agent.ts';
import type { Artifacts } from '#core/ports/artifacts.ts';
import type { Actor } from './actor.ts';
import { isOneOf } from './areas/area.ts';
import type { Plan } from './plan.ts';
import type { Judge } from '../checks/judge.ts';
import type { Core } from './core.ts';
import { digestOf } from '../digest.ts';
import type { Surroundings } from './surroundings.ts';

const objectInput = z.object({ object: z.object({ bucket: z.string(), key: z.string(), size: z.number() }) });

/** The agent of all simulated tasks, as its author would define it. */
export function simulatedAgent(core: Core): Agent {
  return core.defineAgent({
    name: 'book-keeper',
    version: '1',
    tier: 'fast',
    system: 'Book the amounts, then give their sum.',
    input: z.unknown(),
    output: z.object({ sum: z.number() }),
    maxOutputTokens: 512,
    async prepare(input: unknown, { artifacts }: { artifacts: Artifacts }) {
      const { data } = objectInput.safeParse(input);
      const text = data ? new TextDecoder().decode(await artifacts.get(data.object)) : JSON.stringify(input);
      return { content: [{ type: 'text' as const, text }], context: undefined };
    },
  });
}

/** The agents of the worlds with trees, the first task's agent first: each delegates to all that come after it. */
export function simulatedFamily(core: Core, depth: number): readonly Agent[] {
  const names = ['book-keeper', 'clerk', 'junior', 'trainee'].slice(0, depth + 1);
  const family: Agent[] = [];
  for (const name of names.toReversed()) {
    const delegates = Object.fromEntries(family.map((agent) => [agent.name, agent]));
    family.unshift(
      core.defineAgent({
        name,
        version: '1',
        tier: 'fast',
        system: 'Book the amounts, then give their sum.',
        input: z.unknown(),
        output: z.object({ sum: z.number() }),
        maxOutputTokens: 512,
        delegates,
      }),
    );
  }
  return family;
}

/** The agent as one actor runs it, with the plan's limits and a tool with a side effect. */
export function agentFor(agent: Agent, world: Surroundings, judge: Judge, actor: Actor): Agent {
  const { plan } = world;
  const book = {
    name: 'book',
    description: 'Books an amount, once for an idempotency key.',
    inputSchema: { type: 'object' },
    run: (input: unknown, context: ToolContext) => runTool(world, judge, actor, input, context),
  };
  return {
    ...agent,
    budget: plan.budget,
    dayBudget: plan.day?.agentUsd === undefined ? undefined : { usd: plan.day.agentUsd },
    deadline: plan.deadlineMs / 1_000,
    timeLimit: plan.timeLimitMs / 1_000,
    tools: [...(plan.model.toolTurns > 0 ? [book] : []), ...agent.tools],
    ...ofArea(agent, plan),
  };
}

/** What the worlds of some areas change: some answers are unsure or go to a person, and sessions are put in short. */
function ofArea(agent: Agent, { area }: Plan): Partial<Agent> {
  const { upgrades, escalations, sessions } = area ?? {};
  return {
    ...(sessions && { sessionOverflow: sessions.overflow }),
    ...(escalations && {
      escalate: (output) =>
        isOneOf(escalations.tenths, sumOf(output)) ? { reason: 'simulated doubt', summary: `${sumOf(output)}` } : null,
    }),
    ...(upgrades && {
      upgradeTo: 'deep',
      judge: (answer, context) => {
        const judgement = agent.judge(answer, context);
        const unsure =
          judgement.ok && isOneOf(upgrades.unsureTenths, sumOf(judgement.output)) ? 'simulated doubt' : null;
        return { ...judgement, unsure };
      },
    }),
  };
}

const outputSchema = z.object({ sum: z.number() });
const sumOf = (output: unknown): number => outputSchema.parse(output).sum;

function runTool(world: Surroundings, judge: Judge, actor: Actor, input: unknown, { idempotencyKey }: ToolContext) {
  const { trace, plan, chance } = world;
  const json = JSON.stringify(input);
  const reserved = judge.reservedBy(idempotencyKey, actor);
  return actor.call('tool.run', () => {
    trace.add(actor.name, 'tool.run', () => `${idempotencyKey.slice(-6)} ${json}`);
    judge.toolRan({ key: idempotencyKey, input: json, digest: digestOf(json), reserved, by: actor });
    if (world.faulty && chance.hits(plan.toolFailures)) throw new Error('simulated tool failure');
    return `booked ${json}`;
  });
}
