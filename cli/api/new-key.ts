import { randomUUID } from 'node:crypto';
import { keyMadeIn } from '#core/regions/home.ts';
import type { Target } from './target.ts';

/**
 * A new idempotency key, of the home of the region that gets the request: it is well, so the task need not wait for another.
 * A plain one where the fleet has one region, or where the session decides.
 * @public commands of systems use it
 */
export const newKeyFor = ({ region }: Pick<Target, 'region'>, sessionId?: unknown): string =>
  region === undefined || sessionId !== undefined ? randomUUID() : keyMadeIn(region, randomUUID());
