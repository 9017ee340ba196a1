import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { dynamodbMailStore } from '#adapters/dynamodb/mail-store.ts';
import { systemClock } from '#adapters/node/clock.ts';
import { sesMailer } from '#adapters/ses/mailer.ts';
import { snsMailer } from '#adapters/sns/mailer.ts';
import type { Mailer } from '#core/ports/mailer.ts';
import { logger, metrics } from '#runtime/index.ts';
import { asksForMail, awaitsRescue } from './asks-for-mail.ts';
import type { MailEnv } from './env.ts';
import type { Delivery } from '../night/deliver.ts';
import type { Channel } from './letters.ts';
import { NOT_MAILED } from './metric.ts';
import { sendBrief } from './send-brief.ts';

/** A brief, and what its run was started with. */
interface ToMail extends Delivery {
  readonly input: unknown;
}

/** What is left of the function's time when the last mail is tried: more than the 15 seconds that its answer may take. */
const RESERVE_MS = 30_000;

/**
 * Mails a brief by Amazon SES or SNS, as the environment says, if its run asks for it, and not if the night has failed and
 * is started once more. Logs numbers and the kind of a problem: no address and nothing else of the brief.
 * @param table where it is written who got the brief of a run
 * @param timeLeftMs until the function is stopped
 */
export async function mailBrief(env: MailEnv, table: string, brief: ToMail, timeLeftMs: () => number): Promise<void> {
  const way = wayOf(env, brief.input);
  if (way === null) return;
  if (awaitsRescue(brief.brief, brief.input)) {
    logger.info('brief.withheld', { runId: brief.runId, problem: brief.brief.problem?.error });
    return;
  }
  const ports = {
    mails: dynamodbMailStore({ table }),
    mailer: way.mailer,
    clock: systemClock(),
    hasTime: () => timeLeftMs() > RESERVE_MS,
    pause: (ms: number) =>
      new Promise<void>((resolve) => {
        setTimeout(resolve, Math.max(0, Math.min(ms, timeLeftMs() - RESERVE_MS)));
      }),
  };
  const report = await sendBrief(ports, brief, way.channel).catch((error: unknown) => {
    // Somebody must know, also if the next try is the last one.
    metrics.addMetric(NOT_MAILED, MetricUnit.Count, 1);
    throw error;
  });
  const missing = report.recipients - report.sent;
  logger[missing === 0 ? 'info' : 'warn']('brief.mailed', { runId: brief.runId, ...report });
  metrics.addMetric(NOT_MAILED, MetricUnit.Count, missing);
}

/** Null if nobody gets a mail. */
export function wayOf(env: MailEnv, input: unknown): { readonly channel: Channel; readonly mailer: Mailer } | null {
  if (env.ALLOW_STAND_IN === undefined && !asksForMail(input)) return null;
  const { MAIL_FROM: from, MAIL_TO: to, MAIL_CONFIGURATION_SET: configurationSet, MAIL_TOPIC_ARN: topicArn } = env;
  if (topicArn !== undefined) return { channel: { kind: 'sns' }, mailer: snsMailer({ topicArn }) };
  if (from === undefined || to === undefined) return null;
  const mailer = sesMailer(configurationSet === undefined ? {} : { configurationSet });
  return { channel: { kind: 'ses', from, to }, mailer };
}
