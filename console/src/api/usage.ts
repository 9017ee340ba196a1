import { usageAnswerSchema, type UsageAnswer } from '#core/api/usage/messages.ts';
import { usageOperations } from '#core/api/usage/operations.ts';
import { call } from './call.ts';
import { useLive } from './use-live.ts';

export type { UsageAnswer };

/** @param from the first day, such as `2026-11-30`, in UTC */
export const useUsage = (from: string, to: string, agent?: string) =>
  useLive(['usage', from, to, agent], (signal) =>
    call(usageOperations.getUsage, usageAnswerSchema, { query: { from, to, agent }, signal }),
  );
