import type { Catalogue } from '../models/catalogue.ts';
import type { Clock } from '../ports/clock.ts';
import type { DaySpend } from '../ports/day-spend.ts';
import type { ReportEvent } from '../ports/events.ts';
import type { Ids } from '../ports/ids.ts';
import type { Limits } from '../ports/limits.ts';
import type { Model } from '../ports/model.ts';

/** What it takes to fit a call into its task's budget. */
export interface FitPorts {
  /** The prices that apply to the call. */
  readonly catalogue: Catalogue;
  readonly model: Pick<Model, 'countTokens'>;
}

/** What it takes to settle what was held on day budgets. */
export interface SettleHeldPorts {
  readonly daySpend: DaySpend;
  readonly clock: Clock;
}

/** What it takes to hold a call's worst case on day budgets. */
export interface DayPorts extends SettleHeldPorts {
  readonly limits: Limits;
  readonly ids: Ids;
  readonly report: ReportEvent;
}

export interface SpendingPorts extends FitPorts, DayPorts {}
