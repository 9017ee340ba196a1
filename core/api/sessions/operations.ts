import { z } from 'zod';
import { sessionIdSchema } from '../../sessions/session.ts';
import { sessionViewSchema } from './messages.ts';
import { operation } from '../http/operation.ts';

const bySession = z.object({ id: sessionIdSchema.describe('A session’s id.') });

/** Conversations. */
export const sessionOperations = {
  getSession: operation({
    method: 'GET',
    path: '/sessions/{id}',
    scope: 'read',
    summary: 'What was said in a session, and which tasks wait in it',
    params: bySession,
    answer: { status: 200, schema: sessionViewSchema, description: 'The session.' },
    problems: ['not-found'],
  }),
  forgetSession: operation({
    method: 'DELETE',
    path: '/sessions/{id}',
    scope: 'submit',
    summary: 'Forget what was said in a session',
    description: 'Tasks that wait in it stay, and begin without its conversation.',
    params: bySession,
    answer: { status: 204, schema: null, description: 'It is forgotten.' },
    problems: ['not-found'],
  }),
} as const;
