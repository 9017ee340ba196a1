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

const byEscalation = z.object({ id: taskIdParam.describe('The escalated task’s id.') });

/** Tasks that wait for a person. */
export const escalationOperations = {
  listEscalations: operation({
    method: 'GET',
    path: '/escalations',
    scope: 'read',
    summary: 'What waits for a person, longest first',
    query: escalationListQuerySchema,
    answer: { status: 200, schema: escalationPageSchema, description: 'A page of escalations.' },
  }),
  claimEscalation: operation({
    method: 'POST',
    path: '/escalations/{id}/claim',
    scope: 'operate',
    summary: 'Take an escalation, for a quarter of an hour',
    description: 'One person holds it at a time; the same person renews the claim by claiming again.',
    params: byEscalation,
    body: claimSubmissionSchema,
    answer: { status: 200, schema: escalationViewSchema, description: 'It is yours.' },
    problems: ['not-found', 'conflict'],
  }),
  answerEscalation: operation({
    method: 'POST',
    path: '/escalations/{id}/answer',
    scope: 'operate',
    summary: 'Answer an escalation, once',
    description: 'The first answer stands. The same answer again under its `Idempotency-Key` is no other answer.',
    params: byEscalation,
    body: answerSubmissionSchema,
    idempotent: true,
    answer: { status: 200, schema: escalationViewSchema, description: 'It is answered.' },
    problems: ['not-found', 'conflict'],
  }),
} as const;
