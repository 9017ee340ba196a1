import type { AnalystInput } from '../agents/analyst-input.ts';
import type { StrategistInput } from '../agents/strategist-input.ts';
import type { ReportedClaim } from '../claims/claim.ts';
import type { Company } from '../companies/company.ts';
import type { CompanyMemory, NightRow } from '../memory/memory.ts';
import type { ReportedMove } from '../strategy/move.ts';

/** A document that a scout has, as of tonight. */
export interface CollectedDocument {
  /** Its id within the company, such as `s10`. */
  readonly id: string;
  readonly url: string;
  readonly title: string;
  readonly published?: string | undefined;
  readonly fetched: string;
  readonly text: string;
  readonly kind: string;
  /** Whether its text differs from the last night's. */
  readonly changed: boolean;
}

export interface FetchFailed {
  readonly url: string;
  readonly reason: string;
}

/** What a scout found of a company. */
export interface Collected {
  readonly documents: readonly CollectedDocument[];
  readonly failures: readonly FetchFailed[];
}

/** What an agent answered, or why nobody knows. Throttled, too late and not paid for are never "nothing found". */
export type Answered<Output> =
  | { readonly state: 'answered'; readonly output: Output; readonly usd: number; readonly warnings: readonly string[] }
  | { readonly state: 'unchecked'; readonly reason: string; readonly usd: number };

export interface NightPorts {
  /** Milliseconds since the epoch, by the clock of the night. */
  now(): number;
  /** In hex. */
  digest(text: string): string;
  collect(company: Company, night: string, signal: AbortSignal): Promise<Collected>;
  analyse(input: AnalystInput, signal: AbortSignal): Promise<Answered<readonly ReportedClaim[]>>;
  judge(input: StrategistInput, signal: AbortSignal): Promise<Answered<readonly ReportedMove[]>>;
  recall(company: string, night: string): Promise<CompanyMemory | null>;
  /** Keeps what a night learned. The same when it is called again. */
  remember(memory: CompanyMemory, row: NightRow): Promise<void>;
}
