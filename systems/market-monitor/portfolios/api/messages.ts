import { z } from 'zod';
import { ruleSchemaOf } from '../../rules/rule.ts';
import { portfolioIdSchema, portfolioSchema } from '../portfolio.ts';

const version = z.number().int().positive().describe('Counts from 1.');
const changes = z.array(z.string()).describe('What the version changed, one line each.');

/** A version of a portfolio, without its content. */
export const versionViewSchema = z.object({
  version,
  savedAt: z.iso.datetime(),
  by: z.string().describe('Who saved it: `key` and the id of a key, or the name of a person.'),
  changes,
});

export const portfolioSummarySchema = z.object({
  id: portfolioIdSchema,
  name: z.string(),
  version,
  savedAt: z.iso.datetime(),
  by: z.string(),
  holdings: z.number().int(),
  watched: z.number().int(),
  ownRules: z.number().int(),
});

const looseObject = <Shape extends z.ZodRawShape>(shape: Shape) => z.object(shape);

export const portfolioViewSchema = z.object({
  ...versionViewSchema.shape,
  portfolio: portfolioSchema({ object: looseObject, privateAddresses: true }),
  rules: z.array(ruleSchemaOf(looseObject)).describe('Those in effect: its own, and the default ones that it keeps.'),
});

export const versionsQuerySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(20).describe('Number of versions, the newest first.'),
});

export const putQuerySchema = z.strictObject({
  version: z.coerce
    .number()
    .int()
    .min(0)
    .describe('The version that you have read and changed. 0 creates the portfolio.'),
  dryRun: z.enum(['true', 'false']).default('false').describe('Whether to only check it and say what would change.'),
});

export const putAnswerSchema = z.object({
  id: portfolioIdSchema,
  saved: z.boolean().describe('False for a dry run, and if nothing changes.'),
  version: z.number().int().describe('The version that is in effect. 0: none.'),
  changes,
});
