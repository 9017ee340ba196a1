import type { MarketEvent } from '../instruments/measure.ts';
import { Measures } from '../instruments/measures.ts';
import { compileRule, type CompiledRule, type RuleProblem } from './compile.ts';
import type { Rule } from './rule.ts';
import { eventVariable, LastVariable, LimitsVariable, PositionVariable, type Variables } from './variables.ts';

/** What is wrong with rules that are to be saved: they do not compile, or match where nothing happens. */
export const problemsOf = (rules: readonly Rule[]): RuleProblem[] =>
  rules.flatMap((rule) => {
    const compiled = compileRule(rule);
    if (!compiled.ok) return compiled.problems;
    return matchesQuietBar(compiled.rule) ? [{ rule: rule.id, field: 'when', column: 1, message: ALWAYS }] : [];
  });

const ALWAYS =
  'matches a bar without any movement, of which there are thousands in an hour. Compare a figure, such as abs(m.fastPct) >= 2.0, or name with "on" the events that it is about.';

/** A bar at the price and volume of every day. */
function matchesQuietBar({ rule, when }: CompiledRule): boolean {
  if (rule.on?.includes(QUIET.type) === false) return false;
  try {
    return when(quietVariables()) === true;
  } catch {
    return false;
  }
}

const QUIET: MarketEvent = {
  type: 'market.bar.v1',
  subject: 'cik:0000000001',
  time: Date.parse('2026-11-30T15:00:00Z'),
  late: false,
  data: {
    ticker: 'ACME',
    start: '2026-11-30T14:55:00Z',
    seconds: 300,
    revision: 0,
    open: 100,
    high: 100,
    low: 100,
    close: 100,
    volume: 10_000,
    previousClose: 100,
    currency: 'USD',
  },
};

function quietVariables(): Variables {
  const m = Object.assign(new Measures(), { close: 100, previousClose: 100, sessionBars: 12 });
  const position = Object.assign(new PositionVariable(), { held: true, quantity: 100, valueUsd: 10_000 });
  const limits = Object.assign(new LimitsVariable(), { maxPositionLossUsd: 1_000 });
  const last = Object.assign(new LastVariable(), { close: 100 });
  return { event: eventVariable(QUIET), m, position, limits, last };
}
