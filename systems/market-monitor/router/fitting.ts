import { utf8Length } from '#core/text/utf8-length.ts';
import type { Effect } from './effects.ts';

/** Below what the router allows for the effects of one event. Beyond that it would reject the event. */
const MAX_BYTES = 60 * 1024;

/**
 * The effects of one event that fit in the outbox of its subject, the urgent ones first. With the default rules and the most
 * portfolios all fit. Many rules that match the same event may be too much: then what is least urgent is dropped. One
 * that is too large keeps no smaller one out.
 */
export function fitting(effects: readonly Effect[]): readonly Effect[] {
  if (effects.length < 2) return effects;
  let bytes = 0;
  return effects
    .toSorted((one, other) => rankOf(one) - rankOf(other))
    .filter((effect) => {
      const size = utf8Length(JSON.stringify(effect)) + 1;
      if (bytes + size > MAX_BYTES) return false;
      bytes += size;
      return true;
    });
}

const RANKS = { urgent: 1, warning: 2, info: 4 } as const;

function rankOf(effect: Effect): number {
  if (effect.kind === 'publish') return 3;
  return effect.match.resolves === true ? 0 : RANKS[effect.match.severity];
}
