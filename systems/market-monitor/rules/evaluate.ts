import { createHash } from 'node:crypto';
import type { RoutedEvent } from '#core/streams/app.ts';
import type { Match, Severity } from '../events/match.ts';
import type { MarketEvent } from '../instruments/measure.ts';
import type { Measures } from '../instruments/measures.ts';
import type { SubjectState } from '../instruments/state.ts';
import type { Portfolio } from '../portfolios/watched.ts';
import type { CompiledRule } from './compile.ts';
import { positionOf } from './position.ts';
import type { Rule } from './rule.ts';
import { titleOf } from './title.ts';
import { eventVariable, LastVariable, LimitsVariable, type PositionVariable, type Variables } from './variables.ts';

/** An event with its figures. */
export interface MeasuredEvent {
  readonly event: MarketEvent & RoutedEvent;
  readonly measures: Measures;
  /** The subject's state before and after the event. */
  readonly before: SubjectState;
  readonly after: SubjectState;
}

/** A rule that could not be evaluated, such as by `1 / 0`. Its other matches go on. */
export interface BrokenRule {
  readonly portfolio: Portfolio;
  readonly rule: Rule;
}

export interface Evaluation {
  readonly matches: readonly Match[];
  readonly broken: readonly BrokenRule[];
}

/** Evaluates the rules of the portfolios that an event concerns. Pure: the same event has the same matches, with the same ids. */
export function evaluate(measured: MeasuredEvent, portfolios: readonly Portfolio[]): Evaluation {
  const { event, measures, before } = measured;
  const shared = new Map<CompiledRule, boolean>();
  const base = { event: eventVariable(event), m: measures, last: lastOf(before, event.time) };
  const matches: Match[] = [];
  const broken: BrokenRule[] = [];
  for (const portfolio of portfolios) {
    const position = positionOf(portfolio, event.subject, measures, measured.after);
    const variables = { ...base, position, limits: limitsOf(portfolio) };
    for (const compiled of portfolio.rules) {
      if (compiled.rule.on?.includes(event.type) === false) continue;
      try {
        if (holds(compiled, variables, shared)) matches.push(matchOf(measured, portfolio, compiled, variables));
      } catch {
        broken.push({ portfolio, rule: compiled.rule });
      }
    }
  }
  return { matches: matches.toSorted(loudestFirst), broken };
}

/** A rule that does not depend on the portfolio is evaluated once for all. */
function holds(compiled: CompiledRule, variables: Variables, shared: Map<CompiledRule, boolean>): boolean {
  if (compiled.isPersonal) return compiled.when(variables) === true;
  const known = shared.get(compiled) ?? compiled.when(variables) === true;
  shared.set(compiled, known);
  return known;
}

function lastOf({ recent }: SubjectState, time: number): LastVariable {
  const last = new LastVariable();
  const bar = recent?.at(-1);
  if (bar === undefined) return last;
  return Object.assign(last, { close: bar.c, ageMinutes: Math.max(0, (time - bar.s - bar.d * 1_000) / 60_000) });
}

export function limitsOf({ file }: Pick<Portfolio, 'file'>): LimitsVariable {
  const limits = new LimitsVariable();
  limits.maxPositionLossUsd = file.limits.maxPositionLossUsd ?? 0;
  return limits;
}

function matchOf(
  { event, measures, before }: MeasuredEvent,
  portfolio: Portfolio,
  { rule, step, figures }: CompiledRule,
  variables: Variables,
): Match {
  const { id, severity, cause, agent, resolves } = rule;
  const { position } = variables;
  const ticker = tickerOf(portfolio, event, before);
  const reached = step === null ? 1 : Number(step(variables));
  return {
    id: hashOf(portfolio.id, id, event.source, event.id),
    portfolio: portfolio.id,
    rule: id,
    rulesVersion: portfolio.version,
    severity,
    subject: event.subject,
    ticker,
    cause,
    title: titleOf({ rule, event, ticker, m: measures, position }),
    values: valuesOf(figures, measures, position),
    atStakeUsd: atStake(position),
    event: {
      source: event.source,
      id: event.id,
      type: event.type,
      time: new Date(timeOf(event, measures, rule)).toISOString(),
    },
    arrivedAt: event.arrivedAt,
    late: event.late,
    agent: agent ?? null,
    ...(Number.isFinite(reached) && reached > 1 && { step: reached }),
    ...(resolves === true && { resolves }),
  };
}

/** What ended with the session before ended with its last bar: the bar that tells so may begin the next alert. */
const timeOf = ({ time }: MarketEvent, { newSession, endedAt }: Measures, { resolves }: Rule): number =>
  resolves === true && newSession && endedAt > 0 ? endedAt : time;

/** 128 bits of SHA-256, as 32 hexadecimal digits. */
export const hashOf = (...parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);

const TICKER = /^[A-Z0-9][A-Z0-9.-]{0,11}$/;

/** The portfolio's own name of the instrument. A sender's is repeated only if it looks like a ticker, else the subject stands for it. */
function tickerOf(portfolio: Portfolio, { subject, data }: MarketEvent, { ticker }: SubjectState): string {
  const own = portfolio.holdings.get(subject)?.ticker ?? portfolio.watch.get(subject);
  if (own !== undefined) return own;
  const named = ticker ?? ('ticker' in data ? data.ticker : undefined);
  const isInstrument = subject.startsWith('cik:');
  return isInstrument && named !== undefined && TICKER.test(named) ? named : subject;
}

/** The figures that the rule read, and the price. */
function valuesOf(figures: ReadonlySet<string>, ...from: readonly object[]): Record<string, number> {
  const entries = from.flatMap((each) => Object.entries(each) as [string, unknown][]);
  return Object.fromEntries(
    entries.filter(
      (entry): entry is [string, number] =>
        typeof entry[1] === 'number' && (entry[0] === 'close' || figures.has(entry[0])),
    ),
  );
}

/** The gain or loss of the position since the previous close, as a sentence about it says. Its value if there is none. */
const atStake = ({ lossUsd, valueUsd }: PositionVariable): number => Math.abs(lossUsd === 0 ? valueUsd : lossUsd);

const RANK: Readonly<Record<Severity, number>> = { urgent: 0, warning: 1, info: 2 };

/**
 * What ends comes before what begins, and the furthest step first: a move of 9 % crosses two thresholds, and people are
 * notified of it once.
 */
function loudestFirst(one: Match, other: Match): number {
  if (one.resolves !== other.resolves) return one.resolves === true ? -1 : 1;
  return RANK[one.severity] - RANK[other.severity] || (other.step ?? 1) - (one.step ?? 1);
}
