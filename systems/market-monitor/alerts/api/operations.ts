import { z } from 'zod';
import { operation } from '#core/api/http/operation.ts';
import { portfolioIdSchema } from '../../portfolios/portfolio.ts';
import {
  acknowledgeBodySchema,
  alertsQuerySchema,
  alertViewSchema,
  silenceBodySchema,
  silencesQuerySchema,
  silenceViewSchema,
} from './messages.ts';

const id = portfolioIdSchema.describe('The id of the portfolio.');
const silence = z
  .string()
  .regex(/^[0-9a-f-]{1,36}$/, 'must be the id of a silence, such as 1f3a9b2c')
  .describe('The id of the silence.');

/** Silences of alerts, for keys of the tenant that the market monitor works for. */
export const silenceOperations = {
  listSilences: operation({
    method: 'GET',
    path: '/portfolios/{id}/silences',
    scope: 'read',
    summary: 'List silences of a portfolio',
    description: 'Returns what people silenced, why and until when. With `all`, also who ended what.',
    params: z.strictObject({ id }),
    query: silencesQuerySchema,
    answer: {
      status: 200,
      schema: z.object({ silences: z.array(silenceViewSchema) }),
      description: 'Those in effect, the one that ends first before the others, then those that are over.',
    },
    problems: ['not-found'],
  }),
  makeSilence: operation({
    method: 'POST',
    path: '/portfolios/{id}/silences',
    scope: 'operate',
    summary: 'Silence alerts of a portfolio',
    description:
      'Holds alerts about a subject or of a cause back for a while. What it held back is sent when it is over, if nobody has been notified of something louder. A repeated request makes another silence, which changes nothing more.',
    params: z.strictObject({ id }),
    body: silenceBodySchema,
    answer: { status: 200, schema: silenceViewSchema, description: 'The silence.' },
    problems: ['not-found', 'cannot-accept'],
  }),
  endSilence: operation({
    method: 'DELETE',
    path: '/portfolios/{id}/silences/{silence}',
    scope: 'operate',
    summary: 'End a silence',
    description:
      'Ends a silence before its time. What it held back is sent within a minute. The silence is listed with `all` for 60 days, with who ended it. The same request again changes nothing more.',
    params: z.strictObject({ id, silence }),
    answer: { status: 200, schema: silenceViewSchema, description: 'The silence, which is over.' },
    problems: ['not-found'],
  }),
} as const;

/** Alerts, for keys of the tenant that the market monitor works for. */
export const alertOperations = {
  listAlerts: operation({
    method: 'GET',
    path: '/portfolios/{id}/alerts',
    scope: 'read',
    summary: 'List alerts of a portfolio',
    description:
      'Returns open alerts with their notifications and analyses. With `all`, also those that were resolved.',
    params: z.strictObject({ id }),
    query: alertsQuerySchema,
    answer: {
      status: 200,
      schema: z.object({ alerts: z.array(alertViewSchema) }),
      description: 'Those with the most money at stake first.',
    },
    problems: ['not-found'],
  }),
  acknowledgeAlert: operation({
    method: 'POST',
    path: '/portfolios/{id}/alerts/acknowledge',
    scope: 'operate',
    summary: 'Acknowledge an alert',
    description:
      'Says that somebody takes care of an alert: it is not repeated, and is sent again only if it becomes worse. Recipients that follow its state are told within a minute. Whoever was first stays: `acknowledgedBy` says who. The same request again changes nothing more.',
    params: z.strictObject({ id }),
    body: acknowledgeBodySchema,
    answer: { status: 200, schema: alertViewSchema, description: 'The alert.' },
    problems: ['not-found', 'conflict'],
  }),
} as const;
