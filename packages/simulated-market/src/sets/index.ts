import { firstSet } from './first.ts';
import { secondSet } from './second.ts';
import type { MarketSet } from './types.ts';

export const sets: Readonly<Record<'first' | 'second', MarketSet>> = { first: firstSet, second: secondSet };
