import { traceViewSchema } from '#core/api/traces/messages.ts';
import { traceOperations } from '#core/api/traces/operations.ts';
import { call } from './call.ts';
import { useLive } from './use-live.ts';

/** @param isOpen whether the task has not ended, so that spans may follow */
export const useTrace = (id: string, isOpen: boolean) =>
  useLive(['trace', id], (signal) => call(traceOperations.getTaskTrace, traceViewSchema, { params: { id }, signal }), {
    isBusy: () => isOpen,
  });
