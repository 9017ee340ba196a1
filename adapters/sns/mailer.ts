import { InvalidParameterException, PublishCommand, SNSClient, SNSServiceException } from '@aws-sdk/client-sns';
import type { Mailer, MailResult } from '#core/ports/mailer.ts';
import { once } from '../aws/once.ts';
import { timeouts } from '../aws/timeouts.ts';

/** The process's SNS client. It never repeats a request by itself: a standard topic would deliver both. */
const sns = once(() => new SNSClient({ maxAttempts: 1, requestHandler: timeouts({ requestTimeout: 15_000 }) }));

export interface SnsMailerOptions {
  readonly topicArn: string;
  /** @default the process's shared client, which does not retry */
  readonly client?: SNSClient;
}

/** The longest subject that SNS takes. It may have printable ASCII characters only. */
const MAX_SUBJECT = 100;

/**
 * Sends mail to the subscribers of a topic: for environments without a sender that Amazon SES has verified. They get the
 * subject and the text. The letter's recipient only names the mail, and HTML and attachments are left out.
 */
export function snsMailer({ topicArn, client = sns() }: SnsMailerOptions): Mailer {
  return {
    async send({ subject, text }) {
      const Subject = subject.replaceAll(/[^\u0020-\u007E]+/g, '?').slice(0, MAX_SUBJECT);
      try {
        const { MessageId = '' } = await client.send(
          new PublishCommand({ TopicArn: topicArn, Subject, Message: text }),
        );
        return { kind: 'accepted', messageId: MessageId };
      } catch (error) {
        return failed(error);
      }
    },
  };
}

/** Connections that were never made: nothing was sent. */
const NEVER_SENT = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH)$/;

/** https://docs.aws.amazon.com/sns/latest/api/API_Publish.html#API_Publish_Errors */
function failed(error: unknown): MailResult {
  if (!(error instanceof SNSServiceException)) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'no answer';
    const reason = `Amazon SNS could not be reached (${code}).`;
    return { kind: NEVER_SENT.test(code) ? 'not-sent' : 'unknown', reason };
  }
  const reason = `Amazon SNS answered ${error.name}: ${error.message}`;
  if ((error.$metadata.httpStatusCode ?? 500) >= 500) return { kind: 'unknown', reason };
  return { kind: error instanceof InvalidParameterException ? 'rejected' : 'not-sent', reason };
}
