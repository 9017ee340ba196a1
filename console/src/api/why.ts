import { whyViewSchema } from '#core/api/why/messages.ts';
import { whyOperations } from '#core/api/why/operations.ts';
import { call } from './call.ts';
import { useLive } from './use-live.ts';

/** @param isOpen whether the task has not ended, so that the answer may change */
export const useWhy = (id: string, isOpen: boolean) =>
  useLive(['why', id], (signal) => call(whyOperations.whyTask, whyViewSchema, { params: { id }, signal }), {
    isBusy: () => isOpen,
  });
