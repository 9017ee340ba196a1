import { z } from 'zod';
import {
  answerSubmissionSchema,
  claimSubmissionSchema,
  escalationListQuerySchema,
  escalationPageSchema,
  escalationViewSchema,
} from './messages.ts';
import { taskIdParam } from '../tasks/messages.ts';
import { operation } from '../http/operation.ts';

const byEscalation = z.object({ id: taskIdParam.describe('The id of the escalated task.') });

/** Tasks handed to a person. */
export const escalationOperations = {
  listEscalations: operation({
    method: 'GET',
    path: '/escalations',
    scope: 'read',
    summary: 'List escalations',
    description:
      'Returns a page of escalations, oldest first. With a key that is restricted to some agents, a page may hold few, or none, and still have a `next` cursor.',
    query: escalationListQuerySchema,
    answer: { status: 200, schema: escalationPageSchema, description: 'A page of escalations.' },
  }),
  claimEscalation: operation({
    method: 'POST',
    path: '/escalations/{id}/claim',
    scope: 'operate',
    summary: 'Claim an escalation',
    description:
      'Claims an escalation for 15 minutes. One person can hold it at a time. Claim it again as the same person to renew the claim.',
    params: byEscalation,
    body: claimSubmissionSchema,
    answer: { status: 200, schema: escalationViewSchema, description: 'The claimed escalation.' },
    problems: ['not-found', 'conflict'],
  }),
  answerEscalation: operation({
    method: 'POST',
    path: '/escalations/{id}/answer',
    scope: 'operate',
    summary: 'Answer an escalation',
    description:
      'Answers an escalation. The first answer is final. You need not claim the escalation first, but nobody else may hold it. A retry with the same `Idempotency-Key` returns the same result.',
    params: byEscalation,
    body: answerSubmissionSchema,
    idempotent: true,
    answer: { status: 200, schema: escalationViewSchema, description: 'The answered escalation.' },
    problems: ['not-found', 'conflict'],
  }),
} as const;
