import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import MailComposer from 'nodemailer/lib/mail-composer';
import { z } from 'zod';
import { asServiceError, parseInput, readBody, send } from '../http.ts';
import { writeMailFile } from '../mail-file.ts';
import { ServiceError } from '../service.ts';
import type { Service, ServiceInput, ServiceOutput } from '../service.ts';
import { type Message, addressOf, recipientsOf, sendEmailInput } from './input.ts';
import { EmailStore, type EmailStoreOptions } from './store.ts';

/** 40 MB of message, after base64: https://docs.aws.amazon.com/ses/latest/dg/quotas.html */
const BODY_LIMIT = 40_000_000;
const CODES = { missing: 'BadRequestException', invalid: 'BadRequestException' };

export interface SesOptions extends EmailStoreOptions {
  /** Folder for mails, with one `.eml` file per message. */
  readonly mailDir: string;
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: (() => number) | undefined;
}

interface Ses extends Service {
  /** The identity that covers an address; undefined when there is none. */
  identityOf(address: string): string | undefined;
}

type Actions = Readonly<Record<string, (input: ServiceInput) => Promise<ServiceOutput>>>;

/** The local SES, version 2. SPECIFICATION.md lists what it supports. */
export function createSes({ mailDir, now = Date.now, ...options }: SesOptions): Ses {
  const store = new EmailStore(options);
  const actions: Actions = {
    ...managing(store, now),
    SendEmail: async (input) => {
      const message = parseInput(sendEmailInput, input, CODES);
      const recipients = recipientsOf(message);
      store.checkVerified(addressOf(message.FromEmailAddress), recipients);
      if (message.ConfigurationSetName !== undefined) store.checkConfigurationSet(message.ConfigurationSetName);
      const sentAt = now();
      store.count(recipients.length, sentAt);
      const id = `${randomBytes(8).toString('hex')}-${randomUUID()}-000000`;
      await writeMailFile(mailDir, { id, to: recipients[0] ?? '', sentAt }, await compose(message, id, sentAt));
      return { MessageId: id };
    },
  };
  const invoke: Service['invoke'] = async (action, input) => {
    const run = Object.hasOwn(actions, action) ? actions[action] : undefined;
    if (run !== undefined) return run(input);
    throw new ServiceError('BadRequestException', `The local SES does not support the action ${action}.`);
  };
  return {
    name: 'ses',
    invoke,
    identityOf: (address) => store.identityOf(address),
    close: async () => {},
    handle: async (request, response, caller, authorize) => {
      const headers = { 'content-type': 'application/json' };
      try {
        const { action, input } = requestOf(request, await readBody(request, BODY_LIMIT));
        authorize(action, input);
        send(response, 200, JSON.stringify(await invoke(action, input, caller)), headers);
      } catch (thrown) {
        const { code, message, status } = asServiceError(thrown);
        send(response, status, JSON.stringify({ message }), { ...headers, 'x-amzn-errortype': code });
      }
    },
  };
}

const identity = z.strictObject({ EmailIdentity: z.string().min(1), Tags: z.unknown().optional() });
const configurationSet = z.strictObject({ ConfigurationSetName: z.string().min(1), Tags: z.unknown().optional() });

function managing(store: EmailStore, now: () => number): Actions {
  const nameOf = (input: ServiceInput): string => parseInput(identity, input, CODES).EmailIdentity;
  const described = (name: string) => ({
    IdentityType: name.includes('@') ? 'EMAIL_ADDRESS' : 'DOMAIN',
    VerifiedForSendingStatus: true,
  });
  return {
    CreateEmailIdentity: async (input) => {
      store.addIdentity(nameOf(input));
      return described(nameOf(input));
    },
    GetEmailIdentity: async (input) => {
      const name = nameOf(input);
      if (store.identities.includes(name)) return { ...described(name), VerificationStatus: 'SUCCESS' };
      throw new ServiceError('NotFoundException', `Email identity ${name} does not exist.`, 404);
    },
    ListEmailIdentities: async () => ({
      EmailIdentities: store.identities.map((name) => ({
        IdentityName: name,
        IdentityType: described(name).IdentityType,
        SendingEnabled: true,
      })),
    }),
    DeleteEmailIdentity: async (input) => {
      store.removeIdentity(nameOf(input));
      return {};
    },
    CreateConfigurationSet: async (input) => {
      store.addConfigurationSet(parseInput(configurationSet, input, CODES).ConfigurationSetName);
      return {};
    },
    GetAccount: async () => ({
      ProductionAccessEnabled: !store.sandbox,
      SendingEnabled: true,
      EnforcementStatus: 'HEALTHY',
      SendQuota: { ...store.quota, SentLast24Hours: store.sentIn24Hours(now()) },
    }),
  };
}

/** The message as it arrives. SES removes Bcc; the file keeps who got it in a header of its own. */
async function compose(message: Message, id: string, sentAt: number): Promise<Buffer> {
  const { Subject, Body, Headers, Attachments } = message.Content.Simple;
  const { ToAddresses, CcAddresses, BccAddresses } = message.Destination;
  const headers = Headers.map(({ Name, Value }) => ({ key: Name, value: Value }));
  const bcc = BccAddresses.length === 0 ? [] : [{ key: 'X-Local-Bcc', value: BccAddresses.join(', ') }];
  const mail = new MailComposer({
    from: message.FromEmailAddress,
    to: ToAddresses,
    cc: CcAddresses,
    replyTo: message.ReplyToAddresses,
    subject: Subject.Data,
    text: Body.Text?.Data,
    html: Body.Html?.Data,
    headers: [...headers, ...bcc],
    date: new Date(sentAt),
    messageId: `<${id}@email.amazonses.com>`,
    attachments: Attachments.map((each) => ({
      filename: each.FileName,
      content: Buffer.from(each.RawContent),
      contentType: each.ContentType,
      contentDisposition: each.ContentDisposition === 'INLINE' ? 'inline' : 'attachment',
      cid: each.ContentId,
    })),
  });
  return mail.compile().build();
}

/** https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_Operations.html */
function requestOf(request: IncomingMessage, body: Buffer): { readonly action: string; readonly input: ServiceInput } {
  const { pathname } = new URL(request.url ?? '/', 'http://ses');
  const route = `${request.method} ${pathname}`;
  const [, name = ''] = /^\/v2\/email\/identities\/([^/]+)$/.exec(pathname) ?? [];
  const EmailIdentity = decodeURIComponent(name);
  if (route === 'POST /v2/email/outbound-emails') return { action: 'SendEmail', input: json(body) };
  if (route === 'GET /v2/email/account') return { action: 'GetAccount', input: {} };
  if (route === 'POST /v2/email/configuration-sets') return { action: 'CreateConfigurationSet', input: json(body) };
  if (route === 'GET /v2/email/identities') return { action: 'ListEmailIdentities', input: {} };
  if (route === 'POST /v2/email/identities') return { action: 'CreateEmailIdentity', input: json(body) };
  if (name !== '' && request.method === 'GET') return { action: 'GetEmailIdentity', input: { EmailIdentity } };
  if (name !== '' && request.method === 'DELETE') return { action: 'DeleteEmailIdentity', input: { EmailIdentity } };
  throw new ServiceError('BadRequestException', `The local SES does not support ${route} (see its SPECIFICATION.md).`);
}

function json(body: Buffer): ServiceInput {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(body.toString('utf8')));
  } catch {
    throw new ServiceError('BadRequestException', 'The request body must be a JSON object.');
  }
}
