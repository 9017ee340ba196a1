import { z } from 'zod';
import { DEFAULT_RULES } from '../rules/defaults.ts';
import { ruleSchemaOf, type MakeObject } from '../rules/rule.ts';
import { recipientSchema } from './recipient.ts';

/** The effects of one event must fit in the outbox of its subject, and an event of the whole market concerns all portfolios. */
export const MAX_PORTFOLIOS = 25;
const MAX_HOLDINGS = 2_000;
const MAX_RULES = 50;
const MAX_RECIPIENTS = 20;
const MAX_SHARES = 1e12;

export const portfolioIdSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'must be 1 to 40 lower-case letters, digits and dashes, such as growth-fund');

const tickerSchema = z
  .string()
  .regex(/^[A-Z0-9][A-Z0-9.-]{0,11}$/, 'must be 1 to 12 capital letters, digits, dots and dashes, such as BRK.B');
const cikSchema = z
  .string()
  .regex(/^\d{10}$/, 'must be the 10 digits of the SEC, with leading zeros, such as 0000320193');

interface Kind {
  readonly object: MakeObject;
  /** Only on this machine: webhooks may go to private addresses. */
  readonly privateAddresses: boolean;
}

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day such as 22:00');
const zone = z.string().refine(isZone, 'must be a time zone of the IANA database, such as Europe/Vienna');
const usd = z.number().positive().max(1e15);
const instrument = { ticker: tickerSchema, cik: cikSchema };

/** The fields of a portfolio. */
export function portfolioSchema({ object, privateAddresses }: Kind) {
  return object({
    id: portfolioIdSchema,
    name: z.string().min(1).max(100),
    currency: z.literal('USD'),
    /** The day of which the quantities are. Splits after it change them. */
    asOf: z.iso.date().optional(),
    holdings: z
      .array(
        object({
          ...instrument,
          /** Shares. Below 0: sold short. */
          quantity: z.number().min(-MAX_SHARES).max(MAX_SHARES),
        }),
      )
      .max(MAX_HOLDINGS),
    watch: z.array(object(instrument)).max(MAX_HOLDINGS).default([]),
    limits: object({
      /** Loss of one position since the previous close, beyond which people are alerted at once. */
      maxPositionLossUsd: usd.optional(),
    }).default({}),
    /** When warnings wait for the digest. Urgent alerts do not. */
    quietHours: object({ zone, from: timeOfDay, to: timeOfDay }).optional(),
    /** Hours after which an urgent alert that nobody acknowledged is sent again. Default: never. */
    repeatAfterHours: z.number().int().min(1).max(24).optional(),
    recipients: z.array(recipientSchema({ object, privateAddresses })).max(MAX_RECIPIENTS).default([]),
    /** Rules of its own. One with the id of a default rule replaces it. */
    rules: z.array(ruleSchemaOf(object)).max(MAX_RULES).default([]),
    /** Default rules that are off. */
    disabledRules: z.array(z.string()).max(MAX_RULES).default([]),
  });
}

/** A portfolio as people write it: a JSON file. An unknown field is an error, since it is a misspelt one. */
export const portfolioFileSchema = ({ privateAddresses }: Pick<Kind, 'privateAddresses'>) =>
  portfolioSchema({ object: z.strictObject, privateAddresses }).check(({ value, issues }) => {
    for (const { path, message } of [...duplicates(value), ...unknownRules(value), ...foreignSecrets(value)]) {
      issues.push({ code: 'custom', input: value, path, message });
    }
  });

export type PortfolioFile = z.infer<ReturnType<typeof portfolioFileSchema>>;
export type Holding = PortfolioFile['holdings'][number];

/** Only secrets below `market/` are read for a recipient (alerts/recipient-secret.ts). */
function foreignSecrets({ recipients }: Pick<PortfolioFile, 'recipients'>): Problem[] {
  const fields = ['routingKeySecret', 'urlSecret', 'signingSecret'] as const;
  return recipients.flatMap((recipient, at) =>
    fields.flatMap((field) => {
      const name = field in recipient ? String(recipient[field as keyof typeof recipient]) : undefined;
      if (name === undefined || /^market\/[\w+=.@-]+$/.test(name)) return [];
      return [
        { path: ['recipients', at, field], message: `must begin with market/, such as market/${recipient.name}` },
      ];
    }),
  );
}

/** The subject of a company's events. */
export const subjectOf = (cik: string): string => `cik:${cik}`;

function isZone(text: string): boolean {
  try {
    Intl.DateTimeFormat('en', { timeZone: text });
    return true;
  } catch {
    return false;
  }
}

interface Problem {
  readonly path: (string | number)[];
  readonly message: string;
}

/** A disabled rule that does not exist is a misspelt one. */
function unknownRules({ disabledRules }: Pick<PortfolioFile, 'disabledRules'>): Problem[] {
  const known = new Set(DEFAULT_RULES.map(({ id }) => id));
  return disabledRules.flatMap((id, index) =>
    known.has(id)
      ? []
      : [{ path: ['disabledRules', index], message: `is no default rule: ${id}. See fleet rules list --defaults.` }],
  );
}

function duplicates({ holdings, watch, rules, recipients }: Lists): Problem[] {
  return [
    ...repeated(holdings, 'holdings', 'cik', ({ cik }) => cik),
    ...repeated(watch, 'watch', 'cik', ({ cik }) => cik),
    ...repeated(rules, 'rules', 'id', ({ id }) => id),
    ...repeated(recipients, 'recipients', 'name', ({ name }) => name),
  ];
}

type Lists = Pick<PortfolioFile, 'holdings' | 'watch' | 'rules' | 'recipients'>;

function repeated<Item>(items: readonly Item[], list: string, field: string, key: (item: Item) => string): Problem[] {
  const seen = new Set<string>();
  return items.flatMap((item, index) => {
    if (!seen.has(key(item))) {
      seen.add(key(item));
      return [];
    }
    return [{ path: [list, index, field], message: `is there twice: ${key(item)}. Remove one.` }];
  });
}
