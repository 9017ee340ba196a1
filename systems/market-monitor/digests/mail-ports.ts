import { dynamodbMailStore } from '#adapters/dynamodb/mail-store.ts';
import { systemClock } from '#adapters/node/clock.ts';
import { sesMailer } from '#adapters/ses/mailer.ts';
import type { MailPorts } from '#core/mail/send-once.ts';

/** What sends mail, or undefined: this fleet sends none. Who got a mail is noted in the system's table. */
export function mailPorts(
  {
    MAIL_FROM: from,
    MAIL_CONFIGURATION_SET: configurationSet,
  }: { readonly MAIL_FROM?: string | undefined; readonly MAIL_CONFIGURATION_SET?: string | undefined },
  table: string,
): (MailPorts & { readonly from: string }) | undefined {
  if (from === undefined) return undefined;
  return {
    from,
    mails: dynamodbMailStore({ table }),
    mailer: sesMailer(configurationSet === undefined ? {} : { configurationSet }),
    clock: systemClock(),
  };
}
