import type { z } from 'zod';
import type { Clock } from '#core/ports/clock.ts';
import type { Runs } from '#core/ports/runs.ts';
import type { AppAccess } from '../github/app-access.ts';
import type { ClaimStore } from '../pull-request/claim-store.ts';
import type { Order } from '../pull-request/order.ts';
import type { codeReviewSettings } from '../settings.ts';
import type { ProgressStore } from './progress.ts';

/** What the reconciler uses. */
export interface ReconcilePorts {
  readonly access: Pick<AppAccess, 'asApp' | 'toRead'>;
  readonly claims: Pick<ClaimStore, 'get'>;
  readonly progress: ProgressStore;
  readonly executions: Runs<Order>;
  readonly clock: Clock;
  readonly settings: Pick<z.infer<typeof codeReviewSettings>, 'drafts'>;
  /** Called with what a person should know. */
  readonly report: (event: string, fields: Readonly<Record<string, unknown>>) => void;
  /** Whether there is time for another request. */
  readonly mayGoOn: () => boolean;
}
