import { z } from 'zod';
import { operation } from '#core/api/http/operation.ts';
import { alertOperations, silenceOperations } from '../../alerts/api/operations.ts';
import { setAsideOperations } from '../../set-aside/operations.ts';
import { portfolioFileSchema, portfolioIdSchema } from '../portfolio.ts';
import {
  portfolioSummarySchema,
  portfolioViewSchema,
  putAnswerSchema,
  putQuerySchema,
  versionsQuerySchema,
  versionViewSchema,
} from './messages.ts';

const byId = z.strictObject({ id: portfolioIdSchema.describe('The id of the portfolio.') });

/** Portfolios, their rules, silences and alerts, and what was set aside, for keys of the tenant that the market monitor works for. */
export const portfolioOperations = (rules: { readonly privateAddresses: boolean }) =>
  ({
    listPortfolios: operation({
      method: 'GET',
      path: '/portfolios',
      scope: 'read',
      summary: 'List portfolios',
      answer: {
        status: 200,
        schema: z.object({ portfolios: z.array(portfolioSummarySchema) }),
        description: 'The newest version of each.',
      },
    }),
    getPortfolio: operation({
      method: 'GET',
      path: '/portfolios/{id}',
      scope: 'read',
      summary: 'Get a portfolio',
      description: 'Returns the newest version of a portfolio, with the rules in effect.',
      params: byId,
      answer: { status: 200, schema: portfolioViewSchema, description: 'The portfolio.' },
      problems: ['not-found'],
    }),
    listPortfolioVersions: operation({
      method: 'GET',
      path: '/portfolios/{id}/versions',
      scope: 'read',
      summary: 'List versions of a portfolio',
      description: 'Returns who changed a portfolio, when, and what.',
      params: byId,
      query: versionsQuerySchema,
      answer: {
        status: 200,
        schema: z.object({ versions: z.array(versionViewSchema) }),
        description: 'The versions, the newest first.',
      },
      problems: ['not-found'],
    }),
    putPortfolio: operation({
      method: 'PUT',
      path: '/portfolios/{id}',
      scope: 'operate',
      summary: 'Save a portfolio',
      description:
        'Saves the next version of a portfolio with its rules, in effect within five seconds. If somebody else has saved one since `version`, nothing is saved. The same request again changes nothing more.',
      params: byId,
      query: putQuerySchema,
      body: portfolioFileSchema(rules),
      answer: { status: 200, schema: putAnswerSchema, description: 'What was saved.' },
      problems: ['conflict', 'cannot-accept'],
    }),
    ...silenceOperations,
    ...alertOperations,
    ...setAsideOperations,
  }) as const;
