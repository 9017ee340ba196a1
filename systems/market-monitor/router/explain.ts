import { agentCard } from '#core/agents/agent-card.ts';
import { acceptTask, type AcceptPorts } from '#core/tasks/accept.ts';
import { analysts } from '../agents/index.ts';
import type { Match } from '../events/match.ts';
import { signalOf } from '../windows/signal.ts';
import { WINDOW_MS } from '../windows/window.ts';
import type { Windows } from '../windows/windows.ts';

export interface ExplainPorts extends AcceptPorts {
  readonly windows: Windows;
  /** The tenant that owns the tasks. */
  readonly tenant: string;
}

/** Seconds that a task has at least, so that an event that came late is analysed at all. */
const MIN_SECONDS = 60;

const cards = new Map(analysts.map(({ name, freshness, agent }) => [name, { freshness, card: agentCard(agent) }]));

/**
 * Has an analyst explain a match, together with the other signals of its subject. It may be repeated: the signal is in one
 * window, and the window has one task. Its message is delayed until the window has gathered what belongs together.
 *
 * The deadline counts from the arrival of the event, since a day that is replayed has times of the past.
 * @param text of the event, written by strangers
 */
export async function explain(ports: ExplainPorts, match: Match, text: string): Promise<void> {
  const found = match.agent === null ? undefined : cards.get(match.agent);
  // Rules are checked when they are saved. An earlier release may not have an analyst that a rule names.
  if (match.agent === null || found === undefined) return;
  const { freshness, card } = found;
  const now = ports.clock.now();
  const input = await ports.windows.add(match.agent, signalOf(match, text), now);
  const key = `market/${input.agent}/${input.subject}/${input.number}`;
  await acceptTask(
    ports,
    {
      tenant: ports.tenant,
      agent: card.name,
      agentVersion: card.version,
      idempotencyKey: key,
      keyScope: 'tenant',
      priority: match.severity === 'urgent' ? 'high' : 'default',
      input,
      budget: card.budget,
      createdAt: now,
      deadline: Math.max(match.arrivedAt + freshness * 1_000, now + MIN_SECONDS * 1_000),
      request: { id: key, retry: 0 },
    },
    WINDOW_MS,
  );
}
