import { BadRequestException, SendEmailCommand, SESv2Client, SESv2ServiceException } from '@aws-sdk/client-sesv2';
import type { Letter, MailResult, Mailer } from '#core/ports/mailer.ts';
import { once } from '../aws/once.ts';
import { timeouts } from '../aws/timeouts.ts';

/** The process's SES client. It never repeats a request by itself, since SES has no idempotency token. */
const ses = once(() => new SESv2Client({ maxAttempts: 1, requestHandler: timeouts({ requestTimeout: 15_000 }) }));

export interface SesMailerOptions {
  /** Publishes bounces and complaints. */
  readonly configurationSet?: string;
  /** @default the process's shared client, which does not retry */
  readonly client?: SESv2Client;
}

/** Sends mail by Amazon SES, version 2 of the API, which builds the MIME message itself. */
export function sesMailer({ configurationSet, client = ses() }: SesMailerOptions = {}): Mailer {
  return {
    async send(letter) {
      try {
        const { MessageId = '' } = await client.send(commandOf(letter, configurationSet));
        return { kind: 'accepted', messageId: MessageId };
      } catch (error) {
        return failed(error);
      }
    },
  };
}

function commandOf(letter: Letter, ConfigurationSetName: string | undefined): SendEmailCommand {
  const { from, to, subject, text, html, attachments = [] } = letter;
  const data = (Data: string) => ({ Data, Charset: 'UTF-8' });
  return new SendEmailCommand({
    FromEmailAddress: from,
    Destination: { ToAddresses: [to] },
    Content: {
      Simple: {
        Subject: data(subject),
        Body: { Text: data(text), ...(html !== undefined && { Html: data(html) }) },
        Headers: headersOf(letter),
        Attachments: attachments.map(({ name, type, content }) => ({
          FileName: name,
          ContentType: type,
          RawContent: content,
        })),
      },
    },
    ...(ConfigurationSetName !== undefined && { ConfigurationSetName }),
  });
}

/** Mail programs show mails with the same reference as one conversation, so a mail that came twice is seen as one. */
function headersOf({ about, from, runId }: Letter): { Name: string; Value: string }[] {
  const domain = /@([^\s<>@]+)>?\s*$/.exec(from)?.[1] ?? 'localhost';
  const name = encodeURIComponent(about).slice(0, 200);
  return [
    { Name: 'X-Fleet-About', Value: name },
    ...(runId === undefined ? [] : [{ Name: 'X-Fleet-Run', Value: encodeURIComponent(runId).slice(0, 200) }]),
    { Name: 'References', Value: `<${name}@${domain}>` },
  ];
}

/** Connections that were never made: nothing was sent. */
const NEVER_SENT = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH)$/;
/**
 * Only a request that is wrong in itself is rejected for good. Others can be remedied: the rate, an identity that is not
 * verified yet, a missing permission. https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html#API_SendEmail_Errors
 */
function failed(error: unknown): MailResult {
  if (!(error instanceof SESv2ServiceException)) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'no answer';
    const reason = `Amazon SES could not be reached (${code}).`;
    return { kind: NEVER_SENT.test(code) ? 'not-sent' : 'unknown', reason };
  }
  const reason = `Amazon SES answered ${error.name}: ${error.message}`;
  if ((error.$metadata.httpStatusCode ?? 500) >= 500) return { kind: 'unknown', reason };
  return { kind: error instanceof BadRequestException ? 'rejected' : 'not-sent', reason };
}
