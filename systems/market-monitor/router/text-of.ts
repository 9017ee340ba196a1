import type { RoutedEvent } from '#core/streams/app.ts';
import { startOf } from '#core/text/text.ts';
import { MAX_TEXT } from '../windows/signal.ts';
import type { Effect } from './effects.ts';

/** Fields with the words of strangers, in the order in which an analyst reads them. */
const FIELDS = ['headline', 'form', 'items', 'firm', 'from', 'to', 'period', 'indicator', 'summary', 'text'] as const;

/** What an event says in words: a headline, a filing. Empty if it has figures alone. */
export function textOf({ data }: Pick<RoutedEvent, 'data'>): string {
  if (typeof data !== 'object' || data === null) return '';
  const fields = new Map<string, unknown>(Object.entries(data));
  const hasWords = ['headline', 'summary', 'text'].some((name) => typeof fields.get(name) === 'string');
  if (!hasWords) return '';
  const lines = FIELDS.flatMap((name) => wordsOf(fields.get(name)));
  return startOf(lines.join('\n'), MAX_TEXT);
}

type MatchEffect = Extract<Effect, { kind: 'match' }>;

/** An analyst reads the words of the event, and nothing else does. The first match of each has them: many would not fit. */
export function withText(effects: readonly MatchEffect[], event: Pick<RoutedEvent, 'data'>): readonly MatchEffect[] {
  const text = effects.some(({ match }) => match.agent !== null) ? textOf(event) : '';
  const agents = new Set<string | null>([null]);
  return effects.map((effect) => {
    const { agent } = effect.match;
    if (text === '' || agents.has(agent)) return effect;
    agents.add(agent);
    return { ...effect, text };
  });
}

function wordsOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.length === 0 ? [] : [value.join(', ')];
  return typeof value === 'string' && value !== '' ? [value] : [];
}
