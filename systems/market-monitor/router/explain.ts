import { agentCard } from '#core/agents/agent-card.ts';
import { acceptTask, type AcceptPorts } from '#core/tasks/accept.ts';
import { analysts } from '../agents/index.ts';
import type { AskedStore } from '../digests/asked.ts';
import { hourOf } from '../digests/period.ts';
import type { Match } from '../events/match.ts';
import { signalOf, type Signal } from '../windows/signal.ts';
import { WINDOW_MS, type WindowRef } from '../windows/window.ts';
import type { Windows } from '../windows/windows.ts';

export interface ExplainPorts extends AcceptPorts {
  readonly windows: Windows;
  /** Where the digests see what was asked. */
  readonly asked: Pick<AskedStore, 'ask'>;
  /** The tenant that owns the tasks. */
  readonly tenant: string;
}

/** Seconds that a task has at least, so that an event that came late is analysed at all. */
const MIN_SECONDS = 60;

const cards = new Map(analysts.map(({ name, freshness, agent }) => [name, { freshness, card: agentCard(agent) }]));

/** A match, and the words of its event, written by strangers. */
interface Found {
  readonly match: Match;
  readonly text?: string | undefined;
}

/**
 * Has analysts explain matches of one subject, together with its other signals. It may be repeated: a signal is in one window,
 * and a window has one task. Its message is delayed until the window has gathered what belongs together.
 */
export async function explainAll(ports: ExplainPorts, found: readonly Found[]): Promise<void> {
  const byAgent = Map.groupBy(found, ({ match }) => match.agent);
  await Promise.all(
    [...byAgent].map(async ([agent, [first, ...others]]) => {
      // Rules are checked when they are saved. An earlier release may not have an analyst that a rule names.
      if (agent === null || first === undefined || !cards.has(agent)) return;
      await explain(ports, agent, [first, ...others]);
    }),
  );
}

async function explain(ports: ExplainPorts, agent: string, found: readonly [Found, ...Found[]]): Promise<void> {
  const [first, ...others] = found;
  const refs = await ports.windows.add(agent, [signalFrom(first), ...others.map(signalFrom)], ports.clock.now());
  const windows = new Map(refs.map((ref) => [ref.number, ref]));
  for (const [number, ref] of windows) {
    const matches = found.filter((_, at) => refs[at]?.number === number).map(({ match }) => match);
    await submit(ports, agent, ref, matches);
  }
}

const signalFrom = ({ match, text = '' }: Found): Signal => signalOf(match, text);

/** The deadline counts from the arrival of the event, since a day that is replayed has times of the past. */
async function submit(ports: ExplainPorts, agent: string, input: WindowRef, matches: readonly Match[]): Promise<void> {
  const found = cards.get(agent);
  if (found === undefined) return;
  const { freshness, card } = found;
  const now = ports.clock.now();
  const key = `market/${input.agent}/${input.subject}/${input.number}`;
  const arrivedAt = Math.max(...matches.map((match) => match.arrivedAt));
  const { task } = await acceptTask(
    ports,
    {
      tenant: ports.tenant,
      agent: card.name,
      agentVersion: card.version,
      idempotencyKey: key,
      keyScope: 'tenant',
      priority: matches.some(({ severity }) => severity === 'urgent') ? 'high' : 'default',
      input,
      budget: card.budget,
      createdAt: now,
      deadline: Math.max(arrivedAt + freshness * 1_000, now + MIN_SECONDS * 1_000),
      request: { id: key, retry: 0 },
    },
    WINDOW_MS,
  );
  await Promise.all(
    [...Map.groupBy(matches, ({ portfolio }) => portfolio)].map(async ([portfolio, own]) => {
      const eventAt = Math.max(...own.map(({ event }) => Date.parse(event.time)));
      const { id, deadline } = task;
      await ports.asked.ask({ portfolio, hour: hourOf(eventAt).id, task: id, eventAt, deadline });
    }),
  );
}
