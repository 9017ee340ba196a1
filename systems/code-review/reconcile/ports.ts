import type { z } from 'zod';
import type { Runs } from '#core/ports/runs.ts';
import type { AppAccess } from '../github/app-access.ts';
import type { HeldStore } from '../pull-request/held-store.ts';
import type { Order } from '../pull-request/order.ts';
import type { SettlePorts } from '../pull-request/take-over.ts';
import type { codeReviewSettings } from '../settings.ts';
import type { ProgressStore } from './progress.ts';

/** What settling the money of reviews uses. */
export interface SettleHeldPorts extends SettlePorts {
  readonly held: Pick<HeldStore, 'list' | 'remove'>;
  /** Called with what a person should know. */
  readonly report: (event: string, fields: Readonly<Record<string, unknown>>) => void;
  /** Whether there is time for another request. */
  readonly mayGoOn: () => boolean;
}

/** What the reconciler uses. */
export interface ReconcilePorts extends SettleHeldPorts {
  readonly access: Pick<AppAccess, 'asApp' | 'toRead'>;
  readonly progress: ProgressStore;
  readonly executions: Runs<Order>;
  readonly settings: Pick<z.infer<typeof codeReviewSettings>, 'drafts'>;
}
