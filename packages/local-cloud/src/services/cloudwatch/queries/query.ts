import { z } from 'zod';

/** Dimensions as the API and templates write them, by name. */
export const dimensionsSchema = z
  .array(z.strictObject({ Name: z.string(), Value: z.string() }))
  .max(30)
  .default([])
  .transform((list) => Object.fromEntries(list.map(({ Name, Value }) => [Name, Value])));

/** Seconds: one minute or several. Below, values have no resolution here. */
export const periodSchema = z.coerce
  .number()
  .refine((seconds) => seconds > 0 && seconds % 60 === 0, 'it must be a multiple of 60 seconds');

const truth = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]);

/** `MetricDataQuery` of the API and of templates. */
export const metricDataQuerySchema = z.strictObject({
  Id: z.string().regex(/^[a-z]\w*$/, 'it must begin with a lower case letter'),
  Expression: z.string().optional(),
  Label: z.string().optional(),
  MetricStat: z
    .strictObject({
      Metric: z.strictObject({ Namespace: z.string(), MetricName: z.string(), Dimensions: dimensionsSchema }),
      Period: periodSchema,
      Stat: z.string(),
    })
    .optional(),
  Period: periodSchema.optional(),
  ReturnData: truth.default(true),
  /** The account of the stack: there is only one here. */
  AccountId: z.string().optional(),
});

export type MetricDataQuery = z.output<typeof metricDataQuerySchema>;
