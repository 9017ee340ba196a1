import { dynamodbSubjectStore } from '#adapters/dynamodb/subject-store.ts';
import { systemClock } from '#adapters/node/clock.ts';
import type { Table } from '#runtime/index.ts';
import type { Alert } from '../alerts/alert.ts';
import { stateSchema } from '../instruments/state.ts';
import { stillHolds } from '../rules/stands.ts';
import { ROUTER } from './name.ts';
import { watchersIn } from './portfolios.ts';

/** Judges alerts by what the router remembers of their instruments. */
export function stillHoldsIn(at: Table): (alert: Alert, since: number) => Promise<boolean | null> {
  const subjects = dynamodbSubjectStore({ ...at, router: ROUTER });
  const watchers = watchersIn(at);
  const clock = systemClock();
  return async (alert, since) => {
    const { portfolio: id, subject } = alert;
    const portfolio = (await watchers(clock.now())).of(subject).find((each) => each.id === id);
    // It holds and watches the instrument no more.
    if (portfolio === undefined) return false;
    const item = (await subjects.getMany([subject])).get(subject);
    return stillHolds(portfolio, alert, stateSchema.parse(item?.state ?? {}), since);
  };
}
