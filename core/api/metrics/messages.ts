import { z } from 'zod';
import { pointSchema } from '../alarms/messages.ts';
import { agentName } from '../tasks/messages.ts';

const time = z.iso.datetime({ offset: true }).optional();

/** `TaskWait`, or with a statistic `TaskWait:p99`. */
const METRIC = /^[A-Za-z]\w{0,99}(?::(?:Sum|Average|Minimum|Maximum|SampleCount|p\d{1,2}(?:\.\d{1,2})?))?$/;
const MAX_NAMES = 20;

export const metricsQuerySchema = z.strictObject({
  names: z
    .string()
    .max(2_000)
    .describe(
      'The metrics, with commas between them, each with its statistic: `TasksSucceeded:Sum,TaskTime:p99`. Without one, `Sum`.',
    )
    .transform((text) => text.split(','))
    .pipe(
      z
        .array(z.string().regex(METRIC, 'must be like TaskTime:p99'))
        .min(1)
        .max(MAX_NAMES, `name at most ${MAX_NAMES} metrics`),
    ),
  agent: agentName.optional().describe('The agent whose pool is measured. Without it, all agents together.'),
  from: time.describe('Defaults to three hours ago. At most 15 days ago.'),
  to: time.describe('Defaults to now.'),
  step: z.coerce
    .number()
    .int()
    .min(60)
    .max(86_400)
    .multipleOf(60)
    .optional()
    .describe(
      'Seconds of a period, a multiple of 60. Defaults to a period with which a series has at most 180 values.',
    ),
});
export type MetricsQuery = z.infer<typeof metricsQuerySchema>;

export const metricSeriesSchema = z.object({
  name: z.string().describe('As in the request.'),
  agent: z.string().optional(),
  points: z.array(pointSchema).describe('Oldest first. Periods without data are left out.'),
});

export const metricsAnswerSchema = z.object({
  series: z.array(metricSeriesSchema).describe('In the order of the request.'),
  step: z.number().int().describe('Seconds of a period.'),
  asOf: z.iso.datetime().describe('When they were read. Values of the last two minutes may still be missing.'),
});
export type MetricsAnswer = z.infer<typeof metricsAnswerSchema>;
