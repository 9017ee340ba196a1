/** A mail to one recipient. */
export interface Letter {
  /** Names the mail among all of the fleet: what it reports, such as `research#run-1`. With the recipient it is sent once. */
  readonly about: string;
  /** The run that it reports, for the header `X-Fleet-Run`. */
  readonly runId?: string;
  /** An address, as `Brief <brief@example.com>` or alone. */
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html?: string;
  readonly attachments?: readonly Attachment[];
}

export interface Attachment {
  readonly name: string;
  /** Media type, such as `application/json`. */
  readonly type: string;
  readonly content: Uint8Array;
}

export type MailResult =
  | { readonly kind: 'accepted'; readonly messageId: string }
  /** Surely not sent: too many at once, a sender that is not verified yet, or no connection. It may be tried again. */
  | { readonly kind: 'not-sent'; readonly reason: string }
  /** Surely not sent, and never will be, such as to a recipient that is none. */
  | { readonly kind: 'rejected'; readonly reason: string }
  /** Maybe sent: the answer was lost. */
  | { readonly kind: 'unknown'; readonly reason: string };

/** Sends mail. The service has no idempotency key: a mail that is sent twice arrives twice. */
export interface Mailer {
  /** One attempt, which never throws. */
  send(letter: Letter): Promise<MailResult>;
}
