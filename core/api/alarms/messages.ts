import { z } from 'zod';

const time = z.iso.datetime();
const seconds = z.number().describe('In seconds.');

export const alarmStateSchema = z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA']);

const metricSchema = z.object({
  namespace: z.string(),
  name: z.string(),
  dimensions: z.record(z.string(), z.string()),
  statistic: z.string().describe('Such as `Sum` or `p99`.'),
});

const ruleSchema = z.object({
  metrics: z.array(metricSchema).describe('The metrics that it watches.'),
  expression: z.string().optional().describe('Metric math over them, if it does not watch a single one.'),
  period: seconds,
  threshold: z.number(),
  comparison: z.string().describe('As in CloudWatch, such as `GreaterThanOrEqualToThreshold`.'),
  evaluationPeriods: z.number().int().describe('How many periods are evaluated.'),
  datapointsToAlarm: z.number().int().describe('How many of them must breach the threshold.'),
  missing: z.string().describe('What a period without data counts as, as in CloudWatch.'),
});

export const alarmViewSchema = z.object({
  name: z.string(),
  state: alarmStateSchema,
  since: time.describe('When it got this state.'),
  reason: z.string().describe('Why it has this state, in the words of CloudWatch.'),
  says: z.string().describe('What it means and where to look.'),
  severity: z.int().min(1).max(3).optional().describe('1: act at once. 2: act today. 3: a ticket.'),
  owner: z.string().optional().describe('The system whose owners act.'),
  runbook: z
    .string()
    .optional()
    .describe('The section that says what to do, such as `docs/runbook.md#queue-age`, or its URL.'),
  agent: z.string().optional().describe('The agent whose pool it watches, if it watches one.'),
  rule: ruleSchema.optional().describe('Absent for a composite alarm.'),
  composite: z.string().optional().describe('The rule of a composite alarm, over the states of others.'),
});
export type AlarmView = z.infer<typeof alarmViewSchema>;

export const alarmListSchema = z.object({
  alarms: z.array(alarmViewSchema).describe('Those that ring come first, the most severe of them first.'),
  asOf: time.describe('When they were read. CloudWatch evaluates most alarms once a minute.'),
});

export const pointSchema = z
  .tuple([z.number(), z.number()])
  .describe('The beginning of a period in milliseconds since the epoch, and its value.');

const seriesSchema = z
  .array(pointSchema)
  .describe('What it compares with its threshold, oldest first. Empty for a composite alarm.');

export const alarmDetailSchema = alarmViewSchema.extend({
  series: seriesSchema,
  parts: z
    .array(alarmViewSchema.extend({ series: seriesSchema }))
    .optional()
    .describe('Of a composite alarm: the alarms that its rule names, with their series, at most 20.'),
  changes: z
    .array(z.object({ at: time, summary: z.string() }))
    .describe('The last changes of its state, newest first.'),
  asOf: time,
});
export type AlarmDetail = z.infer<typeof alarmDetailSchema>;

export const taskAlarmsSchema = z.object({
  alarms: z
    .array(
      alarmViewSchema.extend({
        rang: z
          .array(
            z.object({
              from: time.describe('When it began to ring; the beginning of the time if it rang before.'),
              until: time.optional().describe('When it stopped. Absent if it rings still.'),
            }),
          )
          .min(1),
      }),
    )
    .describe('Those that rang, the most severe first, then the earliest.'),
  from: time.describe('When the task was accepted.'),
  to: time.describe('When the task ended, or now.'),
  asOf: time.describe('When they were read. CloudWatch evaluates most alarms once a minute.'),
});
export type TaskAlarms = z.infer<typeof taskAlarmsSchema>;
