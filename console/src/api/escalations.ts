import { escalationPageSchema, escalationViewSchema, type EscalationView } from '#core/api/escalations/messages.ts';
import { escalationOperations } from '#core/api/escalations/operations.ts';
import { call } from './call.ts';
import { useLive } from './use-live.ts';

export const useEscalations = (status: 'waiting' | 'answered', cursor?: string) =>
  useLive(
    ['escalations', status, cursor],
    (signal) => call(escalationOperations.listEscalations, escalationPageSchema, { query: { status, cursor }, signal }),
    { isBusy: ({ escalations }) => escalations.some((each) => each.status === 'claimed') },
  );

export const claimEscalation = (id: string, by: string): Promise<EscalationView> =>
  call(escalationOperations.claimEscalation, escalationViewSchema, { params: { id }, body: { by } });

/** @param idempotencyKey of this answer, so that the client's own retries are one answer */
export const answerEscalation = (
  id: string,
  body: { readonly by: string; readonly reply: string },
  idempotencyKey: string,
): Promise<EscalationView> =>
  call(escalationOperations.answerEscalation, escalationViewSchema, { params: { id }, body, idempotencyKey });
