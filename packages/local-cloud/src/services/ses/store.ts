import { join } from 'node:path';
import { z } from 'zod';
import { JsonFile } from '../json-file.ts';
import { ServiceError } from '../service.ts';

/** In the sandbox as AWS documents it; else what accounts often have: https://docs.aws.amazon.com/ses/latest/dg/quotas.html */
const QUOTAS = {
  sandbox: { Max24HourSend: 200, MaxSendRate: 1 },
  production: { Max24HourSend: 50_000, MaxSendRate: 14 },
};
const DAY_MS = 86_400_000;
const SIMULATOR = '@simulator.amazonses.com';

const State = z.object({
  identities: z.array(z.string()),
  configurationSets: z.array(z.string()),
  /** What was sent in the last 24 hours. Each recipient counts. */
  sent: z.array(z.object({ at: z.number(), recipients: z.number() })),
});

export interface EmailStoreOptions {
  /** Folder of `ses.json`. Without it, all is in memory. */
  readonly dataDir?: string | undefined;
  readonly region: string;
  /** Whether the account is in the sandbox: verified recipients only, with small quotas. @default false */
  readonly sandbox?: boolean | undefined;
}

/** Identities, configuration sets and quotas, saved on each change. */
export class EmailStore {
  readonly sandbox: boolean;
  readonly #file: JsonFile<typeof State>;
  readonly #region: string;
  #state: z.output<typeof State>;

  constructor({ dataDir, region, sandbox = false }: EmailStoreOptions) {
    this.sandbox = sandbox;
    this.#region = region;
    this.#file = new JsonFile(dataDir === undefined ? undefined : join(dataDir, 'ses.json'), State);
    this.#state = this.#file.load() ?? { identities: [], configurationSets: [], sent: [] };
  }

  get identities(): readonly string[] {
    return this.#state.identities;
  }

  get quota(): { readonly Max24HourSend: number; readonly MaxSendRate: number } {
    return this.sandbox ? QUOTAS.sandbox : QUOTAS.production;
  }

  addIdentity(name: string): void {
    if (!this.identities.includes(name)) this.#save({ identities: [...this.identities, name] });
  }

  removeIdentity(name: string): void {
    this.#save({ identities: this.identities.filter((each) => each !== name) });
  }

  addConfigurationSet(name: string): void {
    const { configurationSets } = this.#state;
    if (!configurationSets.includes(name)) this.#save({ configurationSets: [...configurationSets, name] });
  }

  /** The identity that covers an address: the address itself, else its domain or the nearest one above. */
  identityOf(address: string): string | undefined {
    const domain = address.slice(address.lastIndexOf('@') + 1).toLowerCase();
    const labels = domain.split('.');
    const domains = labels.map((_label, index) => labels.slice(index).join('.'));
    return [address, ...domains].find((name) => this.identities.includes(name));
  }

  /** Throws `MessageRejected` with the words of SES. */
  checkVerified(from: string, recipients: readonly string[]): void {
    const checked = this.sandbox ? [from, ...recipients.filter((address) => !address.endsWith(SIMULATOR))] : [from];
    const unknown = checked.filter((address) => this.identityOf(address) === undefined);
    if (unknown.length === 0) return;
    const region = this.#region.toUpperCase();
    const message = `Email address is not verified. The following identities failed the check in region ${region}: ${unknown.join(', ')}`;
    throw new ServiceError('MessageRejected', message);
  }

  checkConfigurationSet(name: string): void {
    if (this.#state.configurationSets.includes(name)) return;
    throw new ServiceError('NotFoundException', `Configuration set <${name}> does not exist.`, 404);
  }

  /**
   * Counts a message against the quotas. One that meets any of them left goes through with all its recipients, as on AWS
   * (https://github.com/django-ses/django-ses/issues/59 quotes SES's blog). Throws `TooManyRequestsException`.
   */
  count(recipients: number, now: number): void {
    const sent = this.#state.sent.filter(({ at }) => at > now - DAY_MS);
    if (sumSince(sent, now - 1_000 * Math.max(1, lastOf(sent) / this.quota.MaxSendRate)) >= this.quota.MaxSendRate)
      throw new ServiceError('TooManyRequestsException', 'Maximum sending rate exceeded.', 429);
    if (sumSince(sent, 0) >= this.quota.Max24HourSend)
      throw new ServiceError('TooManyRequestsException', 'Daily message quota exceeded.', 429);
    this.#save({ sent: [...sent, { at: now, recipients }] });
  }

  sentIn24Hours(now: number): number {
    return sumSince(this.#state.sent, now - DAY_MS);
  }

  #save(change: Partial<z.output<typeof State>>): void {
    this.#state = { ...this.#state, ...change };
    this.#file.save(this.#state);
  }
}

type Sent = z.output<typeof State>['sent'];

const sumSince = (sent: Sent, since: number): number =>
  sent.filter(({ at }) => at > since).reduce((sum, { recipients }) => sum + recipients, 0);

/** Recipients of the last message: it may have gone over the rate, and the next ones wait for it. */
const lastOf = (sent: Sent): number => sent.at(-1)?.recipients ?? 0;
