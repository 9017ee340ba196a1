import type { Unit } from '../change/units.ts';
import { kindOf } from '../change/kinds.ts';
import { SPECIALISTS, type Specialist } from '../findings/finding.ts';

/** What a specialist reads in one task. */
export interface Order {
  readonly agent: Specialist;
  readonly unit: Unit;
}

/** What documents alone can have wrong. */
const FOR_DOCUMENTS: readonly Specialist[] = ['security', 'style'];

/** The specialists that read a unit: documents need neither logic nor tests. */
export const readersOf = (unit: Unit): readonly Specialist[] =>
  unit.every(({ path }) => kindOf(path) === 'docs') ? FOR_DOCUMENTS : SPECIALISTS;

/** Decides which specialists read which unit. No text of the change can alter it. */
export const ordersOf = (units: readonly Unit[]): Order[] =>
  units.flatMap((unit) => readersOf(unit).map((agent) => ({ agent, unit })));
