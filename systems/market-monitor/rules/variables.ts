import type { MarketEvent } from '../instruments/measure.ts';

/** The event as a rule reads it. A field that its type does not have is 0 or empty. */
export class EventVariable {
  type = '';
  subject = '';
  ticker = '';
  late = false;
  // market.trading-status.v1
  status = '';
  reason = '';
  level = 0;
  // market.news.v1. Text of others.
  headline = '';
  summary = '';
  outlet = '';
  // market.filing.v1
  form = '';
  items: readonly string[] = [];
  // market.macro.v1
  indicator = '';
  // market.corporate-action.v1
  action = '';
}

/** The portfolio's position in the event's instrument. */
export class PositionVariable {
  held = false;
  watched = false;
  /** Shares. Below 0: sold short. */
  quantity = 0;
  /** US dollars at the last price; below 0 for a short position. */
  valueUsd = 0;
  /** Loss since the previous close, in US dollars; below 0 is a gain. */
  lossUsd = 0;
  /** The largest earlier loss of the session, and that of the session before; at least 0. */
  lossPeakUsd = 0;
  endedLossUsd = 0;
}

export class LimitsVariable {
  /** 0: no limit. */
  maxPositionLossUsd = 0;
}

/** The bar before the event. */
export class LastVariable {
  close = 0;
  /** Minutes from its end to the event. */
  ageMinutes = 0;
}

export interface Variables {
  readonly event: EventVariable;
  readonly m: object;
  readonly position: PositionVariable;
  readonly limits: LimitsVariable;
  readonly last: LastVariable;
}

const EVENT_FIELDS = new Set(Object.keys(new EventVariable()));

export function eventVariable(event: MarketEvent): EventVariable {
  const variable = new EventVariable();
  const data: object = event.data;
  const own = Object.entries(data).filter(([field, value]) => value !== undefined && EVENT_FIELDS.has(field));
  return Object.assign(variable, Object.fromEntries(own), {
    type: event.type,
    subject: event.subject,
    late: event.late,
  });
}

/** Subjects that concern every portfolio: an exchange, the economy. */
export const isMarketWide = (subject: string): boolean => /^(?:market|macro):/.test(subject);
