import { z } from 'zod';
import { sessionIdSchema } from '../../sessions/session.ts';
import { sessionViewSchema } from './messages.ts';
import { operation } from '../http/operation.ts';

const bySession = z.object({ id: sessionIdSchema.describe('The id of the session.') });

/** Sessions: conversations that tasks share. */
export const sessionOperations = {
  getSession: operation({
    method: 'GET',
    path: '/sessions/{id}',
    scope: 'read',
    summary: 'Get a session',
    description: 'Returns the conversation of a session and the tasks that wait in it.',
    params: bySession,
    answer: { status: 200, schema: sessionViewSchema, description: 'The session.' },
    problems: ['not-found'],
  }),
  forgetSession: operation({
    method: 'DELETE',
    path: '/sessions/{id}',
    scope: 'submit',
    summary: 'Forget a session',
    description:
      'Deletes the conversation of a session. Tasks that wait in the session still run, without the earlier turns.',
    params: bySession,
    answer: { status: 204, schema: null, description: 'The conversation was deleted.' },
    problems: ['not-found'],
  }),
} as const;
