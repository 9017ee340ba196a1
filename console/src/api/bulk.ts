import {
  bulkAnswerSchema,
  bulkDetailSchema,
  bulkListSchema,
  bulkViewSchema,
  type BulkAnswer,
  type BulkDetail,
  type BulkFilterMessage,
  type BulkSubmission,
  type BulkView,
} from '#core/api/bulk/messages.ts';
import { bulkOperations } from '#core/api/bulk/operations.ts';
import { call } from './call.ts';
import { useLive } from './use-live.ts';

export type { BulkAnswer, BulkDetail, BulkView };
export type BulkKind = BulkSubmission['action'];
export type BulkFilter = BulkFilterMessage;

/** What an action would do, without doing it. */
export const dryRun = (action: BulkKind, filter: BulkFilter): Promise<BulkAnswer> =>
  call(bulkOperations.submitBulkAction, bulkAnswerSchema, { body: { action, filter, dryRun: true } });

/** @param idempotencyKey the same key is the same action */
export const startBulk = (action: BulkKind, filter: BulkFilter, idempotencyKey: string): Promise<BulkAnswer> =>
  call(bulkOperations.submitBulkAction, bulkAnswerSchema, { body: { action, filter }, idempotencyKey });

export const useBulkActions = (cursor: string | undefined) =>
  useLive(
    ['bulk-actions', cursor],
    (signal) => call(bulkOperations.listBulkActions, bulkListSchema, { query: { cursor }, signal }),
    { isBusy: ({ actions }) => actions.some(({ status }) => status === 'running') },
  );

interface Items {
  readonly outcome: string | undefined;
  readonly cursor: string | undefined;
}

export const useBulkAction = (id: string, { outcome, cursor }: Items) =>
  useLive(
    ['bulk-action', id, outcome, cursor],
    (signal) =>
      call(bulkOperations.getBulkAction, bulkDetailSchema, { params: { id }, query: { outcome, cursor }, signal }),
    { isBusy: ({ status }) => status === 'running' },
  );

export const stopBulk = (id: string): Promise<BulkView> =>
  call(bulkOperations.cancelBulkAction, bulkViewSchema, { params: { id } });
