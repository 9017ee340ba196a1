import type { Company } from './companies.ts';
import type { EventKind } from './kinds.ts';

/** What makes up an event, besides its texts. Amounts in US dollars. */
export interface EventFacts {
  readonly product?: string;
  readonly noun?: string;
  readonly unit?: string;
  readonly price?: number;
  readonly oldPrice?: number;
  /** Positive, also for a cut or a fall. */
  readonly percent?: number;
  readonly moved?: 'up' | 'down';
  readonly amount?: number;
  readonly people?: number;
  /** Percent of the workforce or of the customers. */
  readonly share?: number;
  readonly hours?: number;
  readonly years?: number;
  readonly city?: string;
  readonly team?: string;
  readonly person?: string;
  readonly predecessor?: string;
  readonly role?: string;
  readonly partner?: string;
  readonly investor?: string;
  readonly purpose?: string;
  readonly plaintiff?: string;
  readonly court?: string;
  readonly claim?: string;
  readonly quarter?: string;
  readonly revenue?: number;
  readonly eps?: number;
  readonly newName?: string;
}

/** Something that happened to a company, before anybody tells it. */
export interface Happening {
  /** Unique, the same for the same seed. */
  readonly id: string;
  readonly company: Company;
  readonly kind: EventKind;
  /** The night that can first find it. 0: the history. */
  readonly night: number;
  /** When it happened; its stories follow within the day. */
  readonly at: Date;
  /** 1 (small) to 5 (large), from the numbers of the event: see SPECIFICATION.md. */
  readonly magnitude: number;
  readonly facts: EventFacts;
  /** Companies that the stories name as hit. */
  readonly rivals: readonly Company[];
  /** The product of each rival that the stories name, in the order of `rivals`. */
  readonly rivalProducts: readonly string[];
  /** The name of the company at the time. */
  readonly name: string;
  readonly shortName: string;
}
